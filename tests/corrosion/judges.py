"""Engines that see only colour: instant, and exact on the plates of `pictures`."""

import numpy as np

from inspections.engines.base import Look


class ColourJudge:
    """Takes every pixel that is much redder than blue for rust."""

    mode = "corrosion"

    def __init__(self, model_version: str = "colour-1", *, doubts: tuple[str, ...] = ()) -> None:
        self.model_version = model_version
        self.doubts = doubts
        self.looks = 0
        self.longest_side_px = 0

    def look(self, pixels: np.ndarray) -> Look:
        self.looks += 1
        self.longest_side_px = max(self.longest_side_px, *pixels.shape[:2])
        redness = pixels[..., 0].astype(np.float32) - pixels[..., 2]
        return Look(probability=0.9, doubts=self.doubts, share=(redness > 40).astype(np.float32))
