"""Decide whether a picture shows a surface: an ImageNet classifier, calibrated on real and drawn surfaces.

The classifier recognises an animal, a flower or a chair as such. On plating, paint or gelcoat no class of living or
household things has a logit as far above its usual value as on a picture of that thing.
"""

import hashlib
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from inspections.engines.base import Rgb
from inspections.engines.calibration import load_numbers
from inspections.engines.onnx_model import Floats, Network

_CLASSIFIER: Final = Path(__file__).with_name("classifier.onnx")
_CALIBRATION: Final = Path(__file__).with_name("calibration.json")
# Input size of the classifier; the whole picture is resized to a square, whatever its aspect ratio.
_SIDE_PX: Final = 224


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Logits of the foreign classes on surfaces (`mean` and `scale` of each class), and the limit above them.

    At most one surface in a hundred has a class more than `foreign_above` standard deviations above its mean; `tail` is
    the average excess of the rare surfaces above such a limit.
    """

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    foreign_above: float
    tail: float

    @classmethod
    def shipped(cls) -> "Calibration":
        """Load the calibration that ships with the classifier."""
        return cls(**load_numbers(_CALIBRATION))


class DomainGate:
    """Scores how far a picture is out of domain: how much it looks like something that is not a hull."""

    def __init__(self, calibration: Calibration | None = None) -> None:
        self._network = Network(_CLASSIFIER)
        self._calibration = calibration or Calibration.shipped()
        hashed = f"{self._network.digest}{self._calibration!r}{_SIDE_PX}"
        self.digest = hashlib.sha256(hashed.encode()).hexdigest()

    def logits(self, pixels: Rgb) -> NDArray[np.float32]:
        """Return the logits of the foreign classes, one row."""
        (logits,) = self._network(_resized(pixels))
        return np.asarray(logits[0], np.float32)

    def ood_score(self, pixels: Rgb) -> float:
        """Return by how many standard deviations the most conspicuous foreign class exceeds its mean."""
        return ood_score(self.logits(pixels), mean=self._calibration.mean, scale=self._calibration.scale)

    def in_domain_probability(self, pixels: Rgb) -> float:
        """Return the probability that this is a surface: 1, falling with the rarity of such a score among surfaces.

        The tail of the surfaces is taken to fall off exponentially, as most tails do.
        """
        excess = self.ood_score(pixels) - self._calibration.foreign_above
        return math.exp(-excess / self._calibration.tail) if excess > 0 else 1.0


def ood_score(logits: NDArray[np.float32], *, mean: tuple[float, ...], scale: tuple[float, ...]) -> float:
    """Return the largest of the standardised logits."""
    return float(((logits - np.asarray(mean)) / np.asarray(scale)).max())


@cache
def shipped_gate() -> DomainGate:
    """Return the gate shared by the process; it is independent of the mode."""
    return DomainGate()


def _resized(pixels: Rgb) -> Floats:
    square = cv2.resize(pixels, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(square.transpose(2, 0, 1)[None], np.float32)
