"""Detect round relief under a low lamp: pairs of light and shade that all face the same way."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from inspections.engines.base import Plane, Rgb

SIGMAS_PX: Final = (2.0, 2.8, 4.0, 5.6, 8.0, 11.3)
# A dome of radius r answers most strongly if the Gaussian is about half as wide.
RADIUS_PER_SIGMA: Final = 2.0
_PER_SCALE: Final = 100
_ACROSS: Final = 2.6
_DARK_OFFSET: Final = 12.0
_BORDER_SIGMAS: Final = 2
_FAINT: Final = 0.01

_SIDEWAYS, _ALONG = np.meshgrid(np.linspace(-2, 2, 17), np.linspace(-2, 2, 17), indexing="ij")
_DISC: Final = np.hypot(_ALONG, _SIDEWAYS) <= 1
_RING: Final = np.hypot(_ALONG, _SIDEWAYS) >= 1.4

SHAPE_FEATURES: Final = ("strength", "radius", "odd_share", "contrast", "clutter")


@dataclass(frozen=True, slots=True)
class Bumps:
    """Candidates, one per row, strongest first.

    `x`, `y`, `radius` in pixels; `direction` in radians, from shade to light in image axes; `strength` is the
    contrast (natural logarithm of lightness) of the pair beyond what a straight edge there would give.
    """

    x: Plane
    y: Plane
    radius: Plane
    direction: Plane
    strength: Plane

    def where(self, chosen: NDArray[np.bool_]) -> "Bumps":
        """Return the selected rows."""
        return Bumps(*(column[chosen] for column in self.columns()))

    def columns(self) -> tuple[Plane, ...]:
        """Return x, y, radius, direction and strength."""
        return self.x, self.y, self.radius, self.direction, self.strength

    def __len__(self) -> int:
        return len(self.x)


def find_bumps(pixels: Rgb, *, min_strength: float) -> Bumps:
    """Return round light-and-shade pairs at six sizes, overlapping ones suppressed except the strongest.

    The measure is the scale-normalised gradient of the Laplacian of Gaussian of log lightness (Lindeberg, IJCV 1998,
    gamma = 1): large where light turns to shade and back within one dome. A straight edge or scratch continues sideways
    and a dome does not, so the response on both sides is subtracted.
    """
    log_lightness = _log_lightness(pixels)
    found = [_at_scale(log_lightness, sigma) for sigma in SIGMAS_PX]
    bumps = Bumps(*(np.concatenate(columns) for columns in zip(*(each.columns() for each in found), strict=True)))
    return _suppress_non_maxima(bumps.where(bumps.strength > min_strength))


def shape_features(pixels: Rgb, bumps: Bumps) -> NDArray[np.float32]:
    """Return `SHAPE_FEATURES` of every bump, shape (n, 5): strength, radius and contrast as natural logarithms.

    Each bump is sampled in its own frame, four radii wide, turned so that the lamp is at the right. `odd_share` is the
    part of its light and shade that swaps sign across the middle (a speck or a drip is darker on both sides); `clutter`
    is the variation around it.
    """
    light = _in_own_frame(_log_lightness(pixels), bumps)
    light -= light[:, _RING].mean(axis=1)[:, None, None]
    contrast = np.sqrt((light[:, _DISC] ** 2).mean(axis=1)) + _FAINT
    odd = (light - light[:, :, ::-1])[:, _DISC] / 2
    features = [
        np.log(bumps.strength + _FAINT),
        np.log(bumps.radius),
        np.sqrt((odd**2).mean(axis=1)) / contrast,
        np.log(contrast),
        np.log((light[:, _RING].std(axis=1) + _FAINT) / contrast),
    ]
    return np.column_stack(features).astype(np.float32)


def lit_from_one_side(bumps: Bumps, weights: Plane, *, within_rad: float) -> NDArray[np.bool_]:
    """Return which bumps are lit from the one direction that most of their weight agrees on (one photo, one lamp)."""
    if len(bumps) == 0:
        return np.zeros(0, np.bool_)
    apart = np.abs(np.angle(np.exp(1j * (bumps.direction[:, None] - bumps.direction[None, :]))))
    agreeing = apart < within_rad
    lamp = int(np.argmax(agreeing @ weights))
    return np.asarray(agreeing[lamp], np.bool_)


def _log_lightness(pixels: Rgb) -> Plane:
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return np.asarray(np.log(grey + np.float32(_DARK_OFFSET)), np.float32)


def _in_own_frame(plane: Plane, bumps: Bumps) -> NDArray[np.float32]:
    """Sample a square around each bump, shape (n, side, side): columns towards the lamp, in units of its radius."""
    cosine, sine = np.cos(bumps.direction)[:, None, None], np.sin(bumps.direction)[:, None, None]
    reach = bumps.radius[:, None, None]
    x = bumps.x[:, None, None] + reach * (_ALONG * cosine - _SIDEWAYS * sine)
    y = bumps.y[:, None, None] + reach * (_ALONG * sine + _SIDEWAYS * cosine)
    columns = np.clip(np.rint(x), 0, plane.shape[1] - 1).astype(np.intp)
    rows = np.clip(np.rint(y), 0, plane.shape[0] - 1).astype(np.intp)
    return plane[rows, columns]


def _at_scale(log_lightness: Plane, sigma: float) -> Bumps:
    smooth = cv2.GaussianBlur(log_lightness, (0, 0), sigma)
    laplacian = -(sigma**2) * cv2.Laplacian(smooth, cv2.CV_32F)
    towards_x = sigma * cv2.Sobel(laplacian, cv2.CV_32F, 1, 0, scale=1 / 8)
    towards_y = sigma * cv2.Sobel(laplacian, cv2.CV_32F, 0, 1, scale=1 / 8)
    magnitude = np.hypot(towards_x, towards_y)
    rows, columns = _peaks(magnitude, sigma)
    unit_x = towards_x[rows, columns] / magnitude[rows, columns]
    unit_y = towards_y[rows, columns] / magnitude[rows, columns]

    def pair_at(offset: float) -> Plane:
        x = np.clip(np.rint(columns - offset * sigma * unit_y), 0, magnitude.shape[1] - 1).astype(np.intp)
        y = np.clip(np.rint(rows + offset * sigma * unit_x), 0, magnitude.shape[0] - 1).astype(np.intp)
        return np.asarray(towards_x[y, x] * unit_x + towards_y[y, x] * unit_y, np.float32)

    beside = np.maximum(np.maximum(pair_at(_ACROSS), pair_at(-_ACROSS)), 0)
    strength = magnitude[rows, columns] - 2 * beside
    radius = np.full(len(rows), RADIUS_PER_SIGMA * sigma, np.float32)
    direction = np.arctan2(unit_y, unit_x)
    return Bumps(columns.astype(np.float32), rows.astype(np.float32), radius, direction, strength)


def _peaks(magnitude: Plane, sigma: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the strongest local maxima, away from the border."""
    reach = 2 * round(sigma) + 1
    highest = cv2.dilate(magnitude, np.ones((reach, reach), np.uint8))
    border = round(_BORDER_SIGMAS * sigma)
    inside = np.zeros(magnitude.shape, np.bool_)
    inside[border:-border, border:-border] = True
    rows, columns = np.nonzero((magnitude >= highest) & (magnitude > 0) & inside)
    order = np.argsort(-magnitude[rows, columns], kind="stable")[:_PER_SCALE]
    return rows[order], columns[order]


def _suppress_non_maxima(bumps: Bumps) -> Bumps:
    """Of bumps with centres inside each other, keep the strongest."""
    order = np.argsort(-bumps.strength, kind="stable")
    kept: list[int] = []
    for index in order:
        rivals = np.asarray(kept, np.intp)
        distance = np.hypot(bumps.x[rivals] - bumps.x[index], bumps.y[rivals] - bumps.y[index])
        if not np.any(distance < np.maximum(bumps.radius[rivals], bumps.radius[index])):
            kept.append(int(index))
    return Bumps(*(column[kept] for column in bumps.columns()))
