"""Round fittings on hulls: rivets, bolts, drain holes, stickers."""

import numpy as np
from numpy.random import Generator

from inspections.engines.base import Plane
from training.synthesis.blisters.domes import Profile
from training.synthesis.blisters.palette import draw_coat
from training.synthesis.blisters.surface import Spot, Surface, around, coverage, repaint, step, tint


def rivet_rows(surface: Surface, *, rng: Generator) -> None:
    """One to three straight rows of equal, evenly spaced heads with hard edges."""
    height, width = surface.shape
    radius, angle = float(rng.uniform(3, 12)), float(rng.choice([0, np.pi / 2, rng.uniform(-np.pi, np.pi)]))
    pitch = radius * float(rng.uniform(3.2, 7))
    profile = _head(radius, rng)
    along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    start = rng.uniform(0.2, 0.8, 2) * (width, height)
    for row in range(int(rng.integers(1, 4))):
        for place in range(-int(width / pitch), int(width / pitch) + 1):
            x, y = start + along * pitch * (place + 0.5 * (row % 2)) + across * pitch * row
            window, distance = around(Spot(x=float(x), y=float(y), radius=radius), surface.shape)
            surface.height[window] += profile.at(distance)


def bolts(surface: Surface, *, rng: Generator) -> None:
    """A few hexagonal heads of one size on washers, of metal or painted over, in a row or at corners."""
    height, width = surface.shape
    radius = float(rng.uniform(5, 16))
    metal = np.full(3, rng.uniform(0.25, 0.7), np.float32) * np.exp(rng.normal(0, 0.05, 3)).astype(np.float32)
    painted = rng.random() < 0.5
    step_x, step_y = rng.uniform(-0.3, 0.3) * width, rng.uniform(0.15, 0.3) * height
    first = rng.uniform(0.1, 0.5, 2) * (width, height)
    for place in range(int(rng.integers(1, 5))):
        spot = Spot(x=float(first[0] + place * step_x), y=float(first[1] + place * step_y), radius=radius)
        turn = float(rng.uniform(0, np.pi))
        window, distance = around(spot, surface.shape, reach=1.5)
        washer = coverage(spot, distance / 1.45)
        if not painted:
            tint(surface, window, metal, washer)
        hexagon = distance * _hexagon(spot, window, turn)
        surface.height[window] += radius * (0.12 * washer + 0.45 * (1 - step(hexagon, 0.86, 1.0)))


def drain_holes(surface: Surface, *, rng: Generator) -> None:
    """One to three outlets: a dark hole, mostly inside a flat ring of bronze or plastic."""
    for spot in _anywhere(surface, rng, most=3, radii=(5, 26)):
        window, distance = around(spot, surface.shape, reach=1.6)
        if rng.random() < 0.7:
            ring = rng.choice([(0.55, 0.42, 0.25), (0.85, 0.85, 0.83), (0.2, 0.2, 0.2)])
            flange = coverage(spot, distance / 1.5)
            tint(surface, window, ring, 0.9 * flange)
            surface.height[window] += 1.5 * flange
        hole = coverage(spot, distance)
        tint(surface, window, np.full(3, rng.uniform(0.0, 0.08)), hole)
        surface.height[window] *= 1 - hole


def stickers(surface: Surface, *, rng: Generator) -> None:
    """Flat round labels and paint dots of another colour: an edge all round, but no lit and no dark side."""
    for spot in _anywhere(surface, rng, most=14, radii=(3, 26)):
        window, distance = around(spot, surface.shape)
        colour = draw_coat(rng)
        repaint(surface, window, colour, float(rng.uniform(0.3, 1)) * coverage(spot, distance))
        if spot.radius > 10 and rng.random() < 0.5:
            tint(surface, window, 1 - colour, coverage(spot, np.abs(distance - 0.75) * 8))


def pinholes(surface: Surface, *, rng: Generator) -> None:
    """Fine dark dots without relief, as air leaves in gelcoat; scattered or in a patch."""
    centre, spread = rng.uniform(0, 1, 2), float(rng.uniform(0.05, 0.5))
    for _ in range(int(rng.integers(10, 60))):
        place = rng.normal(centre, spread) * surface.shape[::-1]
        spot = Spot(x=float(place[0]), y=float(place[1]), radius=float(rng.uniform(0.5, 2.2)))
        window, distance = around(spot, surface.shape)
        surface.paint[window] *= 1 - float(rng.uniform(0.4, 0.9)) * coverage(spot, distance)[..., None]


def _head(radius: float, rng: Generator) -> Profile:
    flat = rng.random() < 0.5
    height = radius * float(rng.uniform(0.2, 0.6))
    return Profile(height_px=height, flatness=5.0 if flat else 2.0, softness=float(rng.uniform(0.5, 0.8)))


def _hexagon(spot: Spot, window: tuple[slice, slice], turn: float) -> Plane:
    """Ratio of a hexagon's outline to the circle through its corners, by direction."""
    rows, columns = np.ogrid[window]
    theta = np.arctan2(rows - spot.y, columns - spot.x) - turn
    return np.asarray(np.cos(np.mod(theta, np.pi / 3) - np.pi / 6) / np.cos(np.pi / 6), np.float32)


def _anywhere(surface: Surface, rng: Generator, *, most: int, radii: tuple[float, float]) -> list[Spot]:
    height, width = surface.shape
    return [
        Spot(
            x=float(rng.uniform(0, width)),
            y=float(rng.uniform(0, height)),
            radius=float(np.exp(rng.uniform(*np.log(radii)))),
            aspect=float(rng.uniform(0.8, 1)),
            angle=float(rng.uniform(-np.pi, np.pi)),
        )
        for _ in range(int(rng.integers(1, most + 1)))
    ]
