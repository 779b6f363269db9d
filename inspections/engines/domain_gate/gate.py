"""Is it a surface at all, or a cat? An ImageNet classifier, held against how it sees real and drawn surfaces.

A photograph of an animal, a flower or a chair is recognised as such. A surface is not: whatever the classifier makes of
plating, paint or gelcoat, no class of living or household things stands out as it does on a picture of the thing.
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
from inspections.engines.calibration import stored_numbers
from inspections.engines.onnx_model import Floats, Network

_CLASSIFIER: Final = Path(__file__).with_name("classifier.onnx")
_CALIBRATION: Final = Path(__file__).with_name("calibration.json")
# What the classifier was made for; the whole picture, squeezed to a square.
_SIDE_PX: Final = 224


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How the foreign classes come out on surfaces (`mean` and `scale` of each class's logit), and what is beyond that.

    Above `foreign_above` standard deviations a class stands out as on one of a hundred surfaces at most; `tail` is how
    far beyond such a height those few lie on average.
    """

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    foreign_above: float
    tail: float

    @classmethod
    def shipped(cls) -> "Calibration":
        """Load what ships beside the classifier."""
        return cls(**stored_numbers(_CALIBRATION))


class SubjectGate:
    """Tells how much a picture looks like one of something that is no hull."""

    def __init__(self, calibration: Calibration | None = None) -> None:
        self._network = Network(_CLASSIFIER)
        self._calibration = calibration or Calibration.shipped()
        named = f"{self._network.digest}{self._calibration!r}{_SIDE_PX}"
        self.digest = hashlib.sha256(named.encode()).hexdigest()

    def logits(self, pixels: Rgb) -> NDArray[np.float32]:
        """Return the logits of the foreign classes, one row."""
        (logits,) = self._network(_squeezed(pixels))
        return np.asarray(logits[0], np.float32)

    def strangeness(self, pixels: Rgb) -> float:
        """Return by how many standard deviations of its class the most outstanding foreign class stands out."""
        return strangeness(self.logits(pixels), mean=self._calibration.mean, scale=self._calibration.scale)

    def belief(self, pixels: Rgb) -> float:
        """Return how far to believe that this is a surface: 1, and less the fewer surfaces come out so strange.

        The tail of the surfaces falls off exponentially, as the tails of most things do.
        """
        beyond = self.strangeness(pixels) - self._calibration.foreign_above
        return math.exp(-beyond / self._calibration.tail) if beyond > 0 else 1.0


def strangeness(logits: NDArray[np.float32], *, mean: tuple[float, ...], scale: tuple[float, ...]) -> float:
    """Return the largest of the standardised logits."""
    return float(((logits - np.asarray(mean)) / np.asarray(scale)).max())


@cache
def shipped_gate() -> SubjectGate:
    """Return the process's one gate; every mode may ask it, for it knows of none."""
    return SubjectGate()


def _squeezed(pixels: Rgb) -> Floats:
    square = cv2.resize(pixels, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(square.transpose(2, 0, 1)[None], np.float32)
