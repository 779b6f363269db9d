"""Small textured pictures of a plate: a plate per seed, a camera position, and rust-coloured spots."""

import cv2
import numpy as np

SIZE = (480, 360)


def plate(seed: int, *, spots: int = 0, rust: float = 0) -> np.ndarray:
    """Return RGB pixels of plate `seed`; its first `spots` spots are the same ones whatever their number.

    `rust` (0 to 1) is the share of additional rust colour; a higher value covers everything that a lower one covers.
    """
    rng = np.random.default_rng(seed)
    width, height = SIZE
    grain = rng.normal(0, 1, (height, width)).astype(np.float32)
    texture = sum(cv2.GaussianBlur(grain, (0, 0), sigma) * sigma * 14 for sigma in (1.5, 4, 9))
    pixels = np.clip(np.array([120, 132, 140]) + texture[..., None], 0, 255).astype(np.uint8)
    if rust:
        lobes = cv2.resize(rng.normal(0, 1, (9, 12)).astype(np.float32), SIZE, interpolation=cv2.INTER_CUBIC)
        pixels[lobes > np.quantile(lobes, 1 - rust)] = (150, 84, 40)
    for _ in range(spots):
        centre = (int(rng.integers(width)), int(rng.integers(height)))
        cv2.circle(pixels, centre, int(rng.integers(4, 12)), (150, 84, 40), -1, cv2.LINE_AA)
    return pixels


def seen_from(pixels: np.ndarray, *, shift: tuple[float, float] = (0, 0), zoom: float = 1, turn: float = 0):
    """Return the same plate from another position: `shift` in px, `turn` in degrees."""
    width, height = SIZE
    mapping = cv2.getRotationMatrix2D((width / 2, height / 2), turn, zoom)
    mapping[:, 2] += shift
    return cv2.warpAffine(pixels, mapping, SIZE, borderMode=cv2.BORDER_CONSTANT, borderValue=(90, 90, 90))


def photographed_otherwise(pixels: np.ndarray) -> np.ndarray:
    """Return the same plate by another camera in other light: a stop darker, bluer, and out of focus."""
    tinted = pixels.astype(np.float32) * (0.7, 0.75, 0.82)
    return cv2.GaussianBlur(np.clip(tinted, 0, 255), (0, 0), 1.8).astype(np.uint8)


def png(pixels: np.ndarray) -> bytes:
    return cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))[1].tobytes()
