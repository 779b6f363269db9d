"""Detector without a network: classifies pixels by colour and texture. Baseline for the trained detector."""

import hashlib
from dataclasses import dataclass

import numpy as np

from inspections.engines.base import Plane, Prediction, Rgb
from inspections.engines.confidence import logistic
from inspections.engines.corrosion.pixel_classifier import RustModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Every number that can change a prediction.

    The presence line was fitted on five-fold held-out predictions, folds split by photograph.
    """

    long_side_px: int = 512
    rust_above: float = 0.34
    presence_quantile: float = 0.99
    presence_slope: float = 1.5
    presence_offset: float = -0.29


class ClassicalDetector:
    """Detects rust by colour and texture alone; mistakes red paint for rust more often than the trained detector."""

    name = "classical-2"

    def __init__(self, parameters: Parameters | None = None) -> None:
        self._parameters = parameters or Parameters()
        self._model = RustModel.fitted()
        self.long_side_px = self._parameters.long_side_px
        self.digest = hashlib.sha256(f"{self._parameters!r}{self._model.digest}".encode()).hexdigest()

    def predict(self, pixels: Rgb) -> Prediction:
        """Return the probability of rust per pixel, and of any rust from the reddest hundredth."""
        probability_map = self._model.probability(pixels)
        segmentation_map = (probability_map > self._parameters.rust_above).astype(np.uint8)
        return Prediction(
            probability=self._presence(probability_map),
            probability_map=probability_map,
            segmentation_map=segmentation_map,
        )

    def _presence(self, probability_map: Plane) -> float:
        parameters = self._parameters
        peak = float(np.quantile(probability_map, parameters.presence_quantile))
        peak_log_odds = float(np.log((peak + 1e-4) / (1 - peak + 1e-4)))
        return logistic(parameters.presence_slope * peak_log_odds + parameters.presence_offset)
