"""Drawn fibreglass hulls without blisters: backgrounds for blisters, and negatives that must raise no alarm."""

from typing import Final

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from inspections.engines.base import Plane, Rgb
from training.synthesis.blisters.droplets import wet_patch
from training.synthesis.blisters.palette import draw_antifouling, draw_coat, draw_gelcoat
from training.synthesis.blisters.surface import grid, per_colour, smooth_noise, step

Scene = NDArray[np.float32]

_DIRT: Final = np.array((0.30, 0.26, 0.18), np.float32)
_SLIME: Final = np.array((0.24, 0.28, 0.14), np.float32)


def gelcoat_background(rng: Generator, *, size_px: int = 384) -> Rgb:
    """Return a drawn hull, size_px squared, uint8: gelcoat or antifouling, its light, reflections, dirt and water."""
    shape = (size_px, size_px)
    glossy = rng.random() < 0.5
    scene = _coats(shape, rng)
    scene *= per_colour(_mottle(shape, rng))
    if rng.random() < 0.5:
        scene = _streaked(scene, rng)
    scene *= per_colour(_light(shape, rng))
    scene = _reflecting(scene, rng) if glossy else scene
    scene = wet_patch(scene, rng=rng) if rng.random() < 0.3 else scene
    scene = _gleaming(scene, rng) if rng.random() < 0.3 else scene
    scene = _surroundings(scene, rng) if rng.random() < 0.25 else scene
    scene += per_colour(np.float32(rng.uniform(0, 0.012)) * rng.standard_normal(shape, dtype=np.float32))
    return np.asarray(np.clip(scene * 255, 0, 255), np.uint8)


def _coats(shape: tuple[int, int], rng: Generator) -> Scene:
    """One coat, or two that meet at a waterline, often with a boot stripe between."""
    scene = np.empty((*shape, 3), np.float32)
    scene[:] = draw_coat(rng)
    if rng.random() < 0.45:
        scene[:] = draw_gelcoat(rng)
        depth = _below_line(shape, rng)
        wobble = float(rng.uniform(0, 1.2)) * smooth_noise(rng, shape, period_px=20)
        _blend(scene, draw_antifouling(rng), step(depth + wobble, -0.7, 0.7))
        if rng.random() < 0.5:
            width, above = float(rng.uniform(6, 30)), float(rng.uniform(0, 25))
            stripe = step(depth, -above - width, -above - width + 1.2) * (1 - step(depth, -above - 1.2, -above))
            _blend(scene, draw_coat(rng), stripe)
    return scene


def _below_line(shape: tuple[int, int], rng: Generator) -> Plane:
    """Distance below a nearly level line, px."""
    x, y = grid(shape)
    level, slant = rng.uniform(0.15, 0.85) * shape[0], rng.normal(0, 0.12)
    bend = rng.normal(0, 0.0003) * (x - shape[1] / 2) ** 2
    return np.asarray(y - level - slant * (x - shape[1] / 2) - bend, np.float32)


def _blend(scene: Scene, colour: NDArray[np.float32], amount: Plane) -> None:
    scene += per_colour(amount) * (colour - scene)


def _mottle(shape: tuple[int, int], rng: Generator) -> Plane:
    """Chalking, fading and old sanding: each coarser or finer, all faint on new gelcoat and strong on old paint."""
    age = float(np.exp(rng.uniform(np.log(0.004), np.log(0.06))))
    field = np.ones(shape, np.float32)
    for period in (130, 34, 9, 3):
        field += np.float32(age * rng.uniform(0.2, 1)) * smooth_noise(rng, shape, period_px=period)
    return field


