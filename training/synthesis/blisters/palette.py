"""Colours of hulls: gelcoats, antifoulings, primers, as sRGB 0 to 1."""

from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Tint = tuple[float, float, float]

GELCOATS: Final[tuple[Tint, ...]] = (
    (0.88, 0.88, 0.86),
    (0.84, 0.82, 0.74),
    (0.72, 0.76, 0.78),
    (0.10, 0.15, 0.30),
    (0.16, 0.30, 0.50),
    (0.50, 0.10, 0.10),
    (0.07, 0.07, 0.08),
    (0.14, 0.28, 0.22),
    (0.72, 0.68, 0.55),
)
ANTIFOULINGS: Final[tuple[Tint, ...]] = (
    (0.46, 0.17, 0.13),
    (0.36, 0.20, 0.17),
    (0.15, 0.24, 0.42),
    (0.13, 0.14, 0.15),
    (0.18, 0.32, 0.27),
    (0.42, 0.46, 0.48),
    (0.62, 0.62, 0.60),
)


def draw_gelcoat(rng: Generator) -> NDArray[np.float32]:
    """Draw a gelcoat, white four times out of nine, slightly off the chart."""
    return _near(GELCOATS[int(rng.integers(len(GELCOATS)))], rng)


def draw_antifouling(rng: Generator) -> NDArray[np.float32]:
    """Draw an antifouling or a primer, slightly off the chart."""
    return _near(ANTIFOULINGS[int(rng.integers(len(ANTIFOULINGS)))], rng)


def draw_coat(rng: Generator) -> NDArray[np.float32]:
    """Draw any coat of paint."""
    return draw_gelcoat(rng) if rng.random() < 0.5 else draw_antifouling(rng)


def _near(tint: Tint, rng: Generator) -> NDArray[np.float32]:
    brightness, cast = np.exp(rng.normal(0, 0.15)), np.exp(rng.normal(0, 0.035, 3))
    return np.asarray(np.clip(np.array(tint) * brightness * cast, 0.02, 0.98), np.float32)
