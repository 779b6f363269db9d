"""Predictors by colour alone: instant, and exact on the plates of `pictures`."""

import numpy as np

from inspections.engines.base import Prediction


class ColourPredictor:
    """Takes every pixel that is much redder than blue for rust."""

    mode = "corrosion"

    def __init__(self, model_version: str = "colour-1", *, quality_flags: tuple[str, ...] = ()) -> None:
        self.model_version = model_version
        self.quality_flags = quality_flags
        self.calls = 0
        self.longest_side_px = 0

    def predict(self, pixels: np.ndarray) -> Prediction:
        self.calls += 1
        self.longest_side_px = max(self.longest_side_px, *pixels.shape[:2])
        redness = pixels[..., 0].astype(np.float32) - pixels[..., 2]
        return Prediction(
            probability=0.9, quality_flags=self.quality_flags, probability_map=(redness > 40).astype(np.float32)
        )
