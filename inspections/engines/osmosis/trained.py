"""The trained detector: locates blister centres with an EfficientNet-Lite encoder and a small pyramid.

Trained by `training/` on drawn blisters over real surfaces, because no licensed photograph of real gelcoat blisters is
known. docs/model-cards/osmosis.md gives its accuracy and its failure modes.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from inspections.engines.base import Circle, Prediction, Rgb
from inspections.engines.calibration import load_numbers
from inspections.engines.confidence import logistic
from inspections.engines.onnx_model import Network, pad_to_multiple
from inspections.engines.quality_flags import QualityFlag

_HEAD: Final = Path(__file__).with_name("head.onnx")
_CALIBRATION: Final = Path(__file__).with_name("calibration.json")
_STRIDE: Final = 4
_NEIGHBOURHOOD: Final = np.ones((3, 3), np.uint8)
_FLOOR: Final = 0.02
# In radii: nearer centres belong to one dome.
_MIN_SEPARATION: Final = 0.5

Planes = NDArray[np.float32]
"""Logits of cover and of centres, and log radii in cells; shape (3, height / 4, width / 4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Parameters fitted on pictures that the head had not seen in training.

    A blister's likelihood is a logistic line on its peak's log-odds; presence one on `presence_features`.
    """

    peak_slope: float
    peak_offset: float
    presence_weights: tuple[float, ...]
    presence_offset: float
    views_differ_by: float

    @classmethod
    def shipped(cls) -> "Calibration":
        """Load the calibration that ships with the head."""
        return cls(**load_numbers(_CALIBRATION))


class TrainedDetector:
    """Detects domes by their appearance in their surroundings; trained against droplets, rivets and dirt."""

    name = "trained-2"
    long_side_px = 512

    def __init__(self, calibration: Calibration | None = None) -> None:
        self._network = Network(_HEAD)
        self._calibration = calibration or Calibration.shipped()
        hashed = f"{self._network.digest}{self._calibration!r}{self.long_side_px} {_FLOOR} {_MIN_SEPARATION}"
        self.digest = hashlib.sha256(hashed.encode()).hexdigest()

    def predict(self, pixels: Rgb) -> Prediction:
        """Return every possible blister with its likelihood, and the probability that there is any."""
        calibration = self._calibration
        views = self.views(pixels)
        peaks = find_peaks(mean_of_views(views), size=pixels.shape[1::-1])
        each = [self._presence(find_peaks(view, size=pixels.shape[1::-1])) for view in views]
        return Prediction(
            probability=self._presence(peaks),
            quality_flags=(QualityFlag.VIEWS_DISAGREE,) if max(each) - min(each) > calibration.views_differ_by else (),
            detections=tuple(
                Circle(x=peak.x, y=peak.y, radius=peak.radius, likelihood=self._likelihood(peak.likelihood))
                for peak in peaks
            ),
        )

    def views(self, pixels: Rgb) -> list[Planes]:
        """Return the head's output for the picture and for its mirror image, flipped back."""
        turned = pad_to_multiple(pixels)
        planes, _ = self._network(turned[None])
        mirrored, _ = self._network(np.ascontiguousarray(turned[None, :, :, ::-1]))
        return [planes[0], mirrored[0, :, :, ::-1]]

    def _likelihood(self, peak: float) -> float:
        return logistic(self._calibration.peak_slope * log_odds(peak) + self._calibration.peak_offset)

    def _presence(self, peaks: list[Circle]) -> float:
        weights = np.asarray(self._calibration.presence_weights)
        return logistic(float(presence_features(peaks) @ weights) + self._calibration.presence_offset)


def mean_of_views(views: list[Planes]) -> Planes:
    """Return the mean of the views."""
    return np.asarray(np.mean(np.stack(views), axis=0), np.float32)


def find_peaks(planes: Planes, *, size: tuple[int, int]) -> list[Circle]:
    """Return the local maxima of the heat map inside `size` (width, height), strongest first.

    Radii are in pixels of the picture; the likelihood is the uncalibrated heat.
    """
    heat = np.asarray(1 / (1 + np.exp(-planes[1])), np.float32)
    rows, columns = np.nonzero((heat >= cv2.dilate(heat, _NEIGHBOURHOOD)) & (heat > _FLOOR))
    x, y = ((cells + 0.5) * _STRIDE for cells in (columns, rows))
    radius = _STRIDE * np.exp(np.clip(planes[2, rows, columns], -2, 4))
    found = np.stack([x, y, radius, heat[rows, columns]], axis=1)[(x < size[0]) & (y < size[1])]
    strongest_first = found[np.argsort(-found[:, 3], kind="stable")]
    return [
        Circle(x=float(x), y=float(y), radius=float(radius), likelihood=float(likelihood))
        for x, y, radius, likelihood in _suppress_non_maxima(strongest_first)
    ]


def presence_features(peaks: list[Circle]) -> NDArray[np.float64]:
    """Return the input of the presence line: log-odds of the strongest peak and of the three strongest on average."""
    strongest = [peak.likelihood for peak in peaks[:3]]
    strongest += [0.0] * (3 - len(strongest))
    return np.array([log_odds(strongest[0]), np.mean([log_odds(each) for each in strongest])])


def _suppress_non_maxima(peaks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keep the strongest of peaks (rows of x, y, radius, heat) within half a radius: one dome has one centre."""
    kept = np.zeros(len(peaks), np.bool_)
    for index, (x, y, _, _) in enumerate(peaks):
        stronger = peaks[:index][kept[:index]]
        kept[index] = np.all(np.hypot(stronger[:, 0] - x, stronger[:, 1] - y) > _MIN_SEPARATION * stronger[:, 2])
    return peaks[kept]


def log_odds(heat: float) -> float:
    """Return the log-odds of a heat of 0 to 1, kept finite."""
    return float(np.log((heat + 1e-3) / (1 - heat + 1e-3)))
