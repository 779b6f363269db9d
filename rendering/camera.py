"""Place the camera and simulate its light: views of one world, exposure, sensor noise.

World coordinates are hull heights: y runs from 0 (above the sheer) to 1 (the ground), x from 0 to 4/3.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from inspections.engines.base import Rgb

Field = NDArray[np.float32]
"""One value per pixel of a view, shape (height, width)."""
Colour = tuple[float, float, float]
Size = tuple[int, int]

ANGLES: Final = ("wide", "mid", "close")
_VISIBLE_HEIGHT: Final = {"wide": 1.04, "mid": 0.46, "close": 0.2}
_KEYSTONE: Final = {"wide": 0.16, "mid": 0.0, "close": -0.05}
_WORLD_CENTRE: Final = (0.667, 0.5)
_CANVAS_HEIGHT_PX: Final = 480
_ASPECT: Final = 4 / 3


@dataclass(frozen=True)
class View:
    """One photograph to be taken: `to_world` maps its pixels (x, y, 1) to the world; `size` is (width, height) px."""

    size: Size
    to_world: NDArray[np.float64]
    visible_height: float

    @cached_property
    def world(self) -> tuple[Field, Field]:
        """World x and y of every pixel."""
        width, height = self.size
        column = np.arange(width, dtype=np.float32)[None, :]
        row = np.arange(height, dtype=np.float32)[:, None]
        x, y, w = (np.float32(a) * column + np.float32(b) * row + np.float32(c) for a, b, c in self.to_world)
        return x / w, y / w

    @property
    def px_per_unit(self) -> float:
        """Pixels per hull height at the middle of the view."""
        return self.size[1] / self.visible_height

    def to_pixels(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Project world points, shape (n, 2), into pixels of this view."""
        inverse = np.linalg.inv(self.to_world)
        x, y, w = inverse @ np.vstack([points.T, np.ones(len(points))])
        return np.column_stack([x / w, y / w])

    def noise(self, seed: int, layer: int, cells: int) -> Field:
        """Smooth noise of about zero mean and unit spread with `cells` bumps per hull height, fixed to the world."""
        canvas = noise_canvas(seed, layer, cells)
        scale = canvas.shape[0]
        lattice_from_view = np.diag([scale, scale, 1.0]) @ self.to_world
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return cv2.warpPerspective(
            canvas, lattice_from_view, self.size, flags=flags, borderMode=cv2.BORDER_REFLECT_101
        ).astype(np.float32, copy=False)


def noise_canvas(seed: int, layer: int, cells: int) -> Field:
    """Return the noise of `View.noise` over the whole world, at least 480 px high."""
    rng = np.random.default_rng((seed, layer))
    lattice = rng.standard_normal((cells, round(cells * _ASPECT)), dtype=np.float32)
    height = max(cells, _CANVAS_HEIGHT_PX)
    size = (round(height * _ASPECT), height)
    return cv2.resize(lattice, size, interpolation=cv2.INTER_CUBIC).astype(np.float32, copy=False)


def view_of(angle: str, *, target: tuple[float, float], size: Size, seed: int, visit: int) -> View:
    """Return the view for "wide", "mid" or "close" (ValueError otherwise); nearer views turn towards `target`.

    Every `visit` after the first has a slightly different stance (a hand's breadth), as people do.
    """
    if angle not in ANGLES:
        raise ValueError(angle)
    width, height = size
    visible = _VISIBLE_HEIGHT[angle]
    pull = {"wide": 0.0, "mid": 0.6, "close": 1.0}[angle]
    centre = [world + pull * (moved - world) for world, moved in zip(_WORLD_CENTRE, target, strict=True)]
    centred = np.array([[1 / height, 0, -width / height / 2], [0, 1 / height, -0.5], [0, 0, 1]])
    keystone = np.array([[1.0, 0, 0], [0, 1.0, 0], [0, _KEYSTONE[angle], 1.0]])
    place = np.array([[visible, 0, centre[0]], [0, visible, centre[1]], [0, 0, 1.0]])
    return View(size=size, to_world=place @ keystone @ _stance(seed, visit) @ centred, visible_height=visible)


def expose(scene: NDArray[np.float32], *, seed: int, visit: int, angle: str) -> Rgb:
    """Turn linear-ish colours (0 to 255) into a photograph: exposure, vignette, sensor noise, 8 bits."""
    rng = np.random.default_rng((seed, visit, ANGLES.index(angle), 77))
    height, width = scene.shape[:2]
    gain = 1.0 if visit == 0 else float(rng.uniform(0.94, 1.06))
    across, down = np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32)
    vignette = gain * (1 - 0.10 * (across[None, :] ** 2 + down[:, None] ** 2))
    # One tile of noise repeated: drawing two million normals would cost half of the picture's time.
    tile = rng.normal(0, 2.2, (256, 256)).astype(np.float32)
    grain = np.tile(tile, (height // 256 + 1, width // 256 + 1))[:height, :width]
    lit = scene * vignette[..., None] + grain[..., None]
    return np.clip(lit, 0, 255).astype(np.uint8)


def smoothstep(field: Field, low: float, high: float) -> Field:
    """Hermite step from 0 below `low` to 1 above `high`."""
    t = np.clip((field - np.float32(low)) / np.float32(high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def blend(scene: NDArray[np.float32], colour: Colour | NDArray[np.float32], amount: Field) -> NDArray[np.float32]:
    """Blend `colour` into the scene by `amount` (0 to 1), in place, and return the scene."""
    rows = np.flatnonzero(amount.any(axis=1))
    if rows.size:
        # Only the rows affected: sky and ground are out of the picture in most views.
        band = slice(rows[0], rows[-1] + 1)
        paint = np.asarray(colour, np.float32)
        paint = paint[band] if paint.ndim == 3 else paint
        scene[band] += amount[band, :, None] * (paint - scene[band])
    return scene


def _stance(seed: int, visit: int) -> NDArray[np.float64]:
    if visit == 0:
        return np.eye(3)
    rng = np.random.default_rng((seed, visit))
    turn, zoom = rng.normal(0, 0.01), 1 + rng.normal(0, 0.01)
    shift_x, shift_y = rng.normal(0, 0.01, 2)
    cosine, sine = zoom * np.cos(turn), zoom * np.sin(turn)
    return np.array([[cosine, -sine, shift_x], [sine, cosine, shift_y], [0, 0, 1]])
