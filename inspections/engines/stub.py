"""An engine that ignores the picture: for tests, demos and drills of everything around an engine."""

import hashlib
from collections.abc import Mapping
from typing import Final

import numpy as np

from inspections.engines.base import Prediction, Rgb
from inspections.engines.findings import Measurement, Point, PointFinding, Signal
from inspections.engines.overlay import Mask, draw_hatching, encode_png
from inspections.vocabulary import ConfidenceLevel, SignalDetected

_SIGNALS: Final[tuple[SignalDetected, ...]] = (SignalDetected.YES, SignalDetected.NO, SignalDetected.INCONCLUSIVE)
_CONFIDENCES: Final[tuple[ConfidenceLevel, ...]] = (ConfidenceLevel.LOW, ConfidenceLevel.MEDIUM, ConfidenceLevel.HIGH)
_EXTENT: Final = {"corrosion": ("area_percent", "percent"), "osmosis": ("blister_count", "count")}
_OVERLAY_SIDE_PX: Final = 32


class StubEngine:
    """Derives findings from the SHA-256 of the photos' bytes: instant, repeatable, meaningless."""

    model_version = "stub-1"

    long_side_px = 64

    def __init__(self, mode: str) -> None:
        self.mode = mode

    def predict(self, pixels: Rgb) -> Prediction:
        """Return a probability and a uniform map derived from these pixels."""
        digest = hashlib.sha256(pixels.tobytes()).digest()
        probability_map = np.full(pixels.shape[:2], digest[1] / 255, np.float32)
        return Prediction(
            probability=digest[0] / 255,
            probability_map=probability_map,
            segmentation_map=(probability_map > 0.5).astype(np.uint8),
        )

    def examine(self, point: Point, *, context: Mapping[str, str]) -> PointFinding:
        """Return the finding derived from these bytes; ignores the context."""
        digest = hashlib.sha256(b"".join(photo.content for photo in point.photos)).digest()
        detected = _SIGNALS[digest[0] % 3]
        extent = self._extent(digest[2] % 40 if detected == SignalDetected.YES else 0)
        return PointFinding(
            point_index=point.point_index,
            signal_detected=detected,
            confidence=ConfidenceLevel.LOW if detected == SignalDetected.INCONCLUSIVE else _CONFIDENCES[digest[1] % 3],
            extent=extent,
            signals=(Signal(type="stub", strength="weak"),) if detected == SignalDetected.YES else (),
            measurements=(extent,),
            reasons=("stub",) if detected == SignalDetected.INCONCLUSIVE else (),
            overlay_asset_id=point.photos[0].asset_id,
            overlay_png=_overlay(digest),
        )

    def _extent(self, value: float) -> Measurement:
        name, unit = _EXTENT[self.mode]
        return Measurement(name=name, value=value, low=value * 0.5, high=value * 1.5, unit=unit)


def _overlay(digest: bytes) -> bytes:
    blank = np.full((_OVERLAY_SIDE_PX, _OVERLAY_SIDE_PX, 3), digest[3], np.uint8)
    mask: Mask = np.zeros(blank.shape[:2], np.bool_)
    mask[8:24, 8:24] = True
    return encode_png(draw_hatching(blank, mask))
