"""Augmentations: effects of phones, light and paint. Every function draws from the given generator."""

from typing import Final

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from inspections.engines.base import Rgb, SegmentationMap

Lab = NDArray[np.float32]

# a*, b* of the paints most easily mistaken for rust: worn red and brown antifouling, primer, tie-coat.
_RED_PAINTS: Final = ((22.0, 52.0), (8.0, 34.0))
_ANY_PAINT: Final = ((-45.0, 45.0), (-45.0, 45.0))
_EDGE_SIGMA_PX: Final = 2.0


def crop(
    pixels: Rgb,
    mask: SegmentationMap,
    *,
    rng: Generator,
    side_px: int,
    scales: tuple[float, float],
    around: tuple[float, float] | None = None,
) -> tuple[Rgb, SegmentationMap]:
    """Return a square of the picture, slightly turned and mirrored, at a scale drawn evenly in octaves.

    Its position is anywhere, or about the place `around` (x, y).
    """
    height, width = mask.shape
    scale = float(np.exp(rng.uniform(*np.log(scales))))
    scale = max(scale, side_px / (1.5 * max(height, width)))
    angle = rng.normal(0, 8) + (90 * rng.integers(4) if rng.random() < 0.15 else 0)
    reach = max(0.0, 1 - side_px / (scale * max(height, width)))
    centre_x = width * (0.5 + reach * rng.uniform(-0.5, 0.5))
    centre_y = height * (0.5 + reach * rng.uniform(-0.5, 0.5))
    if around is not None:
        centre_x, centre_y = around
    turn = cv2.getRotationMatrix2D((centre_x, centre_y), angle, scale)
    turn[:, 2] += (side_px / 2 - centre_x, side_px / 2 - centre_y)
    if rng.random() < 0.5:
        turn[0] = -turn[0]
        turn[0, 2] += side_px
    size = (side_px, side_px)
    sampling = cv2.INTER_AREA if scale < 0.7 else cv2.INTER_LINEAR
    moved = cv2.warpAffine(pixels, turn, size, flags=sampling, borderMode=cv2.BORDER_REFLECT_101)
    moved_mask = cv2.warpAffine(mask, turn, size, flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT_101)
    return moved.astype(np.uint8), moved_mask.astype(np.uint8)


def repaint(pixels: Rgb, protected: SegmentationMap, *, rng: Generator, red: float = 0.6) -> Rgb:
    """Repaint all pixels that are not `protected` (above 0): texture and shade stay, hue and depth change.

    `red` is the share of paints drawn from worn antifouling's colours. Half of the time only one side of a straight
    edge is painted, as at a waterline.
    """
    lab = _to_lab(pixels)
    paint = np.array([rng.uniform(*axis) for axis in (_RED_PAINTS if rng.random() < red else _ANY_PAINT)], np.float32)
    strength = rng.uniform(0.5, 1.0)
    painted = lab.copy()
    # Paint is not one colour: the picture's own variation is kept.
    own = lab[..., 1:] - lab[..., 1:].mean(axis=(0, 1))
    painted[..., 1:] = (1 - strength) * lab[..., 1:] + strength * (paint + rng.uniform(0.2, 0.8) * own)
    painted[..., 0] = np.clip(lab[..., 0] * rng.uniform(0.45, 1.05), 0, 100)
    where = (protected == 0).astype(np.float32)
    if rng.random() < 0.5:
        where *= _half_plane(protected.shape, rng)
    where = cv2.GaussianBlur(where, (0, 0), _EDGE_SIGMA_PX)[..., None]
    return _to_rgb(lab + where * (painted - lab))


def relight(pixels: Rgb, *, rng: Generator) -> Rgb:
    """Change exposure, contrast, white balance and saturation; sometimes add a shadow or a gleam."""
    light = pixels.astype(np.float32) / 255
    light = light ** np.float32(np.exp(rng.normal(0, 0.25)))
    light *= np.exp(rng.normal(0, 0.06, 3)).astype(np.float32) * np.float32(np.exp(rng.normal(0, 0.15)))
    grey = light.mean(axis=2, keepdims=True)
    light = grey + (light - grey) * np.float32(np.exp(rng.normal(0, 0.2)))
    light = 0.5 + (light - 0.5) * np.float32(np.exp(rng.normal(0, 0.12)))
    if rng.random() < 0.25:
        edge = cv2.GaussianBlur(_half_plane(pixels.shape[:2], rng), (0, 0), float(rng.uniform(1, 25)))
        light *= 1 - np.float32(rng.uniform(0.2, 0.65)) * edge[..., None]
    if rng.random() < 0.15:
        light = light + _gleam(pixels.shape[:2], rng)[..., None]
    return np.asarray(np.clip(255 * light, 0, 255), np.uint8)


def photograph(pixels: Rgb, *, rng: Generator) -> Rgb:
    """Add camera effects: blur, noise and JPEG artefacts."""
    taken = pixels
    if rng.random() < 0.25:
        taken = np.asarray(cv2.GaussianBlur(taken, (0, 0), float(rng.uniform(0.4, 1.8))), np.uint8)
    if rng.random() < 0.3:
        noisy = taken + rng.normal(0, rng.uniform(1, 8), taken.shape)
        taken = np.clip(noisy, 0, 255).astype(np.uint8)
    if rng.random() < 0.4:
        _, encoded = cv2.imencode(".jpg", taken, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 95))])
        taken = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)
    return taken


def transplant(
    pixels: Rgb, mask: SegmentationMap, donor: Rgb, donor_mask: SegmentationMap, *, rng: Generator
) -> tuple[Rgb, SegmentationMap]:
    """Blend the donor's masked surface (same size of picture) into this one, its edge feathered, its light adapted."""
    grown = donor_mask > 0
    if not grown.any():
        return pixels, mask
    soft = cv2.GaussianBlur(grown.astype(np.float32), (0, 0), float(rng.uniform(0.8, 3.0)))[..., None]
    ratio = (pixels.mean() + 20) / (donor[grown].mean() + 20)
    adapted = donor * np.clip(ratio, 0.7, 1.4)
    merged = pixels * (1 - soft) + np.clip(adapted, 0, 255) * soft
    return merged.astype(np.uint8), np.where(grown, donor_mask, mask).astype(np.uint8)


def _half_plane(shape: tuple[int, ...], rng: Generator) -> NDArray[np.float32]:
    angle, offset = rng.uniform(0, 2 * np.pi), rng.uniform(-0.3, 0.3)
    rows, columns = np.indices(shape[:2], dtype=np.float32)
    along = np.cos(angle) * (columns / shape[1] - 0.5) + np.sin(angle) * (rows / shape[0] - 0.5)
    return np.asarray(along > offset, np.float32)


def _gleam(shape: tuple[int, ...], rng: Generator) -> NDArray[np.float32]:
    rows, columns = np.indices(shape[:2], dtype=np.float32)
    row, column = rng.uniform(0, shape[0]), rng.uniform(0, shape[1])
    reach = rng.uniform(0.04, 0.3) * max(shape)
    far = ((rows - row) / reach) ** 2 + ((columns - column) / (reach * rng.uniform(0.3, 3))) ** 2
    return np.asarray(rng.uniform(0.2, 0.8) * np.exp(-far), np.float32)


def _to_lab(pixels: Rgb) -> Lab:
    return np.asarray(cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)


def _to_rgb(lab: Lab) -> Rgb:
    return np.clip(255 * cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), 0, 255).astype(np.uint8)
