"""Scenes without rust, so that neither "a photograph" nor "a texture" implies the answer.

Dead leaves (Lee, Mumford & Huang, IJCV 2001): things of all sizes that hide one another, each of one surface, have the
statistics of natural pictures. Also bridges with their rust painted out: the same scene, without rust.
"""

from typing import Final

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from inspections.engines.base import Rgb, SegmentationMap
from training.augmentation import augment

_GROWN_PX: Final = 9
_PATCH_PX: Final = 3
_LEAVES: Final = (6, 40)


def paint_over(pixels: Rgb, mask: SegmentationMap) -> Rgb:
    """Return the picture with all pixels of a class above 0 filled from their surroundings (Telea 2004)."""
    hidden = cv2.dilate((mask > 0).astype(np.uint8), np.ones((_GROWN_PX, _GROWN_PX), np.uint8))
    return np.asarray(cv2.inpaint(pixels, hidden, _PATCH_PX, cv2.INPAINT_TELEA), np.uint8)


def dead_leaves(surfaces: list[Rgb], *, rng: Generator, side_px: int) -> Rgb:
    """Return a square of overlapping things, each cut from a surface, lit from one side and often repainted.

    One in four has a plain ground, like a thing photographed alone.
    """
    plain = rng.random() < 0.25
    ground = rng.integers(0, 256, 3) if rng.random() < 0.5 else rng.integers(215, 256)
    scene = np.full((side_px, side_px, 3), ground, np.float32) if plain else _surface(surfaces, rng, side_px)
    count = int(rng.integers(1, 6)) if plain else int(rng.integers(*_LEAVES))
    # Large things first, or they would hide the small ones.
    for reach in sorted(np.exp(rng.uniform(np.log(0.04), np.log(0.6), count)), reverse=True):
        shape = _thing(side_px, reach * side_px, rng)
        leaf = _surface(surfaces, rng, side_px) * _shading((side_px, side_px), shape, rng)[..., None]
        scene += shape[..., None] * (leaf - scene)
    return np.asarray(np.clip(scene, 0, 255), np.uint8)


def _surface(surfaces: list[Rgb], rng: Generator, side_px: int) -> NDArray[np.float32]:
    pixels = surfaces[int(rng.integers(len(surfaces)))]
    side = min(pixels.shape[:2])
    nothing = np.zeros(pixels.shape[:2], np.uint8)
    scales = (0.5 * side_px / side, 2 * side_px / side)
    cut, _ = augment.crop(pixels, nothing, rng=rng, side_px=side_px, scales=scales)
    if rng.random() < 0.7:
        cut = augment.repaint(cut, np.zeros(cut.shape[:2], np.uint8), rng=rng, red=0.5)
    return cut.astype(np.float32)


def _thing(side_px: int, reach_px: float, rng: Generator) -> NDArray[np.float32]:
    """A filled outline: an ellipse, a polygon or a bar, anywhere, 0 to 1."""
    x, y = rng.uniform(0, side_px, 2)
    canvas = np.zeros((side_px, side_px), np.uint8)
    kind = rng.random()
    if kind < 0.45:
        axes = (max(2, round(reach_px / 2)), max(2, round(reach_px / 2 * rng.uniform(0.3, 1))))
        cv2.ellipse(canvas, (round(x), round(y)), axes, float(rng.uniform(0, 180)), 0, 360, 255, -1, cv2.LINE_AA)
    else:
        corners = int(rng.integers(3, 9))
        around = np.sort(rng.uniform(0, 2 * np.pi, corners))
        radii = reach_px / 2 * rng.uniform(0.3, 1, corners)
        stretch = rng.uniform(2, 12) if kind > 0.85 else 1
        outline = np.stack([x + stretch * radii * np.cos(around), y + radii * np.sin(around)], axis=1)
        cv2.fillPoly(canvas, [np.rint(outline).astype(np.int32)], 255, cv2.LINE_AA)
    blurred = cv2.GaussianBlur(canvas, (0, 0), float(rng.uniform(0.4, 2)))
    return np.asarray(blurred / 255, np.float32)


def _shading(shape: tuple[int, int], thing: NDArray[np.float32], rng: Generator) -> NDArray[np.float32]:
    """Light that falls off to one side, and often round edges that turn away from it."""
    rows, columns = np.indices(shape, dtype=np.float32) / max(shape)
    angle = rng.uniform(0, 2 * np.pi)
    slope = np.cos(angle) * (columns - 0.5) + np.sin(angle) * (rows - 0.5)
    light = np.asarray(1 + rng.uniform(0, 1.2) * slope, np.float32)
    if rng.random() < 0.6:
        inside = cv2.distanceTransform((thing > 0.5).astype(np.uint8), cv2.DIST_L2, 3)
        light *= 0.5 + 0.5 * np.clip(inside / (rng.uniform(0.05, 0.5) * max(float(inside.max()), 1)), 0, 1)
    return np.asarray(np.clip(light, 0.15, 1.8), np.float32)
