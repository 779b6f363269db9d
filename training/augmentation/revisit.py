"""Simulate a second photograph of the same place: another stance, another light, another camera.

Ranges are the differences between two people with two phones a year apart: a few degrees and a tenth of the distance, a
stop of exposure, the white balance of another sky, a new shadow or wet patch, a film of dust, parallax that no plane
explains, slightly less focus, other JPEG settings.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]
Light = NDArray[np.float32]
Mask = NDArray[np.uint8]

SIDE_PX: Final = 448
_CORNERS: Final = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)


def stance(size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the homography of a photo (of `size` px a side) to `SIDE_PX`: turned, nearer or farther, oblique."""
    zoom, turn = rng.uniform(0.84, 0.95), np.deg2rad(rng.normal(0, 2))
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    quad = (_CORNERS - 0.5) * zoom @ spin.T + 0.5 + rng.uniform(-0.012, 0.012, (4, 2))
    quad += rng.uniform(-0.03, 0.03, 2)
    inside = np.clip(quad, 0, 1).astype(np.float32) * (size - 1)
    return np.asarray(cv2.getPerspectiveTransform(inside, _CORNERS * (SIDE_PX - 1)), np.float64)


def photograph_again(pixels: Rgb, mask: Mask, rng: np.random.Generator) -> tuple[Rgb, Mask]:
    """Return a camera's picture of a place, and the place's mask in the same frame."""
    return photograph_from(stance(len(pixels), rng), pixels, mask, rng)


def photograph_from(
    mapping: NDArray[np.float64], pixels: Rgb, mask: Mask, rng: np.random.Generator
) -> tuple[Rgb, Mask]:
    """Do the same from a given stance: a homography to `SIDE_PX`."""
    size = (SIDE_PX, SIDE_PX)
    seen = cv2.warpPerspective(pixels, mapping, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    marked = cv2.warpPerspective(mask, mapping, size, flags=cv2.INTER_NEAREST)
    across, down = _parallax(rng)
    seen = cv2.remap(seen, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    marked = cv2.remap(marked, across, down, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    light = np.asarray(seen, np.float32) / np.float32(255)
    return _developed(_lit(light, rng), rng), np.asarray(marked, np.uint8)


def _parallax(rng: np.random.Generator) -> tuple[Light, Light]:
    """The source of each pixel: a few pixels off, differently over the picture, as with ribs and flanges."""
    down, across = np.indices((SIDE_PX, SIDE_PX)).astype(np.float32)
    strength = rng.uniform(0, 2.5)
    return across + strength * _patches(6, rng), down + strength * _patches(6, rng)


def _patches(cells: int, rng: np.random.Generator) -> Light:
    lattice = rng.standard_normal((cells, cells), dtype=np.float32)
    return np.asarray(cv2.resize(lattice, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_CUBIC), np.float32)


def _soiled(linear: Light, rng: np.random.Generator) -> Light:
    """A wet patch is darker and deeper in colour, dust paler and duller."""
    wet = np.clip(2 * _patches(4, rng) - rng.uniform(0.5, 3), 0, 1)[..., None] * rng.uniform(0, 0.6)
    dust = np.clip(0.5 + _patches(5, rng), 0, 1)[..., None] * rng.uniform(0, 0.15)
    wetted = linear * (1 - wet) + linear**1.3 * 0.7 * wet
    grey = np.asarray((0.30, 0.28, 0.25), np.float32)
    return np.asarray(wetted * (1 - dust) + grey * dust, np.float32)


def _lit(light: Light, rng: np.random.Generator) -> Light:
    """Another exposure, another sky, and occasionally a shadow."""
    linear = _soiled(np.asarray(light**2.2, np.float32), rng)
    lit = linear * rng.uniform(0.7, 1.35) * rng.uniform(0.9, 1.11, 3)
    across, down = (axis / SIDE_PX - 0.5 for axis in np.indices((SIDE_PX, SIDE_PX)))
    slope_across, slope_down = rng.uniform(-0.25, 0.25, 2)
    lit = lit * (1 + slope_across * across + slope_down * down)[..., None]
    if rng.random() < 0.4:
        lit = lit * _shadow(across, down, rng)[..., None]
    return np.asarray(np.clip(lit, 0, 1) ** (rng.uniform(0.88, 1.15) / 2.2), np.float32)


def _shadow(across: NDArray[np.float64], down: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    angle = rng.uniform(0, np.pi)
    edge = across * np.cos(angle) + down * np.sin(angle) - rng.uniform(-0.35, 0.35)
    depth = 1 - rng.uniform(0.5, 0.85)
    return np.asarray(1 - depth / (1 + np.exp(-edge / rng.uniform(0.004, 0.04))), np.float64)


def _developed(light: Light, rng: np.random.Generator) -> Rgb:
    """Focus, sensor noise, and the camera's own sharpening and JPEG."""
    soft = cv2.GaussianBlur(light, (0, 0), rng.uniform(0.3, 1.5))
    if rng.random() < 0.3:
        soft = soft + rng.uniform(0.3, 0.8) * (soft - cv2.GaussianBlur(soft, (0, 0), 1.5))
    noisy = soft + rng.normal(0, rng.uniform(0.003, 0.02), soft.shape)
    pixels = (np.clip(noisy, 0, 1) * 255).astype(np.uint8)
    _, jpeg = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(60, 96))])
    return np.asarray(cv2.cvtColor(np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR)), cv2.COLOR_BGR2RGB), np.uint8)
