"""Draw the number, sizes and places of a picture's blisters."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from training.synthesis.blisters.surface import Spot, Surface

_RADII_PX: Final = (3.2, 36.0)
_TRIES: Final = 8
_TOO_DARK: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbreak:
    """Properties that the blisters of one picture share.

    `contrast` is the share of light that a typical flank gains or loses; `aspect` and `angle` are the foreshortening;
    `growth` is the factor by which blisters are larger at the nearest end of the picture (direction `angle`).
    """

    count: int
    radius_px: float
    spread: float
    contrast: float
    softness: float
    aspect: float
    angle: float
    growth: float
    ruptured: float


def draw_outbreak(rng: Generator, *, size_px: int) -> Outbreak:
    """Draw an outbreak for a picture of `size_px`: one or two, a dozen, or a dense field of small ones."""
    dense = rng.random() < 0.08
    slanted = rng.random() < 0.4
    radius = 5.0 if dense else float(np.clip(np.exp(rng.normal(np.log(11), 0.38)), 4, 24))
    return Outbreak(
        count=int(rng.integers(35, 80)) if dense else int(np.exp(rng.uniform(0, np.log(38)))),
        radius_px=radius * size_px / 384,
        spread=float(rng.uniform(0.15, 0.55)),
        contrast=float(np.clip(np.exp(rng.normal(np.log(0.42), 0.45)), 0.18, 1.6)),
        softness=float(rng.choice([1.0, rng.uniform(0.75, 1.2), rng.uniform(1.2, 2.4)])),
        aspect=float(rng.uniform(0.5, 0.95)) if slanted else 1.0,
        angle=float(rng.uniform(-np.pi, np.pi)),
        growth=float(rng.uniform(0, 0.5)) if slanted else 0.0,
        ruptured=float(rng.uniform(0.05, 0.3)) if rng.random() < 0.12 else 0.0,
    )


def spots_of(outbreak: Outbreak, surface: Surface, *, rng: Generator) -> list[Spot]:
    """Return places and shapes of the blisters; few touch, and few are where all is black."""
    shape = surface.shape
    places = _Places(outbreak, shape, rng)
    spots: list[Spot] = []
    for _ in range(outbreak.count):
        for _ in range(_TRIES):
            spot = _draw_spot(outbreak, places.draw(rng), shape, rng)
            in_the_dark = surface.paint[int(spot.y), int(spot.x)].mean() < _TOO_DARK
            if not (in_the_dark or _crowded(spot, spots)) or rng.random() < 0.04:
                spots.append(spot)
                break
    return spots


class _Places:
    """Places of blisters: anywhere, in a cluster, or along a band (below a waterline)."""

    def __init__(self, outbreak: Outbreak, shape: tuple[int, int], rng: Generator) -> None:
        self.size = np.array(shape[::-1], np.float64)
        self.kind = rng.choice(["anywhere", "cluster", "band"], p=[0.6, 0.28, 0.12])
        self.centre = rng.uniform(0.2, 0.8, 2) * self.size
        room = outbreak.radius_px * np.sqrt(outbreak.count) * 1.4
        self.spread = max(float(rng.uniform(0.1, 0.3)) * self.size[0], room)

    def draw(self, rng: Generator) -> NDArray[np.float64]:
        spot = rng.uniform(3, self.size - 3)
        if self.kind == "cluster" and rng.random() < 0.9:
            spot = rng.normal(self.centre, self.spread)
        elif self.kind == "band":
            spot[1] = rng.normal(self.centre[1], self.spread * 0.5)
        return np.clip(spot, 2, self.size - 3)


def _draw_spot(outbreak: Outbreak, place: NDArray[np.float64], shape: tuple[int, int], rng: Generator) -> Spot:
    along = np.cos(outbreak.angle) * (place[0] / shape[1] - 0.5) + np.sin(outbreak.angle) * (place[1] / shape[0] - 0.5)
    radius = outbreak.radius_px * np.exp(rng.normal(0, outbreak.spread)) * (1 + 2 * outbreak.growth * along)
    own_aspect, own_angle = 1 - abs(rng.normal(0, 0.17)), rng.uniform(-np.pi, np.pi)
    slanted = outbreak.aspect < own_aspect
    irregular = abs(rng.normal(0, 0.035)) if radius > 4 else 0.0
    return Spot(
        x=float(place[0]),
        y=float(place[1]),
        radius=float(np.clip(radius, _RADII_PX[0], _RADII_PX[1] * shape[1] / 384)),
        aspect=float(outbreak.aspect if slanted else np.clip(own_aspect, 0.6, 1)),
        # The short axis points away from the camera.
        angle=outbreak.angle + np.pi / 2 + rng.normal(0, 0.15) if slanted else float(own_angle),
        ripple=tuple(
            (irregular * rng.uniform(0.3, 1), rng.uniform(-np.pi, np.pi)) for _ in range(3 if irregular else 0)
        ),
    )


def _crowded(spot: Spot, others: list[Spot]) -> bool:
    return any((spot.x - o.x) ** 2 + (spot.y - o.y) ** 2 < (spot.radius + o.radius) ** 2 for o in others)
