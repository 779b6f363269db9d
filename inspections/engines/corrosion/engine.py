"""The classical corrosion engine: where does painted steel show the colour and texture of rust?"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from inspections.engines.base import Measurement, Photo, Point, PointFinding, Rgb, Signal, SignalDetected, Strength
from inspections.engines.certainty import disagree, logistic, near_photos, pooled, verdict
from inspections.engines.corrosion.features import Plane
from inspections.engines.corrosion.rust_map import RustModel
from inspections.engines.imaging.decode import decode
from inspections.engines.overlay import LONG_SIDE_PX, Mask, hatched, png

_METALS_THAT_DO_NOT_RUST: Final = frozenset({"aluminium"})
# The photo an area is measured on: square on first.
_MEASURING_ORDER: Final = ("mid", "close", "wide")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Every number that can change an answer; its hash is part of `model_version`.

    Pixel thresholds and the presence line were fitted on five-fold held-out predictions, folds split by photograph.
    """

    long_side_px: int = 512
    rust_above: float = 0.34
    surely_rust_above: float = 0.5
    possibly_rust_above: float = 0.25
    presence_quantile: float = 0.99
    presence_slope: float = 1.5
    presence_offset: float = -0.29
    strong_from_percent: float = 10.0
    moderate_from_percent: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What one photo showed: rust per pixel, and how likely there is any."""

    photo: Photo
    rust: Plane
    probability: float


class CorrosionEngine:
    """Judges a point of a steel hull; pure, and safe to share between threads."""

    mode = "corrosion"

    def __init__(self, parameters: Parameters | None = None) -> None:
        self._parameters = parameters or Parameters()
        self._model = RustModel.fitted()
        named = f"{self._parameters!r}{self._model.digest}"
        self.model_version = f"corrosion-classical-1.{hashlib.sha256(named.encode()).hexdigest()[:8]}"

    def examine(self, point: Point, *, context: Mapping[str, str]) -> PointFinding:
        """Return the share of the photographed patch that looks rusted, in percent, with its range.

        Inconclusive on a metal that does not rust, where the angles contradict each other, and where the calibrated
        probability stays between .3 and .7. Raises `UnreadableImage` for a photo that does not decode.
        """
        if context.get("hull_material") in _METALS_THAT_DO_NOT_RUST:
            return _not_judged(point, "not_made_for_this_metal")
        looks = [self._look(photo) for photo in near_photos(point)]
        probabilities = [look.probability for look in looks]
        together = pooled(probabilities)
        detected, confidence = verdict(together)
        reasons = () if detected != "inconclusive" else ("unsure",)
        if disagree(probabilities):
            detected, confidence, reasons = "inconclusive", "low", ("angles_disagree",)
        best = _best(looks, detected)
        extent = self._area(best, detected)
        return PointFinding(
            point_index=point.point_index,
            signal_detected=detected,
            confidence=confidence,
            extent=extent,
            signals=self._signals(extent) if detected == "yes" else (),
            measurements=(extent, _probability(together)),
            reasons=reasons,
            overlay_asset_id=best.photo.asset_id,
            overlay_png=self._overlay(best, marked=detected != "no"),
        )

    def rust_mask(self, pixels: Rgb) -> Mask:
        """Return where rust is seen, shape (height, width) of `pixels`: what the area is counted from."""
        return self._model.probability(pixels) > self._parameters.rust_above

    def _look(self, photo: Photo) -> _Look:
        parameters = self._parameters
        rust = self._model.probability(decode(photo.content, long_side_px=parameters.long_side_px))
        peak = float(np.quantile(rust, parameters.presence_quantile))
        peak_log_odds = float(np.log((peak + 1e-4) / (1 - peak + 1e-4)))
        presence = logistic(parameters.presence_slope * peak_log_odds + parameters.presence_offset)
        return _Look(photo=photo, rust=rust, probability=presence)

    def _area(self, look: _Look, detected: SignalDetected) -> Measurement:
        parameters = self._parameters
        low, value, high = (
            _percent(look.rust, above)
            for above in (parameters.surely_rust_above, parameters.rust_above, parameters.possibly_rust_above)
        )
        if detected == "no":
            low, value = 0.0, 0.0
        return Measurement(name="area_percent", value=value, low=low, high=high, unit="percent")

    def _signals(self, extent: Measurement) -> tuple[Signal, ...]:
        strength: Strength = "weak"
        if extent.value >= self._parameters.strong_from_percent:
            strength = "strong"
        elif extent.value >= self._parameters.moderate_from_percent:
            strength = "moderate"
        return (Signal(type="rust_coloured_area", strength=strength),)

    def _overlay(self, look: _Look, *, marked: bool) -> bytes:
        pixels = decode(look.photo.content, long_side_px=LONG_SIDE_PX)
        if not marked:
            return png(pixels)
        rust = cv2.resize(look.rust, pixels.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        return png(hatched(pixels, rust > self._parameters.rust_above))


def _best(looks: list[_Look], detected: SignalDetected) -> _Look:
    """The photo to measure and to show: the preferred angle, unless only another one shows what was found."""
    ranked = sorted(looks, key=_preference)
    if detected == "no":
        return ranked[0]
    showing = (look for look in ranked if look.probability >= 0.5)
    return next(showing, max(looks, key=_presence))


def _preference(look: _Look) -> int:
    angle = look.photo.angle
    return _MEASURING_ORDER.index(angle) if angle in _MEASURING_ORDER else len(_MEASURING_ORDER)


def _presence(look: _Look) -> float:
    return look.probability


def _percent(rust: Plane, above: float) -> float:
    return round(100 * float((rust > above).mean()), 2)


def _probability(value: float) -> Measurement:
    rounded = round(value, 4)
    return Measurement(name="rust_probability", value=rounded, low=rounded, high=rounded, unit="probability")


def _not_judged(point: Point, reason: str) -> PointFinding:
    photo = point.photos[0]
    return PointFinding(
        point_index=point.point_index,
        signal_detected="inconclusive",
        confidence="low",
        extent=Measurement(name="area_percent", value=0.0, low=0.0, high=100.0, unit="percent"),
        signals=(),
        measurements=(),
        reasons=(reason,),
        overlay_asset_id=photo.asset_id,
        overlay_png=png(decode(photo.content, long_side_px=LONG_SIDE_PX)),
    )
