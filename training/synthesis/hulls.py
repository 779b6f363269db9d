"""Painted hulls without rust: worn antifouling over primer and older coats, slime, streaks, waterlines.

Paint causes most false detections on hulls, so the paint is drawn: coats in the colours that are sold, worn through in
patches, on the grain of a real surface, in uneven light.
"""

from typing import Final

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from inspections.engines.base import Rgb

Field = NDArray[np.float32]

# RGB of common coats. Antifouling is red, brown-red, black, blue or green; under it lie primers and older coats.
_TOP_COATS: Final = (
    (128, 42, 34), (150, 54, 40), (108, 48, 40), (92, 36, 30), (140, 70, 52),
    (34, 34, 38), (52, 50, 50), (34, 58, 104), (30, 78, 74), (60, 90, 130),
)  # fmt: skip
_UNDER_COATS: Final = (
    (150, 148, 142), (190, 186, 176), (120, 62, 46), (170, 92, 60), (72, 70, 70), (160, 60, 50), (200, 200, 196),
    (96, 98, 92), (176, 150, 110), (110, 44, 38),
)  # fmt: skip
_SLIMES: Final = ((70, 78, 44), (88, 80, 50), (60, 60, 46), (104, 96, 70))
_TOPSIDES: Final = ((236, 236, 232), (30, 44, 84), (224, 218, 200), (44, 44, 46), (150, 30, 34), (120, 130, 136))


def painted_hull(grain: Rgb, *, rng: Generator) -> Rgb:
    """Return a drawn hull of the size of `grain`, a picture that supplies the roughness by its light and dark."""
    shape = grain.shape[:2]
    surface = _worn(_coat(_any(_UNDER_COATS, rng), shape, rng), _any(_TOP_COATS, rng), rng)
    if rng.random() < 0.4:
        surface = _worn(surface, _any(_TOP_COATS, rng), rng)
    if rng.random() < 0.4:
        surface = _mixed(surface, _any(_SLIMES, rng), rng.uniform(0.3, 0.8) * _patches(shape, rng, soft=True))
    if rng.random() < 0.4:
        surface = _mixed(surface, _any(_SLIMES + _UNDER_COATS, rng), rng.uniform(0.2, 0.6) * _streaks(shape, rng))
    if rng.random() < 0.35:
        surface = _with_topsides(surface, rng)
    roughness = cv2.cvtColor(grain, cv2.COLOR_RGB2GRAY).astype(np.float32)
    around = cv2.resize(cv2.resize(roughness, (8, 8), interpolation=cv2.INTER_AREA), (shape[1], shape[0]))
    roughness = roughness / (around + 8)
    relief = 1 + rng.uniform(0.1, 0.9) * (roughness - 1)
    light = 1 + rng.uniform(0.05, 0.3) * _clouds(shape, rng, reach=0.6)
    lit = surface * np.clip(relief * light, 0.2, 1.8)[..., None]
    return np.asarray(np.clip(lit, 0, 255), np.uint8)


def _worn(under: Field, coat: tuple[int, ...], rng: Generator) -> Field:
    return _mixed(under, _coat(coat, under.shape[:2], rng), 1 - _patches(under.shape[:2], rng, soft=rng.random() < 0.4))


def _coat(colour: tuple[int, ...], shape: tuple[int, ...], rng: Generator) -> Field:
    """One coat is never quite one colour: it is bleached here and thinner there."""
    base = np.asarray(colour, np.float32) * np.exp(rng.normal(0, 0.12, 3))
    bleached = 1 + rng.uniform(0, 0.3) * _clouds(shape, rng, reach=0.25)[..., None]
    return np.asarray(base * bleached, np.float32)


def _mixed(under: Field, over: Field | tuple[int, ...], cover: Field) -> Field:
    return np.asarray(under + cover[..., None] * (np.asarray(over, np.float32) - under), np.float32)


def _patches(shape: tuple[int, ...], rng: Generator, *, soft: bool) -> Field:
    """Areas where a coat is gone, 0 to 1: patches of many sizes, frayed or soft at the edge."""
    height = sum(
        _clouds(shape, rng, reach=reach) * weight
        for reach, weight in ((0.35, 1.0), (0.1, 0.6), (0.03, 0.4), (0.01, 0.25))
    )
    edge = rng.uniform(0.3, 0.8) if soft else rng.uniform(0.01, 0.08)
    return np.asarray(np.clip((height - rng.uniform(-0.4, 1.8)) / edge + 0.5, 0, 1), np.float32)


def _streaks(shape: tuple[int, ...], rng: Generator) -> Field:
    """Runs of dirt, mostly downwards."""
    coarse = rng.normal(0, 1, (6, round(shape[1] / rng.uniform(2, 10)))).astype(np.float32)
    runs = cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(runs / runs.std() - 0.8, 0, 1), np.float32)


def _with_topsides(surface: Field, rng: Generator) -> Field:
    """Add another paint above a waterline that runs across."""
    rows, columns = np.indices(surface.shape[:2], dtype=np.float32)
    line = surface.shape[0] * rng.uniform(0.1, 0.6) + columns * rng.uniform(-0.25, 0.25)
    above = np.clip((line - rows) / rng.uniform(0.7, 2.5) + 0.5, 0, 1).astype(np.float32)
    return _mixed(surface, _coat(_any(_TOPSIDES, rng), surface.shape[:2], rng), above)


def _clouds(shape: tuple[int, ...], rng: Generator, *, reach: float) -> Field:
    """Smooth noise of mean 0 and spread 1, with blobs of width `reach` times the picture."""
    cells = max(4, round(2 / reach))
    coarse = rng.normal(0, 1, (cells, cells)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def _any(colours: tuple[tuple[int, ...], ...], rng: Generator) -> tuple[int, ...]:
    return colours[int(rng.integers(len(colours)))]