def _streaked(scene: Scene, rng: Generator) -> Scene:
    """Streaks of dirt, slime or chalk from scuppers and fittings."""
    height, width = scene.shape[:2]
    lattice = rng.standard_normal((int(rng.integers(2, 5)), width // int(rng.integers(3, 14))), dtype=np.float32)
    streaks = np.asarray(cv2.resize(lattice, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
    amount = np.float32(rng.uniform(0.1, 0.6)) * step(streaks, float(rng.uniform(0, 1)), 2.4)
    colour = (_DIRT, _SLIME, np.full(3, 0.8, np.float32))[int(rng.integers(3))]
    return np.asarray(scene + per_colour(amount) * (colour - scene), np.float32)


def _light(shape: tuple[int, int], rng: Generator) -> Plane:
    """Daylight that falls off along the hull's curve, or the pool of a torch; sometimes a neighbour's shadow."""
    x, y = (axis / shape[0] - np.float32(0.5) for axis in grid(shape))
    angle, fall, bend = rng.uniform(-np.pi, np.pi), rng.uniform(0, 0.6), rng.uniform(-0.5, 0.3)
    along = np.cos(angle) * x + np.sin(angle) * y
    light = rng.uniform(0.65, 1.1) * (1 + fall * along + bend * along**2)
    if rng.random() < 0.25:
        centre, reach = rng.uniform(-0.4, 0.4, 2), rng.uniform(0.25, 0.7)
        light = light * (0.35 + 0.9 * np.exp(-((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / reach**2))
    if rng.random() < 0.2:
        turn, offset, soft = rng.uniform(-np.pi, np.pi), rng.uniform(-0.3, 0.3), rng.uniform(0.004, 0.08)
        edge = np.cos(turn) * x + np.sin(turn) * y - offset
        light = light * (1 - rng.uniform(0.2, 0.6) * step(np.asarray(edge, np.float32), -soft, soft))
    return np.asarray(np.maximum(light, 0.05), np.float32)


def _reflecting(scene: Scene, rng: Generator) -> Scene:
    """Polished gelcoat mirrors the yard: bright sky above a wavy horizon, dark upright things below."""
    shape = (scene.shape[0], scene.shape[1])
    depth = _below_line(shape, rng) + float(rng.uniform(2, 14)) * smooth_noise(rng, shape, period_px=60)
    things = np.asarray(
        cv2.resize(rng.standard_normal((2, 12), dtype=np.float32), shape[::-1], interpolation=cv2.INTER_CUBIC),
        np.float32,
    )
    ground = step(depth + 12 * things, -6, float(rng.uniform(6, 40)))
    strength, sky = float(rng.uniform(0.03, 0.2)), np.array((0.8, 0.88, 0.95), np.float32) * rng.uniform(0.7, 1)
    mirrored = sky * per_colour(1 - ground) + np.float32(0.2) * per_colour(ground * (1 + 0.3 * things))
    return np.asarray(scene * (1 - 0.6 * strength) + strength * mirrored, np.float32)


def _gleaming(scene: Scene, rng: Generator) -> Scene:
    """The sun or a lamp mirrored in the curve of the hull: one long soft glare."""
    x, y = grid((scene.shape[0], scene.shape[1]))
    centre, angle = rng.uniform(0, 1, 2) * scene.shape[1::-1], rng.uniform(-np.pi, np.pi)
    short = rng.uniform(12, 90)
    long = short * rng.uniform(1, 4)
    along = np.cos(angle) * (x - centre[0]) + np.sin(angle) * (y - centre[1])
    across = np.cos(angle) * (y - centre[1]) - np.sin(angle) * (x - centre[0])
    glare = rng.uniform(0.1, 0.7) * np.exp(-((along / long) ** 2) - (across / short) ** 2)
    return np.asarray(scene + per_colour(glare), np.float32)


def _surroundings(scene: Scene, rng: Generator) -> Scene:
    """Past the edge of the hull: sky, or the gravel and concrete of the yard."""
    shape = (scene.shape[0], scene.shape[1])
    if rng.random() < 0.5:
        outside, colour = -_below_line(shape, rng), np.array((0.78, 0.84, 0.9), np.float32) * rng.uniform(0.7, 1.1)
        field = 1 + 0.04 * smooth_noise(rng, shape, period_px=90)
    else:
        outside, colour = _below_line(shape, rng), np.array((0.45, 0.43, 0.4), np.float32) * rng.uniform(0.6, 1.2)
        field = 1 + 0.16 * smooth_noise(rng, shape, period_px=4) + 0.1 * smooth_noise(rng, shape, period_px=12)
    amount = step(outside, shape[0] * 0.15 - 1, shape[0] * 0.15 + 1)
    return np.asarray(scene + per_colour(amount) * (colour * per_colour(field) - scene), np.float32)
