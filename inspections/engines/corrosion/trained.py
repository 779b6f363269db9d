"""The trained detector: a class of corrosion for every pixel, by an EfficientNet-Lite encoder and a small pyramid.

Trained by `training/` on the Corrosion Condition State set (Bianchi & Hebdon 2021, doi 10.7294/16624663.v2).
docs/model-cards/corrosion.md gives its accuracy and its failure modes.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from inspections.engines.base import Plane, Prediction, Rgb
from inspections.engines.calibration import load_numbers
from inspections.engines.confidence import logistic
from inspections.engines.onnx_model import Network, pad_to_multiple
from inspections.engines.quality_flags import QualityFlag

_HEAD: Final = Path(__file__).with_name("head.onnx")
_CALIBRATION: Final = Path(__file__).with_name("calibration.json")

Probabilities = NDArray[np.float32]
"""Of each class per pixel, shape (4, height, width): good, fair, poor, severe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Parameters fitted on pictures that the head had not seen in training.

    The share of a pixel is a logistic line on its log-odds of rust, presence one on `presence_features`. A scene
    further than `unlike_above` from all training scenes (see `scene_distance`) is out of domain and unreliable; mirror
    images whose probabilities differ by more than `views_differ_by` give no answer.
    """

    share_slope: float
    share_offset: float
    graded_above: float
    presence_weights: tuple[float, ...]
    presence_offset: float
    scene_mean: tuple[float, ...]
    scene_scale: tuple[float, ...]
    unlike_above: float
    views_differ_by: float

    @classmethod
    def shipped(cls) -> "Calibration":
        """Load the calibration that ships with the head."""
        return cls(**load_numbers(_CALIBRATION))


class TrainedDetector:
    """Detects rust by its appearance in its surroundings, not by colour alone."""

    name = "trained-2"
    long_side_px = 512

    def __init__(self, calibration: Calibration | None = None) -> None:
        self._network = Network(_HEAD)
        self._calibration = calibration or Calibration.shipped()
        hashed = f"{self._network.digest}{self._calibration!r}{self.long_side_px}"
        self.digest = hashlib.sha256(hashed.encode()).hexdigest()

    def predict(self, pixels: Rgb) -> Prediction:
        """Return the rusted share and the class of every pixel, from the picture and its mirror image."""
        views, scene = self.views(pixels)
        probabilities = mean_of_views(views)
        probability_map = rust_probability(probabilities, self._calibration)
        segmentation_map = np.where(
            probability_map > self._calibration.graded_above, 1 + probabilities[1:].argmax(axis=0), 0
        )
        return Prediction(
            probability=self._presence(probability_map),
            quality_flags=self._quality_flags(views, scene),
            probability_map=probability_map,
            segmentation_map=segmentation_map.astype(np.uint8),
        )

    def views(self, pixels: Rgb) -> tuple[list[Probabilities], NDArray[np.float32]]:
        """Return the head's output for the picture, for its mirror image (flipped back), and for the scene."""
        planes, scene = self._network(pad_to_multiple(pixels)[None])
        mirrored, _ = self._network(pad_to_multiple(pixels[:, ::-1])[None])
        size = pixels.shape[1::-1]
        return [_probabilities(planes[0], size), _probabilities(mirrored[0], size)[:, :, ::-1]], scene[0]

    def _presence(self, rust: Plane) -> float:
        weights = np.asarray(self._calibration.presence_weights)
        return logistic(float(presence_features(rust) @ weights) + self._calibration.presence_offset)

    def _quality_flags(self, views: list[Probabilities], scene: NDArray[np.float32]) -> tuple[str, ...]:
        calibration = self._calibration
        each = [self._presence(rust_probability(view, calibration)) for view in views]
        far = scene_distance(scene, mean=calibration.scene_mean, scale=calibration.scene_scale)
        quality_flags = {
            QualityFlag.VIEWS_DISAGREE: max(each) - min(each) > calibration.views_differ_by,
            QualityFlag.UNLIKE_TRAINING: far > calibration.unlike_above,
        }
        return tuple(flag for flag, holds in quality_flags.items() if holds)


def mean_of_views(views: list[Probabilities]) -> Probabilities:
    """Return the mean of the views."""
    return np.asarray(np.mean(np.stack(views), axis=0), np.float32)


def rust_probability(probabilities: Probabilities, calibration: Calibration) -> Plane:
    """Return the expected share of rust per pixel, shape (height, width)."""
    good = np.clip(probabilities[0], 1e-5, 1 - 1e-5)
    line = calibration.share_slope * np.log((1 - good) / good) + calibration.share_offset
    return np.asarray(1 / (1 + np.exp(-line)), np.float32)


def presence_features(rust: Plane) -> NDArray[np.float64]:
    """Return the presence line's input: log-odds of the strongest hundredth and thousandth, and log of the area."""
    peaks = np.quantile(rust, (0.99, 0.999))
    return np.array([*np.log((peaks + 1e-4) / (1 - peaks + 1e-4)), np.log(rust.mean() + 1e-3)])


def scene_distance(scene: NDArray[np.float32], *, mean: tuple[float, ...], scale: tuple[float, ...]) -> float:
    """Return the distance of a scene from the training pictures: the root mean square of its standardised numbers."""
    standardised = (scene - np.asarray(mean)) / np.asarray(scale)
    return float(np.sqrt((standardised**2).mean()))


def _probabilities(planes: NDArray[np.float32], size: tuple[int, int]) -> Probabilities:
    """Convert logits at a quarter of the padded size to probabilities at the size (width, height) of the picture."""
    width, height = size
    full = [cv2.resize(plane, None, fx=4, fy=4, interpolation=cv2.INTER_LINEAR)[:height, :width] for plane in planes]
    odds = np.exp(np.stack(full) - np.max(full, axis=0))
    return np.asarray(odds / odds.sum(axis=0), np.float32)
