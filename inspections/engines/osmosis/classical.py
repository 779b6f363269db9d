"""Detector without a network: detects round bumps that one low lamp lights from one side."""

import hashlib
from dataclasses import dataclass

import numpy as np

from inspections.engines.base import Circle, Plane, Prediction, Rgb
from inspections.engines.confidence import logistic
from inspections.engines.osmosis.bump_detector import find_bumps, lit_from_one_side, shape_features


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Every number that can change a prediction.

    Fitted on rendered blisters over real surfaces and on drawn clean gelcoat: no licensed photograph of real gelcoat
    blisters is known.
    """

    long_side_px: int = 512
    min_strength: float = 0.08
    shape_weights: tuple[float, ...] = (1.079, 1.048, 4.602, -0.652, -1.131)
    shape_offset: float = -8.134
    facing_within_rad: float = 0.7
    possible_above: float = 0.1
    clearest: int = 3
    presence_floor: float = 0.05
    presence_slope: float = 4.24
    presence_offset: float = 1.35


class ClassicalDetector:
    """Detects round relief by pairs of light and shade."""

    name = "classical-2"

    def __init__(self, parameters: Parameters | None = None) -> None:
        self._parameters = parameters or Parameters()
        self.long_side_px = self._parameters.long_side_px
        self.digest = hashlib.sha256(repr(self._parameters).encode()).hexdigest()

    def predict(self, pixels: Rgb) -> Prediction:
        """Return every possible blister with its likelihood, and the probability that there is any."""
        parameters = self._parameters
        bumps = find_bumps(pixels, min_strength=parameters.min_strength)
        log_odds = shape_features(pixels, bumps) @ np.asarray(parameters.shape_weights) + parameters.shape_offset
        likelihoods = np.asarray(1 / (1 + np.exp(-log_odds)), np.float32)
        possible = likelihoods > parameters.possible_above
        bumps, likelihoods = bumps.where(possible), likelihoods[possible]
        same_lamp = lit_from_one_side(bumps, likelihoods, within_rad=parameters.facing_within_rad)
        bumps, likelihoods = bumps.where(same_lamp), likelihoods[same_lamp]
        circles = zip(bumps.x, bumps.y, bumps.radius, likelihoods, strict=True)
        return Prediction(
            probability=self._presence(likelihoods),
            detections=tuple(
                Circle(x=float(x), y=float(y), radius=float(radius), likelihood=float(likelihood))
                for x, y, radius, likelihood in circles
            ),
        )

    def _presence(self, likelihoods: Plane) -> float:
        """One bump may be a drip or a rivet: the few clearest decide together."""
        parameters = self._parameters
        clearest = float(np.sort(likelihoods)[::-1][: parameters.clearest].sum())
        evidence = float(np.log(clearest + parameters.presence_floor))
        return logistic(parameters.presence_slope * evidence + parameters.presence_offset)
