"""Simulate a phone: lens, hand, sensor, white balance, sharpening and JPEG."""

from typing import Final

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from inspections.engines.base import Rgb
from training.synthesis.blisters.surface import per_colour

_UNTOUCHED: Final = 0.3


def photograph(lit: NDArray[np.float32], *, rng: Generator) -> Rgb:
    """Return 8-bit pixels of a lit scene (sRGB, 0 to 1); one in three stays as sharp and clean as the scene."""
    taken = lit if rng.random() < _UNTOUCHED else _hand_held(lit, rng)
    pixels = np.asarray(np.clip(taken * 255 + 0.5, 0, 255), np.uint8)
    if rng.random() < 0.6:
        quality = int(rng.integers(40, 96))
        _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
        pixels = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)
    return pixels


def _hand_held(lit: NDArray[np.float32], rng: Generator) -> NDArray[np.float32]:
    taken = _blurred(lit, rng) if rng.random() < 0.45 else lit
    taken = taken * _exposure(rng)
    if rng.random() < 0.4:
        taken = _noisy(taken, rng)
    if rng.random() < 0.2:
        soft = cv2.GaussianBlur(taken, (0, 0), 1.2)
        taken = taken + np.float32(rng.uniform(0.3, 1.0)) * (taken - soft)
    return np.asarray(taken, np.float32)


def _exposure(rng: Generator) -> NDArray[np.float32]:
    """One gain per colour: exposure, and a slightly wrong white balance."""
    return np.exp(rng.normal(0, 0.12) + rng.normal(0, 0.05, 3)).astype(np.float32)


def _blurred(lit: NDArray[np.float32], rng: Generator) -> NDArray[np.float32]:
    if rng.random() < 0.75:
        return np.asarray(cv2.GaussianBlur(lit, (0, 0), float(rng.uniform(0.4, 1.5))), np.float32)
    length, angle = int(rng.integers(3, 7)), float(rng.uniform(0, 180))
    line = np.zeros((length, length), np.float32)
    line[length // 2] = 1
    middle = (length / 2 - 0.5, length / 2 - 0.5)
    turned = np.asarray(cv2.warpAffine(line, cv2.getRotationMatrix2D(middle, angle, 1), (length, length)), np.float32)
    return np.asarray(cv2.filter2D(lit, -1, turned / max(float(turned.sum()), 1e-6)), np.float32)


def _noisy(lit: NDArray[np.float32], rng: Generator) -> NDArray[np.float32]:
    """Add grain, mostly of light and a little of colour; phones smear it, so some is coarser than a pixel."""
    strength = np.float32(rng.uniform(0.004, 0.025))
    grain = rng.standard_normal(lit.shape[:2], dtype=np.float32)
    if rng.random() < 0.4:
        grain = np.asarray(cv2.GaussianBlur(grain, (0, 0), 0.8) * 2.2, np.float32)
    tones = (1 + 0.4 * rng.standard_normal(3)).astype(np.float32)
    return np.asarray(lit + strength * per_colour(grain) * tones, np.float32)
