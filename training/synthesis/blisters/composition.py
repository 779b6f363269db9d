"""Compose whole examples: background, objects on it, lamp, phone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from inspections.engines.base import Circle, Plane, Rgb
from training.synthesis.blisters import finish, fittings, growth
from training.synthesis.blisters.domes import blister
from training.synthesis.blisters.droplets import bead, foam, wet_patch
from training.synthesis.blisters.lamp import Lamp, draw_lamp, illuminate
from training.synthesis.blisters.outbreak import draw_outbreak
from training.synthesis.blisters.phone import photograph
from training.synthesis.blisters.surface import Surface, surface_of

Relief = Callable[..., None]

# Drawn on the surface, before light: name, rule, and probability.
LOOK_ALIKES: Final[dict[str, tuple[Relief, float]]] = {
    "rivets": (fittings.rivet_rows, 1.5),
    "bolts": (fittings.bolts, 1.0),
    "drain_holes": (fittings.drain_holes, 0.8),
    "stickers": (fittings.stickers, 1.0),
    "pinholes": (fittings.pinholes, 0.8),
    "barnacles": (growth.barnacles, 1.5),
    "dirt_specks": (growth.dirt_specks, 1.2),
    "splashes": (growth.splashes, 1.0),
    "pebbles": (growth.pebbles, 0.8),
    "print_through": (finish.print_through, 1.0),
    "orange_peel": (finish.orange_peel, 1.0),
    "fairing_waves": (finish.fairing_waves, 0.8),
    "runs": (finish.runs, 0.8),
    "scratches": (finish.scratches, 0.8),
    "crazing": (finish.crazing, 0.5),
    "flaking": (finish.flaking, 1.2),
    "edges": (finish.edges, 0.8),
    "dapples": (finish.dapples, 0.8),
}
# Drawn on the lit scene, because light passes through them.
WATER: Final = {"droplets": bead, "foam": foam}
# Among these a blister is indistinguishable, even to the code that drew it.
_HIDING: Final = ("pebbles", "orange_peel", "dapples")
_DARKEST_MEAN: Final = 0.12
_FEWEST_IN_COMPANY: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One training picture: `pixels` (size_px squared), `mask` the share of each pixel covered by blisters (0 to 1).

    `centres` are the blisters' places and radii in px, `drawn` the names of the look-alikes in the picture.
    """

    pixels: Rgb
    mask: Plane
    centres: tuple[Circle, ...]
    lamp: Lamp
    drawn: tuple[str, ...]


def compose(background: Rgb, *, rng: Generator, size_px: int = 384) -> Example:
    """Draw blisters on the background, one time in three among look-alikes. Same generator state, same example."""
    surface, lamp = _start(background, rng, size_px)
    drawn = _scatter(surface, rng, most=1, without=_HIDING) if rng.random() < 0.3 else ()
    outbreak = draw_outbreak(rng, size_px=size_px)
    if drawn:
        # A single dome among rivets is ambiguous.
        outbreak = replace(outbreak, count=max(outbreak.count, _FEWEST_IN_COMPANY))
    centres, mask = blister(surface, outbreak, lamp, rng=rng)
    chance = 0.12 if len(centres) >= _FEWEST_IN_COMPANY else 0.0
    lit, water = _wet(illuminate(surface, lamp), lamp, rng, chance=chance)
    return Example(pixels=photograph(lit, rng=rng), mask=mask, centres=centres, lamp=lamp, drawn=drawn + water)


def compose_negative(background: Rgb, *, rng: Generator, size_px: int = 384) -> Example:
    """Draw look-alikes without any blister on the background: one to three kinds, or water."""
    surface, lamp = _start(background, rng, size_px)
    drawn = _scatter(surface, rng, most=3) if rng.random() < 0.7 else ()
    lit, water = _wet(illuminate(surface, lamp), lamp, rng, chance=0.3 if drawn else 1.0)
    return _without_blisters(lit, lamp, drawn + water, rng)


def compose_clean(background: Rgb, *, rng: Generator, size_px: int = 384) -> Example:
    """Photograph the background with nothing drawn on it."""
    surface, lamp = _start(background, rng, size_px)
    return _without_blisters(illuminate(surface, lamp), lamp, (), rng)


def _without_blisters(lit: NDArray[np.float32], lamp: Lamp, drawn: tuple[str, ...], rng: Generator) -> Example:
    mask = np.zeros(lit.shape[:2], np.float32)
    return Example(pixels=photograph(lit, rng=rng), mask=mask, centres=(), lamp=lamp, drawn=drawn)


def _start(background: Rgb, rng: Generator, size_px: int) -> tuple[Surface, Lamp]:
    surface = surface_of(_square(background, rng, size_px), gloss=float(rng.uniform(0.2, 1)))
    # A phone adjusts its exposure to the scene: a picture that is black all over would show nothing.
    surface.paint *= np.float32(max(1.0, _DARKEST_MEAN / max(float(surface.paint.mean()), 0.01)))
    return surface, draw_lamp(rng)


def _square(background: Rgb, rng: Generator, size_px: int) -> Rgb:
    """Return a random square of at least 60 % of the short side, mirrored or not, at the requested size."""
    height, width = background.shape[:2]
    side = round(min(height, width) * float(rng.choice([1.0, rng.uniform(0.6, 1.0)])))
    top, left = int(rng.integers(height - side + 1)), int(rng.integers(width - side + 1))
    part = background[top : top + side, left : left + side]
    part = part[:, ::-1] if rng.random() < 0.5 else part
    sampling = cv2.INTER_AREA if side > size_px else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(part, (size_px, size_px), interpolation=sampling), np.uint8)


def _scatter(surface: Surface, rng: Generator, *, most: int, without: tuple[str, ...] = ()) -> tuple[str, ...]:
    weights = np.array([0.0 if name in without else weight for name, (_, weight) in LOOK_ALIKES.items()])
    count = int(rng.integers(1, most + 1))
    names = rng.choice(list(LOOK_ALIKES), size=count, replace=False, p=weights / weights.sum())
    for name in names:
        LOOK_ALIKES[name][0](surface, rng=rng)
    return tuple(str(name) for name in names)


def _wet(
    lit: NDArray[np.float32], lamp: Lamp, rng: Generator, *, chance: float
) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    if rng.random() >= chance:
        return lit, ()
    lit = wet_patch(lit, rng=rng) if rng.random() < 0.25 else lit
    name = "droplets" if rng.random() < 0.75 else "foam"
    return WATER[name](lit, lamp, rng=rng), (name,)
