"""Normalise photos of different cameras, skies and focus before judging them. Plain Python.

Both corrections are estimated from registered pixels and are robust to change: new rust is an outlier to them.
"""

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from corrosion.judgement.alignment import Aligned, Mask
from inspections.engines.base import Plane, Rgb

_SAMPLE_SIDE_PX: Final = 128
_TRIM_ROUNDS: Final = 4
_KEPT_SHARE: Final = 0.6
_MIN_SAMPLES: Final = 100
_FLOOR: Final = 4.0
_GAIN_RANGE: Final = (0.5, 2.0)
_GRAIN_SIGMA_PX: Final = 1.0
_TILES_PER_SIDE: Final = 8
_COVERED_TILE: Final = 0.5
_MAX_BLUR_SIGMA_PX: Final = 4.0
_BLUR_STEPS: Final = 7


@dataclass(frozen=True, slots=True)
class Tone:
    """Tone mapping between two photos: per channel, log(after) = gain · log(before) + offset.

    Gain is a difference of gamma, offset one of exposure and white balance.
    """

    gains: tuple[float, ...]
    offsets: tuple[float, ...]

    def apply(self, pixels: Rgb) -> Rgb:
        levels = np.log(np.arange(256, dtype=np.float64) + _FLOOR)
        curves = [
            np.exp(gain * levels + offset) - _FLOOR for gain, offset in zip(self.gains, self.offsets, strict=True)
        ]
        table = np.clip(np.rint(np.stack(curves, axis=-1)), 0, 255).astype(np.uint8)
        return np.asarray(cv2.LUT(pixels, table[None]), np.uint8)


def estimate_tone(before: Rgb, after: Rgb, shared: Mask) -> Tone:
    """Return the tone that makes `before` look like `after` where most of the shared region agrees."""
    size = (_SAMPLE_SIDE_PX, _SAMPLE_SIDE_PX)
    inside = cv2.resize(shared.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    x, y = (
        np.log(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)[inside].astype(np.float64) + _FLOOR)
        for pixels in (before, after)
    )
    if len(x) < _MIN_SAMPLES:
        return Tone((1.0,) * 3, (0.0,) * 3)
    inliers = np.ones(len(x), np.bool_)
    gains, offsets = np.ones(3), np.median(y - x, axis=0)
    for _ in range(_TRIM_ROUNDS):
        misfit = np.abs(gains * x + offsets - y).max(axis=1)
        inliers = misfit <= np.quantile(misfit, _KEPT_SHARE)
        # Moments, not regression: noise in the first photo must not flatten the curve.
        spread = np.maximum(x[inliers].std(axis=0), 1e-3)
        gains = np.clip(y[inliers].std(axis=0) / spread, *_GAIN_RANGE)
        offsets = y[inliers].mean(axis=0) - gains * x[inliers].mean(axis=0)
    return Tone(tuple(map(float, gains)), tuple(map(float, offsets)))


def match_colours(aligned: Aligned) -> Aligned:
    tone = estimate_tone(aligned.earlier, aligned.later, aligned.shared)
    return replace(aligned, earlier=tone.apply(aligned.earlier))


def equalise_sharpness(aligned: Aligned) -> Aligned:
    """Blur the sharper photo until the edges of most tiles carry as much energy as those of the other."""
    ratio = _sharpness_ratio(aligned.earlier, aligned.later, aligned.shared)
    if ratio >= 1:
        return replace(aligned, earlier=_blurred_to(aligned.earlier, aligned.later, aligned.shared))
    return replace(aligned, later=_blurred_to(aligned.later, aligned.earlier, aligned.shared))


def _blurred_to(sharper: Rgb, softer: Rgb, shared: Mask) -> Rgb:
    low, high = 0.0, _MAX_BLUR_SIGMA_PX
    for _ in range(_BLUR_STEPS):
        middle = (low + high) / 2
        if _sharpness_ratio(_blurred(sharper, middle), softer, shared) > 1:
            low = middle
        else:
            high = middle
    return _blurred(sharper, low)


def _blurred(pixels: Rgb, sigma: float) -> Rgb:
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma), np.uint8) if sigma > 0 else pixels


def _sharpness_ratio(first: Rgb, second: Rgb, shared: Mask) -> float:
    """Ratio of edge energy, first to second, in the median tile: few tiles rust within a year."""
    weights = shared.astype(np.float32)
    covered = _tiled(weights) > _COVERED_TILE
    if not covered.any():
        return 1.0
    energy, other = (_tiled(_edge_energy(pixels) * weights)[covered] + 1.0 for pixels in (first, second))
    return float(np.median(energy / other))


def _edge_energy(pixels: Rgb) -> Plane:
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    smooth = cv2.GaussianBlur(grey, (0, 0), _GRAIN_SIGMA_PX)
    across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    return np.asarray(across * across + down * down, np.float32)


def _tiled(plane: Plane) -> Plane:
    return np.asarray(cv2.resize(plane, (_TILES_PER_SIDE,) * 2, interpolation=cv2.INTER_AREA), np.float32)
