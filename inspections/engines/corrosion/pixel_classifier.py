"""Estimate the probability of rust per pixel: quadratic logistic regression on colour and texture."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from inspections.engines.base import Plane, Rgb
from inspections.engines.corrosion.features import pixel_features

_FITTED: Final = Path(__file__).with_name("rust_model.json")
# Standardised features were inside this range in the fit; beyond it the squares would dominate.
_STANDARD_RANGE: Final = 4.0
_SMOOTHING_SIGMA_PX: Final = 2.0


@dataclass(frozen=True, slots=True)
class RustModel:
    """Coefficients for n features z, standardised and clipped: log-odds = bias + linear.z + z.quadratic.z.

    Fitted on the training split of the Corrosion Condition State set (Bianchi & Hebdon 2021, doi
    10.7294/16624663.v2, CC0) and texture tiles (ambientCG, CC0), non-rust paint recoloured to random hues, red above
    all; see docs/model-cards.
    """

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    bias: float
    linear: NDArray[np.float32]
    quadratic: NDArray[np.float32]
    digest: str

    @classmethod
    def fitted(cls) -> "RustModel":
        """Load the shipped coefficients."""
        text = _FITTED.read_bytes()
        stored: dict[str, Any] = json.loads(text)
        digest = hashlib.sha256(text).hexdigest()
        mean, scale, linear, quadratic = (
            np.asarray(stored[name], np.float32) for name in ("mean", "scale", "linear", "quadratic")
        )
        return cls(mean, scale, float(stored["bias"]), linear, quadratic, digest)

    def probability(self, pixels: Rgb) -> Plane:
        """Return the probability of rust per pixel, shape (height, width), for a picture of about 512 px."""
        features = pixel_features(pixels)
        z = np.clip((features - self.mean) / self.scale, -_STANDARD_RANGE, _STANDARD_RANGE)
        log_odds = z @ self.linear + np.einsum("...i,...i->...", z @ self.quadratic, z) + np.float32(self.bias)
        smooth = cv2.GaussianBlur(log_odds, (0, 0), _SMOOTHING_SIGMA_PX)
        return np.asarray(1 / (1 + np.exp(-np.clip(smooth, -60, 60))), np.float32)
