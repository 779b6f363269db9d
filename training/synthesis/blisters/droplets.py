"""Water on the hull and air under it: drops and bubbles are lenses, lit on the side where a dome is dark."""

from typing import Final

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from inspections.engines.base import Plane
from training.synthesis.blisters.domes import Profile
from training.synthesis.blisters.lamp import Lamp, slopes
from training.synthesis.blisters.surface import Spot, around, coverage, grid, per_colour, smooth_noise, step

_CONTACT: Final = 0.55


def bead(lit: NDArray[np.float32], lamp: Lamp, *, rng: Generator) -> NDArray[np.float32]:
    """Return the lit scene with drops of water, from fine spray to large drops, some merged."""
    shape = (lit.shape[0], lit.shape[1])
    lens, wet = _drops(shape, rng)
    slope_x, slope_y = slopes(lens)
    seen = _refracted(lit, lens, slope_x, slope_y, rng)
    seen *= per_colour(_inside_light(slope_x, slope_y, lamp, rng))
    outside = lit * per_colour(_outside_light(wet, lens, lamp, rng))
    scene = outside + per_colour(wet) * (seen - outside)
    return np.asarray(scene + per_colour(_glints(slope_x, slope_y, lamp, rng)), np.float32)


def foam(lit: NDArray[np.float32], lamp: Lamp, *, rng: Generator) -> NDArray[np.float32]:
    """Return the lit scene with bubbles of soap or air: bright thin rings, clear inside, two small glints."""
    scene = lit.copy()
    right, down, _ = lamp.towards
    size, centre = float(rng.uniform(4, 16)), rng.uniform(0.1, 0.9, 2)
    spread, strength = float(rng.uniform(0.05, 0.3)), float(rng.uniform(0.2, 0.6))
    for _ in range(int(rng.integers(3, 26))):
        x, y = rng.normal(centre, spread) * lit.shape[1::-1]
        radius = float(np.clip(size * np.exp(rng.normal(0, 0.4)), 3, 30))
        window, distance = around(Spot(x=float(x), y=float(y), radius=radius), (lit.shape[0], lit.shape[1]))
        if not distance.size:
            continue
        rows, columns = np.ogrid[window]
        side = ((columns - x) * right + (rows - y) * down) / radius
        rim = np.exp(-(((distance - 0.9) * radius / 1.3) ** 2)) * (0.5 + 0.5 * np.abs(side))
        glint = sum(np.exp(-((distance - 0.62) ** 2 + (side - at) ** 2) * 60) for at in (0.58, -0.58))
        body = 0.06 * coverage(Spot(x=float(x), y=float(y), radius=radius), distance)
        scene[window] += np.asarray(strength * (rim + glint + body), np.float32)[..., None]
    return scene


def _drops(shape: tuple[int, int], rng: Generator) -> tuple[Plane, Plane]:
    """Return the water's thickness (px) and its coverage of each pixel."""
    lens, wet = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    count = int(np.exp(rng.uniform(np.log(6), np.log(70))))
    size = float(np.exp(rng.uniform(np.log(3), np.log(11))))
    hanging = rng.random() < 0.4
    for _ in range(count):
        radius = float(np.clip(size * np.exp(rng.normal(0, 0.45)), 2, 24))
        x, y = float(rng.uniform(0, shape[1])), float(rng.uniform(0, shape[0]))
        ripple = tuple((float(rng.uniform(0, 0.06)), float(rng.uniform(-np.pi, np.pi))) for _ in range(2))
        aspect = float(rng.uniform(0.5, 0.9) if hanging else rng.uniform(0.75, 1))
        angle = np.pi / 2 + rng.normal(0, 0.1) if hanging else rng.uniform(-np.pi, np.pi)
        spot = Spot(x=x, y=y, radius=radius, aspect=aspect, angle=float(angle), ripple=ripple)
        window, distance = around(spot, shape)
        profile = Profile(height_px=_CONTACT * radius * aspect, flatness=2.2, softness=0.8)
        for field, value in ((lens, profile.at(distance)), (wet, coverage(spot, distance))):
            np.maximum(field[window], value, out=field[window])
    return lens, wet


def _refracted(
    lit: NDArray[np.float32], lens: Plane, slope_x: Plane, slope_y: Plane, rng: Generator
) -> NDArray[np.float32]:
    """A lens shows the part across its middle, smaller."""
    bend = np.float32(rng.uniform(0.6, 1.6)) * (lens + 1)
    x, y = grid((lens.shape[0], lens.shape[1]))
    map_x, map_y = x + bend * slope_x, y + bend * slope_y
    return np.asarray(cv2.remap(lit, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101), np.float32)


def _inside_light(slope_x: Plane, slope_y: Plane, lamp: Lamp, rng: Generator) -> Plane:
    """Light enters at the lamp's side and gathers at the other; the steep rim loses it."""
    right, down, _ = lamp.towards
    level = max(float(np.hypot(right, down)), 1e-3)
    away = (slope_x * right + slope_y * down) / level
    steep = slope_x * slope_x + slope_y * slope_y
    strength = np.float32(rng.uniform(0.25, 0.7))
    return np.asarray(
        np.clip(1 + strength * np.clip(away, -1.2, 1.5) - 0.22 * np.minimum(steep, 2), 0.15, 2.2), np.float32
    )


def _outside_light(wet: Plane, lens: Plane, lamp: Lamp, rng: Generator) -> Plane:
    """A thin shadow on the side away from the lamp, and the caustic inside it."""
    right, down, _ = lamp.towards
    far = float(rng.uniform(0.15, 0.5)) * 1.6 * float(lens.max()) ** 0.5
    shadow = _shifted(wet, -right * far, -down * far)
    caustic = _shifted(
        step(lens, 0.4 * float(lens.max() + 1e-3), float(lens.max() + 1e-2)), -right * far * 2.5, -down * far * 2.5
    )
    return np.asarray(
        1 - np.float32(rng.uniform(0.1, 0.4)) * shadow + np.float32(rng.uniform(0, 0.4)) * caustic, np.float32
    )


def _shifted(field: Plane, right: float, down: float) -> Plane:
    shift = np.array([[1, 0, right], [0, 1, down]], np.float32)
    return np.asarray(cv2.warpAffine(field, shift, field.shape[::-1]), np.float32)


def _glints(slope_x: Plane, slope_y: Plane, lamp: Lamp, rng: Generator) -> Plane:
    """The mirrored lamp, small and sharp near the lamp's side of every drop."""
    right, down, _ = lamp.towards
    aim = np.float32(rng.uniform(0.35, 0.8)) / max(float(np.hypot(right, down)), 1e-3)
    miss = (slope_x + right * aim) ** 2 + (slope_y + down * aim) ** 2
    tight = np.float32(rng.uniform(14, 50))
    return np.asarray(np.float32(rng.uniform(0.5, 1.3)) * np.exp(-tight * miss), np.float32)


def wet_patch(lit: NDArray[np.float32], *, rng: Generator) -> NDArray[np.float32]:
    """Return the scene with areas still wet from washing: darker, with an irregular border."""
    shape = (lit.shape[0], lit.shape[1])
    field = smooth_noise(rng, shape, period_px=float(rng.uniform(60, 180)))
    field += 0.2 * smooth_noise(rng, shape, period_px=14)
    amount = np.float32(rng.uniform(0.06, 0.28)) * step(field, 0.1, float(rng.uniform(0.2, 0.6)))
    return np.asarray(lit * per_colour(1 - amount), np.float32)
