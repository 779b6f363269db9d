"""Colour and texture of every pixel, in CIE L*a*b*, at two scales."""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from inspections.engines.base import Plane, Rgb

FEATURES: Final = (
    "L", "a", "b", "chroma", "hue_cos", "hue_sin", "L_texture",
    "L_near", "a_near", "b_near", "L_spread_near", "a_spread_near", "b_spread_near",
    "L_contrast", "a_contrast", "b_contrast", "L_spread_far", "a_spread_far", "b_spread_far",
    "a_scene", "b_scene",
)  # fmt: skip
_PIXEL_SIGMA: Final = 1.0
_TEXTURE_SIGMA: Final = 2.0
_COARSE: Final = 4
_NEAR_SIGMA: Final = 1.25
_FAR_SIGMA: Final = 4.5
_SCENE_SIGMA: Final = 16.0
# Hue is meaningless at low chroma: this much chroma (CIE units) is added before dividing by it.
_CHROMA_FLOOR: Final = 6.0


def pixel_features(pixels: Rgb) -> NDArray[np.float32]:
    """Return `FEATURES` of every pixel, shape (height, width, 21), each of the order of one.

    Means and standard deviations in Gaussian windows of about 2, 5, 18 and 64 px of a picture of 512 px; the wide
    windows run on a quarter of the size. Contrast is the difference from the wide window: it cancels shade and colour
    cast. Colour space: CIE 15:2018, D65, from sRGB.
    """
    lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    smooth = cv2.GaussianBlur(lab, (0, 0), _PIXEL_SIGMA)
    lightness, a, b = (_plane(channel) for channel in cv2.split(smooth))
    chroma = np.hypot(a, b)
    fine = [
        lightness / 50, a / 20, b / 20, chroma / 20, a / (chroma + _CHROMA_FLOOR), b / (chroma + _CHROMA_FLOOR),
        np.log1p(_spread(lightness, _TEXTURE_SIGMA)),
    ]  # fmt: skip
    return np.dstack([*fine, *_surrounding_features(lightness, a, b)]).astype(np.float32, copy=False)


def _surrounding_features(lightness: Plane, a: Plane, b: Plane) -> list[Plane]:
    height, width = lightness.shape
    size = (max(1, width // _COARSE), max(1, height // _COARSE))
    coarse = [_plane(cv2.resize(plane, size, interpolation=cv2.INTER_AREA)) for plane in (lightness, a, b)]
    near = [_mean(plane, _NEAR_SIGMA) for plane in coarse]
    far = [_mean(plane, _FAR_SIGMA) for plane in coarse]
    near_spread = [_plane(np.log1p(_spread(plane, _NEAR_SIGMA))) for plane in coarse]
    far_spread = [_plane(np.log1p(_spread(plane, _FAR_SIGMA))) for plane in coarse]
    scene = [_plane(_mean(plane, _SCENE_SIGMA) / 20) for plane in coarse[1:]]

    def enlarge(plane: Plane) -> Plane:
        return _plane(cv2.resize(plane, (width, height), interpolation=cv2.INTER_LINEAR))

    contrasts = [_plane((plane - enlarge(wide)) / 15) for plane, wide in zip((lightness, a, b), far, strict=True)]
    means = [enlarge(_plane(plane / scale)) for plane, scale in zip(near, (50, 20, 20), strict=True)]
    return [*means, *map(enlarge, near_spread), *contrasts, *map(enlarge, far_spread), *map(enlarge, scene)]


def _mean(plane: Plane, sigma: float) -> Plane:
    return _plane(cv2.GaussianBlur(plane, (0, 0), sigma))


def _spread(plane: Plane, sigma: float) -> Plane:
    variance = _mean(plane * plane, sigma) - _mean(plane, sigma) ** 2
    return _plane(np.sqrt(np.maximum(variance, 0)))


def _plane(values: NDArray[Any]) -> Plane:
    return np.asarray(values, np.float32)
