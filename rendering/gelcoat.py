"""Gelcoat under a low lamp: smooth, slightly yellowed, with or without blisters."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from inspections.engines.base import Rgb
from rendering.camera import Colour, Field, Size, View, blend, expose, smoothstep, view_of
from rendering.ruler import draw_ruler

_GELCOAT: Final[tuple[Colour, ...]] = ((206, 204, 194), (198, 202, 204), (176, 188, 196))
_BOOT_STRIPE: Final[Colour] = (44, 62, 104)
_OLD_PAINT: Final[Colour] = (84, 100, 122)
_SKY: Final[Colour] = (196, 206, 214)
_GROUND: Final[Colour] = (118, 116, 112)
_SHEER_Y, _WATERLINE_Y, _KEEL_Y = 0.07, 0.24, 0.95
_MOST_BLISTERS: Final = 400
# How strongly relief shows: the close picture is lit by a torch held low, the others by daylight.
_RELIEF: Final = {"wide": 0.05, "mid": 0.11, "close": 0.34}


def render_gelcoat(*, seed: int, angle: str, blisters: int, size: Size = (1600, 1200), visit: int = 0) -> Rgb:
    """Return a photograph of the fibreglass bottom `seed` with `blisters` (0 to 400) blisters, most near one place.

    `angle` is "wide", "mid" or "close", views of the same bottom. More `blisters` keep the earlier ones in place.
    """
    centre = _cluster_centre(seed)
    view = view_of(angle, target=centre, size=size, seed=seed, visit=visit)
    scene = _bottom(view, seed)
    scene = _surroundings(scene * _light(view, seed, angle, _blisters(seed, centre)[:blisters])[..., None], view, seed)
    if angle == "close":
        draw_ruler(scene)
    return expose(scene, seed=seed, visit=visit, angle=angle)


def _cluster_centre(seed: int) -> tuple[float, float]:
    x, y = np.random.default_rng((seed, 60)).uniform((0.45, 0.45), (0.85, 0.7))
    return float(x), float(y)


def _blisters(seed: int, centre: tuple[float, float]) -> NDArray[np.float64]:
    """All blisters this bottom may ever have, in order of appearance: rows of world x, y and radius."""
    rng = np.random.default_rng((seed, 61))
    places = rng.normal(centre, (0.11, 0.07), (_MOST_BLISTERS, 2))
    radii = np.clip(rng.lognormal(np.log(0.0045), 0.35, _MOST_BLISTERS), 0.002, 0.012)
    return np.column_stack([places, radii])


def _bottom(view: View, seed: int) -> NDArray[np.float32]:
    _, y = view.world
    edge = y + 0.003 * view.noise(seed, 70, 14)
    scene = np.full((*y.shape, 3), _GELCOAT[seed % len(_GELCOAT)], np.float32)
    mottle = 0.012 * view.noise(seed, 71, 6) + 0.008 * view.noise(seed, 72, 90) + 0.015 * view.noise(seed, 73, 500)
    scene *= (1 + mottle)[..., None]
    stripe = smoothstep(y, _WATERLINE_Y - 0.05, _WATERLINE_Y - 0.048) * smoothstep(
        y, _WATERLINE_Y, _WATERLINE_Y - 0.002
    )
    scene = blend(scene, _BOOT_STRIPE, stripe)
    specks = smoothstep(view.noise(seed, 74, 160) + 0.4 * view.noise(seed, 75, 9), 2.3, 2.6)
    scene = blend(scene, _OLD_PAINT, 0.55 * specks * smoothstep(edge, _WATERLINE_Y, _WATERLINE_Y + 0.02))
    return _scratched(scene, view, seed)


def _scratched(scene: NDArray[np.float32], view: View, seed: int) -> NDArray[np.float32]:
    """Scraper marks from taking the old paint off."""
    rng = np.random.default_rng((seed, 62))
    starts = rng.uniform((0, _WATERLINE_Y), (4 / 3, _KEEL_Y), (40, 2))
    ends = starts + rng.normal(0, (0.05, 0.018), (40, 2))
    marks = np.zeros(scene.shape[:2], np.uint8)
    thickness = max(1, round(view.px_per_unit * 0.0006))
    for start, end in zip(view.to_pixels(starts), view.to_pixels(ends), strict=True):
        cv2.line(marks, _as_pixel(start), _as_pixel(end), 255, thickness, cv2.LINE_AA)
    return blend(scene, (150, 150, 146), np.asarray(marks, np.float32) * np.float32(0.35 / 255))


def _as_pixel(point: NDArray[np.float64]) -> tuple[int, int]:
    x, y = np.clip(np.rint(point), -10_000, 10_000)
    return int(x), int(y)


def _light(view: View, seed: int, angle: str, blisters: NDArray[np.float64]) -> Field:
    """Brightness from a lamp to one side: falling off across the picture, each blister lit on the side towards it."""
    direction = float(np.random.default_rng((seed, 63)).uniform(-0.5, 0.5))
    height, width = view.world[0].shape
    across = np.linspace(1.14, 0.8, width, dtype=np.float32)[None, :] if angle == "close" else np.float32(1.0)
    light = np.ones((height, width), np.float32) * across
    centres = view.to_pixels(blisters[:, :2])
    for (x, y), radius in zip(centres, blisters[:, 2] * view.px_per_unit, strict=True):
        _shade(light, x, y, radius, relief=_RELIEF[angle], direction=direction)
    return light


def _shade(light: Field, x: float, y: float, radius: float, *, relief: float, direction: float) -> None:
    """Shade one dome (Lambert, small slopes): bright towards the lamp at the left, dark away from it, in place."""
    reach = int(np.ceil(2.4 * radius))
    left, top = int(x) - reach, int(y) - reach
    patch = light[max(0, top) : max(0, top + 2 * reach), max(0, left) : max(0, left + 2 * reach)]
    if patch.size == 0:
        return
    rows, columns = np.indices(patch.shape, dtype=np.float32)
    u, v = (columns + max(0, left) - x) / radius, (rows + max(0, top) - y) / radius
    slope = np.exp(-((u * u + v * v) ** 1.5)) * np.sqrt(u * u + v * v + 1e-6)
    towards_lamp = -(u * np.cos(direction) + v * np.sin(direction)) / np.sqrt(u * u + v * v + 1e-6)
    patch *= (1 + relief * 1.6 * slope * towards_lamp).astype(np.float32)


def _surroundings(scene: NDArray[np.float32], view: View, seed: int) -> NDArray[np.float32]:
    _, y = view.world
    scene = blend(scene, _SKY, smoothstep(y, _SHEER_Y, _SHEER_Y + 0.004) * -1 + 1)
    gravel = np.asarray(_GROUND, np.float32) * (1 + 0.16 * view.noise(seed, 50, 300))[..., None]
    return blend(scene, gravel, smoothstep(y, _KEEL_Y, _KEEL_Y + 0.004))
