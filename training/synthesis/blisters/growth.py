"""Growth and deposits on hulls: barnacles, dirt, splashes, pebbles."""

import cv2
import numpy as np
from numpy.random import Generator

from training.synthesis.blisters.palette import draw_coat
from training.synthesis.blisters.surface import (
    Spot,
    Surface,
    around,
    coverage,
    grid,
    per_colour,
    smooth_noise,
    step,
    tint,
)


def barnacles(surface: Surface, *, rng: Generator) -> None:
    """Whitish ridged cones with a dark mouth, in crowds; some have left only their chalky ring."""
    shell = np.array([0.78, 0.75, 0.68]) * rng.uniform(0.6, 1.2)
    centre, spread = rng.uniform(0.1, 0.9, 2), float(rng.uniform(0.06, 0.35))
    size = float(np.exp(rng.uniform(np.log(4), np.log(14))))
    for _ in range(int(rng.integers(3, 26))):
        x, y = rng.normal(centre, spread) * surface.shape[::-1]
        radius = float(np.clip(size * np.exp(rng.normal(0, 0.35)), 3, 26))
        ripple = tuple((float(rng.uniform(0, 0.045)), float(rng.uniform(-np.pi, np.pi))) for _ in range(6))
        spot = Spot(x=float(x), y=float(y), radius=radius, aspect=float(rng.uniform(0.75, 1)), ripple=ripple)
        _barnacle(surface, spot, shell * rng.uniform(0.85, 1.1), broken_off=bool(rng.random() < 0.25))


def _barnacle(surface: Surface, spot: Spot, shell: object, *, broken_off: bool) -> None:
    window, distance = around(spot, surface.shape)
    body = coverage(spot, distance)
    if broken_off:
        ring = body * step(distance, 0.55, 0.75)
        tint(surface, window, np.asarray(shell, np.float32), 0.7 * ring)
        return
    tint(surface, window, np.asarray(shell, np.float32), 0.9 * body)
    mouth = 1 - step(distance, 0.22, 0.36)
    tint(surface, window, np.full(3, 0.06, np.float32), 0.9 * mouth)
    rows, columns = np.ogrid[window]
    ridges = np.cos(9 * np.arctan2(rows - spot.y, columns - spot.x) + spot.x) * distance
    cone = np.clip(1 - distance, 0, 0.72) * body + 0.05 * ridges * body
    surface.height[window] += np.asarray(spot.radius * (0.75 * cone - 0.35 * mouth), np.float32)


def dirt_specks(surface: Surface, *, rng: Generator) -> None:
    """Flat ragged specks of dirt, rust dust or old paint, from pinhead to pea."""
    field = smooth_noise(rng, surface.shape, period_px=float(rng.uniform(5, 18)))
    field += 0.7 * smooth_noise(rng, surface.shape, period_px=80)
    level = float(rng.uniform(1.6, 2.6))
    dirt = rng.choice([(0.16, 0.13, 0.1), (0.36, 0.22, 0.12), (0.08, 0.09, 0.1), (0.75, 0.74, 0.7)])
    amount = float(rng.uniform(0.4, 0.95)) * step(field, level, level + 0.25)
    amount *= np.clip(0.75 + 0.3 * smooth_noise(rng, surface.shape, period_px=4), 0, 1)
    tint(surface, (slice(None), slice(None)), np.asarray(dirt), amount)


def splashes(surface: Surface, *, rng: Generator) -> None:
    """Flat round drops of paint, tar or bird lime: of one colour, sizes mixed, some with a tail."""
    colour = draw_coat(rng)
    height, width = surface.shape
    opacity = float(rng.uniform(0.5, 1))
    for _ in range(int(rng.integers(4, 40))):
        radius = float(np.clip(np.exp(rng.normal(np.log(4.5), 0.6)), 1, 25))
        ripple = tuple((float(rng.uniform(0, 0.08)), float(rng.uniform(-np.pi, np.pi))) for _ in range(4))
        aspect, angle = float(rng.uniform(0.55, 1)), float(rng.uniform(-np.pi, np.pi))
        x, y = float(rng.uniform(0, width)), float(rng.uniform(0, height))
        spot = Spot(x=x, y=y, radius=radius, aspect=aspect, angle=angle, ripple=ripple)
        window, distance = around(spot, surface.shape)
        tint(surface, window, colour, opacity * coverage(spot, distance))


def pebbles(surface: Surface, *, rng: Generator) -> None:
    """Gravel or pebble-dash: stones of many shades packed wall to wall, over all of the picture or one side of it."""
    pitch = float(rng.uniform(7, 30))
    distance, stone = _cells(surface.shape, pitch, rng)
    rounded = np.sqrt(np.clip(1 - (distance / (0.62 * pitch)) ** 2, 0, 1))
    x, y = grid(surface.shape)
    angle, offset = rng.uniform(-np.pi, np.pi), rng.uniform(-0.6, 0.2) * surface.shape[0]
    reach = np.cos(angle) * (x - surface.shape[1] / 2) + np.sin(angle) * (y - surface.shape[0] / 2)
    amount = step(np.asarray(reach, np.float32), float(offset), float(offset) + 8)
    shades = (
        rng.uniform(0.3, 0.7)
        * np.exp(rng.normal(0, 0.3, (stone.max() + 1, 1)))
        * np.exp(rng.normal(0, 0.03, (stone.max() + 1, 3)))
    )
    paint = shades[stone].astype(np.float32) * per_colour(np.asarray(0.35 + 0.65 * rounded, np.float32))
    surface.paint += per_colour(amount * float(rng.uniform(0.6, 1))) * (paint - surface.paint)
    surface.height += np.asarray(amount * rounded * pitch * float(rng.uniform(0.1, 0.3)), np.float32)


def _cells(shape: tuple[int, int], pitch: float, rng: Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return the distance to the nearest stone's centre and that stone's number, per pixel."""
    rows, columns = np.mgrid[0 : shape[0] : pitch, 0 : shape[1] : pitch]
    places = np.stack([rows, columns], -1).reshape(-1, 2) + rng.uniform(0, 0.75 * pitch, (rows.size, 2))
    seeds = np.ones(shape, np.uint8)
    inside = places.astype(int).clip(0, np.array(shape) - 1)
    seeds[inside[:, 0], inside[:, 1]] = 0
    distance, stone = cv2.distanceTransformWithLabels(seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    return np.asarray(distance, np.float32), np.asarray(stone)
