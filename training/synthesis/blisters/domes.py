"""Blisters: their effect on the surface, and the pixels they cover."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.random import Generator

from inspections.engines.base import Circle, Plane
from training.synthesis.blisters.lamp import Lamp
from training.synthesis.blisters.outbreak import Outbreak, spots_of
from training.synthesis.blisters.surface import Spot, Surface, around, brightness_of, coverage, step, tint

# The visible edge of a blister is where its height falls to this share.
_VISIBLE_HEIGHT: Final = 0.1
_STEEPEST: Final = 1.6
# On textures blisters are drawn stronger, times the roughness, up to a limit: an invisible label teaches noise.
_TELLING: Final = 2.5
_STRONG: Final = 1.0
_FAINTEST: Final = 0.14


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Height at distance r is `height_px` (1 - r^flatness)^softness: flat tops, round caps, and gradual feet."""

    height_px: float
    flatness: float
    softness: float

    def at(self, distance: Plane) -> Plane:
        """Return the height over every pixel, px."""
        inside = np.maximum(1 - distance ** np.float32(self.flatness), 0)
        return np.asarray(self.height_px * inside ** np.float32(self.softness), np.float32)

    @property
    def visible_share(self) -> float:
        """Share of the radius that is visible as blister."""
        return float((1 - _VISIBLE_HEIGHT ** (1 / self.softness)) ** (1 / self.flatness))


def blister(surface: Surface, outbreak: Outbreak, lamp: Lamp, *, rng: Generator) -> tuple[tuple[Circle, ...], Plane]:
    """Raise the outbreak's blisters on the surface, in place; return their circles and their coverage (0 to 1)."""
    mask, relief = np.zeros(surface.shape, np.float32), np.zeros(surface.shape, np.float32)
    circles = []
    roughness = _roughness(surface)
    for spot in spots_of(outbreak, surface, rng=rng):
        least = _TELLING * float(roughness[int(spot.y), int(spot.x)])
        profile = _profile(outbreak, lamp, spot, least, rng)
        ruptured = rng.random() < outbreak.ruptured and spot.radius > 6
        _raise(relief, spot, profile)
        if ruptured:
            _open(surface, relief, spot, opening=float(rng.uniform(0.2, 0.45)))
        circles.append(_mark(mask, spot, profile))
    surface.height += relief
    return tuple(circles), mask


def _roughness(surface: Surface) -> Plane:
    """Variation of the paint within a blister's reach, as a share of its brightness: relief must exceed it."""
    brightness = brightness_of(surface.paint)
    fine = np.abs(brightness - cv2.blur(brightness, (13, 13)))
    return np.asarray(cv2.blur(fine, (25, 25)) / (cv2.blur(brightness, (25, 25)) + 0.05), np.float32)


def _profile(outbreak: Outbreak, lamp: Lamp, spot: Spot, least: float, rng: Generator) -> Profile:
    """Return the height that gives the requested contrast: a flank gains slope / tan(elevation) of light."""
    softness = float(np.clip(outbreak.softness * np.exp(rng.normal(0, 0.1)), 0.6, 3))
    flatness = float(np.clip(rng.normal(2.0, 0.2), 1.6, 2.8))
    contrast = max(outbreak.contrast * np.exp(rng.normal(0, 0.3)), min(least, _STRONG), _FAINTEST)
    seen = contrast / lamp.response / (1 - lamp.ambient)
    slope = min(seen * np.tan(lamp.elevation), _STEEPEST)
    return Profile(height_px=slope * spot.radius * spot.aspect / 1.6, flatness=flatness, softness=softness)


def _raise(relief: Plane, spot: Spot, profile: Profile) -> None:
    window, distance = around(spot, (relief.shape[0], relief.shape[1]))
    part = relief[window]
    np.maximum(part, profile.at(distance), out=part)


def _open(surface: Surface, relief: Plane, spot: Spot, *, opening: float) -> None:
    """Burst the blister: a crater in its top, darker inside."""
    window, distance = around(spot, surface.shape)
    hole = 1 - step(distance, opening * 0.75, opening * 1.25)
    relief[window] *= 1 - 0.85 * hole
    tint(surface, window, surface.paint[window].mean(axis=(0, 1)) * np.float32(0.45), 0.7 * hole)


def _mark(mask: Plane, spot: Spot, profile: Profile) -> Circle:
    share = profile.visible_share
    window, distance = around(spot, (mask.shape[0], mask.shape[1]))
    part = mask[window]
    seen = Spot(x=spot.x, y=spot.y, radius=spot.radius * share, aspect=spot.aspect)
    np.maximum(part, coverage(seen, distance / np.float32(share)), out=part)
    return Circle(x=spot.x, y=spot.y, radius=seen.radius)
