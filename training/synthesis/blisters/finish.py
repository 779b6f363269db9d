"""Surface effects: weave showing through, orange peel, fairing waves, runs, crazing, flaking, light."""

import cv2
import numpy as np
from numpy.random import Generator

from inspections.engines.base import Plane
from training.synthesis.blisters.palette import draw_coat
from training.synthesis.blisters.surface import (
    Spot,
    Surface,
    around,
    grid,
    per_colour,
    repaint,
    smooth_noise,
    step,
    tint,
)

_ALL = (slice(None), slice(None))


def print_through(surface: Surface, *, rng: Generator) -> None:
    """The weave of the glass cloth under the gelcoat: a fine regular relief, stronger in some places."""
    x, y = grid(surface.shape)
    pitch, angle = float(rng.uniform(4, 16)), float(rng.uniform(-np.pi, np.pi))
    along = (np.cos(angle) * x + np.sin(angle) * y) * np.float32(np.pi / pitch)
    across = (np.cos(angle) * y - np.sin(angle) * x) * np.float32(np.pi / pitch)
    over = np.sin(along) * np.sin(across)
    weave = np.abs(np.sin(along)) * (over > 0) + np.abs(np.sin(across)) * (over <= 0)
    patchy = 0.25 + 0.75 * step(smooth_noise(rng, surface.shape, period_px=150), -0.6, 0.8)
    surface.height += np.asarray(pitch * rng.uniform(0.015, 0.06) * weave * patchy, np.float32)


def orange_peel(surface: Surface, *, rng: Generator) -> None:
    """Sprayed paint that did not flow out: bumps and hollows of one scale, everywhere."""
    period = float(rng.uniform(3, 14))
    surface.height += np.float32(period * rng.uniform(0.015, 0.06)) * smooth_noise(rng, surface.shape, period_px=period)


def fairing_waves(surface: Surface, *, rng: Generator) -> None:
    """Long shallow unevenness of a hand-faired hull, too wide to be a blister."""
    period = float(rng.uniform(90, 220))
    surface.height += np.float32(period * rng.uniform(0.01, 0.05)) * smooth_noise(rng, surface.shape, period_px=period)


def runs(surface: Surface, *, rng: Generator) -> None:
    """Runs of paint or resin: tails that end in a bead, all downhill."""
    height, width = surface.shape
    x, y = grid(surface.shape)
    slant, thick = float(rng.normal(0, 0.05)), float(rng.uniform(0.12, 0.4))
    for _ in range(int(rng.integers(1, 7))):
        half, length = float(rng.uniform(2, 7)), float(rng.uniform(40, 220))
        left, end = rng.uniform(0, width), rng.uniform(0.15, 1.1) * height
        columns = slice(max(0, int(left - 30)), max(0, int(left + 30)))
        rows = slice(max(0, int(end - length - 10)), max(0, min(height, int(end + 12))))
        from_end = y[rows] - np.float32(end)
        swell = half * (0.55 + 0.45 * np.exp(from_end / (3 * half)))
        sideways = (x[:, columns] - np.float32(left) - slant * from_end) / swell
        past = np.maximum(from_end, 0) / half
        fade = np.clip((from_end + length) / (0.5 * length), 0, 1)
        bead = np.sqrt(np.clip(1 - sideways**2 - past**2, 0, 1)) * fade
        surface.height[rows, columns] += np.asarray(thick * swell * bead, np.float32)


def scratches(surface: Surface, *, rng: Generator) -> None:
    """Scraper marks and scuffs: mostly straight, mostly in one direction, lighter or darker than the paint."""
    marks = np.zeros(surface.shape, np.uint8)
    main = float(rng.uniform(-np.pi, np.pi))
    for _ in range(int(rng.integers(2, 22))):
        start = rng.uniform(0, 1, 2) * surface.shape[::-1]
        angle, length = main + rng.normal(0, 0.3), rng.uniform(10, 160)
        end = start + length * np.array([np.cos(angle), np.sin(angle)])
        cv2.line(marks, _pixel(start), _pixel(end), int(rng.integers(60, 255)), int(rng.integers(1, 3)), cv2.LINE_AA)
    depth = np.asarray(marks, np.float32) * np.float32(1 / 255)
    tint(surface, _ALL, np.full(3, rng.choice([0.1, 0.8])), np.float32(rng.uniform(0.2, 0.7)) * depth)
    surface.height -= np.float32(rng.uniform(0, 0.6)) * depth


