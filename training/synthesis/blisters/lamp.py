"""Light a relief with one lamp: Lambert's law, a gloss highlight, the sky's reflection and cast shadows."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from inspections.engines.base import Plane
from training.synthesis.blisters.surface import Surface, per_colour

_LONGEST_SHADOW_PX: Final = 64.0
_BRIGHTEST: Final = 3.0
# Even black paint reflects a little light, so that relief on it is visible.
_BLACK: Final = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamp:
    """`azimuth` is the direction of the light in the picture (radians, x right, y down), `elevation` above the surface.

    `ambient` (0 to 1) is the share of light from everywhere, `response` the exponent from light to pixel values (1/2.2
    is a linear camera's sRGB), `sheen` and `sharpness` strength and Blinn exponent of the highlight, `sky` the strength
    of the reflected bright sky above, `cast` (0 to 1) the darkness of cast shadows.
    """

    azimuth: float
    elevation: float
    ambient: float
    response: float
    sheen: float
    sharpness: float
    sky: float
    cast: float

    @property
    def towards(self) -> tuple[float, float, float]:
        """The unit vector to the lamp: right, down, out of the surface."""
        level = np.cos(self.elevation)
        return float(level * np.cos(self.azimuth)), float(level * np.sin(self.azimuth)), float(np.sin(self.elevation))


def draw_lamp(rng: Generator) -> Lamp:
    """Draw a lamp: a low torch or a high sun, from any side, hard or soft, on a dull or a glossy surface."""
    glossy, hard = rng.random() < 0.45, rng.random() < 0.45
    return Lamp(
        azimuth=float(rng.uniform(-np.pi, np.pi)),
        elevation=float(np.radians(rng.uniform(14, 62))),
        ambient=float(rng.uniform(0.05, 0.3) if hard else rng.uniform(0.15, 0.6)),
        response=float(rng.uniform(0.45, 1.0)),
        sheen=float(rng.uniform(0.1, 0.9)) if glossy else 0.0,
        sharpness=float(np.exp(rng.uniform(np.log(8), np.log(160)))),
        sky=float(rng.uniform(0.0, 0.2)) if glossy else 0.0,
        cast=float(rng.uniform(0.3, 0.9)) if hard else 0.0,
    )


def illuminate(surface: Surface, lamp: Lamp) -> NDArray[np.float32]:
    """Return the lit surface, sRGB 0 to 1, and above 1 in glare; flat parts keep exactly their paint."""
    slope_x, slope_y = slopes(surface.height)
    norm = np.sqrt(1 + slope_x * slope_x + slope_y * slope_y)
    direct = _lambert(slope_x, slope_y, norm, lamp)
    if lamp.cast > 0:
        direct *= 1 - np.float32(lamp.cast) * shadowed(surface.height, lamp)
    light = lamp.ambient + (1 - lamp.ambient) * direct
    light = np.clip(light, 0, _BRIGHTEST) ** np.float32(lamp.response)
    lit = (surface.paint + np.float32(_BLACK)) * per_colour(light) - np.float32(_BLACK)
    if lamp.sheen > 0:
        gleam = lamp.sheen * highlight(slope_x, slope_y, norm, lamp) - lamp.sky * np.clip(slope_y, -1, 0.6)
        lit += per_colour(np.asarray(surface.gloss * gleam, np.float32))
    return np.asarray(lit, np.float32)


def slopes(height: Plane) -> tuple[Plane, Plane]:
    """Return the slope of the relief to the right and downwards, px per px."""
    right = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=1, scale=0.5)
    down = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=1, scale=0.5)
    return np.asarray(right, np.float32), np.asarray(down, np.float32)


def highlight(slope_x: Plane, slope_y: Plane, norm: Plane, lamp: Lamp) -> Plane:
    """Return Blinn's highlight (Blinn 1977) in excess of that of the flat surface."""
    right, down, out = lamp.towards
    half = np.array([right, down, out + 1], np.float32) / np.float32(np.sqrt(2 + 2 * out))
    facing = np.maximum((half[2] - half[0] * slope_x - half[1] * slope_y) / norm, 0)
    return np.asarray(facing ** np.float32(lamp.sharpness) - half[2] ** np.float32(lamp.sharpness), np.float32)


def _lambert(slope_x: Plane, slope_y: Plane, norm: Plane, lamp: Lamp) -> Plane:
    """Direct light, 1 on the flat; a side turned away from a low lamp gets none."""
    right, down, out = lamp.towards
    direct = np.maximum(out - right * slope_x - down * slope_y, 0) / (np.float32(out) * norm)
    return np.asarray(direct, np.float32)


def shadowed(height: Plane, lamp: Lamp) -> Plane:
    """Return 0 (lit) to 1 (in cast shadow) per pixel, with a penumbra of about half a px of height."""
    fall = float(np.tan(lamp.elevation))
    longest = min(_LONGEST_SHADOW_PX, float(np.ptp(height)) / fall)
    right, down = np.cos(lamp.azimuth), np.sin(lamp.azimuth)
    ceiling, stride = height, 1.0
    # Doubling: after n rounds every pixel has the highest ray among the 2^n pixels towards the lamp.
    while stride < longest:
        shift = np.array([[1, 0, stride * right], [0, 1, stride * down]], np.float32)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        ahead = cv2.warpAffine(ceiling, shift, height.shape[::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE)
        ceiling = np.maximum(ceiling, np.asarray(ahead, np.float32) - np.float32(stride * fall))
        stride *= 2
    return np.asarray(np.clip((ceiling - height) * 2, 0, 1), np.float32)
