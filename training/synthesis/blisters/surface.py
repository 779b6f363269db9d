"""A patch of hull before lighting: colour, relief, gloss, and places of objects on it."""

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from inspections.engines.base import Plane, Rgb

Colour = NDArray[np.float32]
Window = tuple[slice, slice]


@dataclass(slots=True, kw_only=True)
class Surface:
    """`paint` is sRGB 0 to 1, shape (h, w, 3); `height` is relief towards the camera in px; `gloss` is 0 to 1."""

    paint: NDArray[np.float32]
    height: Plane
    gloss: float = 0.5

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width, px."""
        return self.height.shape[0], self.height.shape[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """An almost round place; `radius` is that of the circle of equal area, px.

    `aspect` is short over long axis, `angle` the long axis's direction in radians, `ripple` pairs of (depth, phase) of
    the outline's second, third, ... harmonic.
    """

    x: float
    y: float
    radius: float
    aspect: float = 1.0
    angle: float = 0.0
    ripple: tuple[tuple[float, float], ...] = field(default=())


_MARGIN_PX: Final = 2


def surface_of(pixels: Rgb, *, gloss: float) -> Surface:
    """Return the flat surface that looks like `pixels`."""
    return Surface(
        paint=np.asarray(pixels, np.float32) * np.float32(1 / 255),
        height=np.zeros(pixels.shape[:2], np.float32),
        gloss=gloss,
    )


def around(spot: Spot, shape: tuple[int, int], *, reach: float = 1.0) -> tuple[Window, Plane]:
    """Return the window of `reach` radii around the spot, and in it the distance from its centre (1 on the outline).

    The window is empty if the spot is outside the picture.
    """
    extent = reach * spot.radius / np.sqrt(spot.aspect) * 1.1 + _MARGIN_PX
    rows = slice(max(0, int(spot.y - extent)), max(0, min(shape[0], int(spot.y + extent) + 2)))
    columns = slice(max(0, int(spot.x - extent)), max(0, min(shape[1], int(spot.x + extent) + 2)))
    x = np.arange(columns.start, max(columns.start, columns.stop), dtype=np.float32)[None, :] - np.float32(spot.x)
    y = np.arange(rows.start, max(rows.start, rows.stop), dtype=np.float32)[:, None] - np.float32(spot.y)
    return (rows, columns), _distance(spot, x, y)


def _distance(spot: Spot, x: Plane, y: Plane) -> Plane:
    cosine, sine, squeeze = np.cos(spot.angle), np.sin(spot.angle), np.sqrt(spot.aspect)
    along = x * np.float32(cosine * squeeze / spot.radius) + y * np.float32(sine * squeeze / spot.radius)
    across = y * np.float32(cosine / squeeze / spot.radius) - x * np.float32(sine / squeeze / spot.radius)
    distance = np.sqrt(along * along + across * across)
    if spot.ripple and distance.size:
        theta = np.arctan2(across, along)
        for order, (depth, phase) in enumerate(spot.ripple, start=2):
            distance = distance * (1 + np.float32(depth) * np.cos(order * theta + np.float32(phase)))
    return np.asarray(distance, np.float32)


def coverage(spot: Spot, distance: Plane) -> Plane:
    """Return the part of each pixel inside the outline, 0 to 1, edges smoothed over one pixel."""
    return np.asarray(np.clip((1 - distance) * np.float32(spot.radius * np.sqrt(spot.aspect)) + 0.5, 0, 1), np.float32)


def tint(surface: Surface, window: Window, colour: Colour, amount: Plane) -> None:
    """Blend a colour (0 to 1) into a window of the paint by `amount` (0 to 1), in place."""
    part = surface.paint[window]
    part += amount[..., None] * (np.asarray(colour, np.float32) - part)


def repaint(surface: Surface, window: Window, colour: Colour, amount: Plane) -> None:
    """Repaint a window, in place; the brightness keeps the variation of the old paint."""
    part = surface.paint[window]
    if part.size:
        brightness = brightness_of(part)
        shade = np.clip(brightness / max(float(brightness.mean()), 1e-3), 0.4, 1.6)[..., None]
        part += amount[..., None] * (np.asarray(colour, np.float32) * shade - part)


def brightness_of(paint: NDArray[np.float32]) -> Plane:
    """Return luma (ITU-R BT.601) of sRGB values, shape (h, w)."""
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(paint), cv2.COLOR_RGB2GRAY), np.float32)


def per_colour(plane: Plane) -> NDArray[np.float32]:
    """Return the plane three times over, shape (h, w, 3): numpy multiplies that faster than it broadcasts."""
    once = np.asarray(plane, np.float32)
    return np.asarray(cv2.merge((once, once, once)), np.float32)


def smooth_noise(rng: Generator, shape: tuple[int, int], *, period_px: float) -> Plane:
    """Return noise of about zero mean and unit spread, with bumps about `period_px` wide."""
    lattice = (max(2, round(shape[0] / period_px)), max(2, round(shape[1] / period_px)))
    values = rng.standard_normal(lattice, dtype=np.float32)
    return np.asarray(cv2.resize(values, shape[::-1], interpolation=cv2.INTER_CUBIC), np.float32) * np.float32(1.3)


def step(field: Plane, low: float, high: float) -> Plane:
    """Hermite step from 0 below `low` to 1 above `high`."""
    t = np.clip((field - np.float32(low)) * np.float32(1 / (high - low)), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def grid(shape: tuple[int, int]) -> tuple[Plane, Plane]:
    """Return x as one row and y as one column, px: they broadcast to the picture."""
    return np.arange(shape[1], dtype=np.float32)[None, :], np.arange(shape[0], dtype=np.float32)[:, None]