def crazing(surface: Surface, *, rng: Generator) -> None:
    """Star crazing: hair cracks that radiate from an impact."""
    marks = np.zeros(surface.shape, np.uint8)
    for _ in range(int(rng.integers(1, 4))):
        centre, reach = rng.uniform(0.1, 0.9, 2) * surface.shape[::-1], float(rng.uniform(15, 80))
        for _ in range(int(rng.integers(5, 13))):
            angle, place = float(rng.uniform(-np.pi, np.pi)), centre
            for _ in range(5):
                angle += float(rng.normal(0, 0.25))
                ahead = place + reach / 5 * rng.uniform(0.5, 1.3) * np.array([np.cos(angle), np.sin(angle)])
                cv2.line(marks, _pixel(place), _pixel(ahead), 255, 1, cv2.LINE_AA)
                place = ahead
    cracks = np.asarray(marks, np.float32) * np.float32(rng.uniform(0.25, 0.7) / 255)
    tint(surface, _ALL, np.full(3, 0.12), cracks)


def flaking(surface: Surface, *, rng: Generator) -> None:
    """Flaked antifouling: an older colour below, a step of the paint's thickness at ragged edges."""
    field = smooth_noise(rng, surface.shape, period_px=float(rng.uniform(12, 90)))
    field += 0.35 * smooth_noise(rng, surface.shape, period_px=9)
    level = float(rng.uniform(-0.2, 1.5))
    gone = step(field, level, level + 0.12)
    repaint(surface, _ALL, draw_coat(rng), float(rng.uniform(0.5, 0.95)) * gone)
    surface.height -= np.float32(rng.uniform(0.3, 1.8)) * gone


def edges(surface: Surface, *, rng: Generator) -> None:
    """Masked edges of paint: straight borders between two coats, with a small step."""
    x, y = grid(surface.shape)
    angle = float(rng.normal(0, 0.2)) + float(rng.choice([0, np.pi / 2]))
    centre = rng.uniform(0.25, 0.75, 2) * surface.shape[::-1]
    side = np.cos(angle) * (y - np.float32(centre[1])) - np.sin(angle) * (x - np.float32(centre[0]))
    wobble = float(rng.uniform(0, 2)) * smooth_noise(rng, surface.shape, period_px=25)
    coat: Plane = step(np.asarray(side + wobble, np.float32), -0.8, 0.8)
    repaint(surface, _ALL, draw_coat(rng), float(rng.uniform(0.3, 0.9)) * coat)
    surface.height += np.float32(rng.uniform(0.2, 1.5)) * coat


def dapples(surface: Surface, *, rng: Generator) -> None:
    """Round patches of light or shade, like sun through leaves: soft, and without a darker or lighter partner."""
    field = np.zeros(surface.shape, np.float32)
    height, width = surface.shape
    for _ in range(int(rng.integers(4, 40))):
        radius, aspect = float(np.exp(rng.uniform(np.log(3), np.log(25)))), float(rng.uniform(0.5, 1))
        spot = Spot(x=float(rng.uniform(0, width)), y=float(rng.uniform(0, height)), radius=radius, aspect=aspect)
        window, distance = around(spot, surface.shape, reach=1.5)
        field[window] += 1 - step(distance, float(rng.uniform(0.3, 0.8)), 1.4)
    change = np.float32(rng.choice([-0.5, 0.6]) * rng.uniform(0.3, 1))
    surface.paint *= per_colour(1 + change * np.minimum(field, 1))


def _pixel(place: np.ndarray) -> tuple[int, int]:
    return round(float(place[0])), round(float(place[1]))
