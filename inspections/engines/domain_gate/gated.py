"""A detector with a domain gate: a picture that is clearly out of domain gets a quality flag."""

import hashlib
from dataclasses import replace

from inspections.engines.base import Detector, Prediction, Rgb
from inspections.engines.domain_gate.gate import DomainGate
from inspections.engines.quality_flags import QualityFlag


class GatedDetector:
    """Wraps a detector and multiplies its probability by the probability that the picture shows a hull."""

    def __init__(self, detector: Detector, gate: DomainGate) -> None:
        self._detector = detector
        self._gate = gate
        self.name = detector.name
        self.long_side_px = detector.long_side_px
        self.digest = hashlib.sha256(f"{detector.digest}{gate.digest}".encode()).hexdigest()

    def predict(self, pixels: Rgb) -> Prediction:
        """Return the detector's prediction; its probability is that of a hull that shows the signal."""
        prediction, in_domain = self._detector.predict(pixels), self._gate.in_domain_probability(pixels)
        if in_domain == 1:
            return prediction
        return replace(
            prediction,
            probability=in_domain * prediction.probability,
            quality_flags=(*prediction.quality_flags, QualityFlag.NOT_A_HULL),
        )
