"""The osmosis engine: counts blister-like bumps on a surface in low light."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from inspections.engines.base import Circle, Detector, Prediction, Rgb
from inspections.engines.confidence import NUMBERS, classify, lower_confidence, with_quality_flags
from inspections.engines.findings import Measurement, Photo, Point, PointFinding, Signal, Strength
from inspections.engines.imaging.decode import read_picture
from inspections.engines.imaging.scaling import shrink
from inspections.engines.overlay import LONG_SIDE_PX, draw_circles, encode_png
from inspections.engines.quality_flags import QualityFlag
from inspections.vocabulary import ConfidenceLevel, SignalDetected

# The lowest light shows relief best, so the close photo decides; the others only if it is missing.
_DECIDING_ORDER: Final = ("close", "mid", "wide")
_CIRCLE_RADII: Final = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """The numbers of this judgement; hashed into `model_version` with the detector and `confidence.NUMBERS`."""

    counted_above: float = 0.2
    count_error: float = 5.0
    count_error_share: float = 0.3
    strong_from_count: int = 20
    moderate_from_count: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _AnalysedPhoto:
    """One photo, its pixels for the mark-up, its analysed size (px) and its prediction."""

    photo: Photo
    pixels: Rgb
    width: int
    height: int
    prediction: Prediction


class OsmosisEngine:
    """Judges a point of a fibreglass hull; pure, never surer than "medium", and safe to share between threads."""

    mode = "osmosis"

    def __init__(self, detector: Detector, parameters: Parameters | None = None) -> None:
        self._detector = detector
        self._parameters = parameters or Parameters()
        self.counted_above = self._parameters.counted_above
        self.long_side_px = detector.long_side_px
        hashed = f"{self._parameters!r}{NUMBERS!r}{_DECIDING_ORDER}{LONG_SIDE_PX}{detector.digest}"
        self.model_version = f"osmosis-{detector.name}.{hashlib.sha256(hashed.encode()).hexdigest()[:8]}"

    def predict(self, pixels: Rgb) -> Prediction:
        """Return the blister-like bumps of a picture, and the probability that there is any."""
        return self._detector.predict(pixels)

    def examine(self, point: Point, *, context: Mapping[str, str]) -> PointFinding:
        """Return how many blister-like bumps the photo in the lowest light shows, with its range.

        Inconclusive if that photo shows none but another does, and if the probability stays under .8 for yes and over
        .3 for no. Raises `UnreadableImage` for a photo that does not decode.
        """
        first, *others = (self._analyse(photo) for photo in sorted(point.photos, key=_preference))
        detected, confidence, reasons = _aggregate(first, others)
        count = self._count(first.prediction.detections, detected)
        return PointFinding(
            point_index=point.point_index,
            signal_detected=detected,
            confidence=confidence,
            extent=count,
            signals=self._signals(count) if detected == SignalDetected.YES else (),
            measurements=(count, _density(count, first), _probability(first.prediction.probability)),
            reasons=reasons,
            overlay_asset_id=first.photo.asset_id,
            overlay_png=self._overlay(first, marked=detected != SignalDetected.NO),
        )

    def _analyse(self, photo: Photo) -> _AnalysedPhoto:
        picture = read_picture(photo.content, long_side_px=LONG_SIDE_PX)
        resized = shrink(picture.pixels, self.long_side_px)
        height, width = resized.shape[:2]
        prediction = with_quality_flags(self._detector.predict(resized), picture)
        return _AnalysedPhoto(photo=photo, pixels=picture.pixels, width=width, height=height, prediction=prediction)

    def _count(self, blisters: tuple[Circle, ...], detected: SignalDetected) -> Measurement:
        """Number counted; the range holds nine of ten true numbers of pictures not used in training."""
        parameters = self._parameters
        value = sum(blister.likelihood > parameters.counted_above for blister in blisters)
        error = parameters.count_error + parameters.count_error_share * value
        low, high = max(0, math.floor(value - error)), math.ceil(value + error)
        if detected == SignalDetected.NO:
            low, value = 0, 0
        return Measurement(name="blister_count", value=float(value), low=float(low), high=float(high), unit="count")

    def _signals(self, count: Measurement) -> tuple[Signal, ...]:
        strength: Strength = "weak"
        if count.value >= self._parameters.strong_from_count:
            strength = "strong"
        elif count.value >= self._parameters.moderate_from_count:
            strength = "moderate"
        return (Signal(type="blister_like_relief", strength=strength),)

    def _overlay(self, analysed: _AnalysedPhoto, *, marked: bool) -> bytes:
        if not marked:
            return encode_png(analysed.pixels)
        scale = analysed.pixels.shape[1] / analysed.width
        counted = (each for each in analysed.prediction.detections if each.likelihood > self._parameters.counted_above)
        circles = (
            Circle(x=each.x * scale, y=each.y * scale, radius=each.radius * scale * _CIRCLE_RADII) for each in counted
        )
        return encode_png(draw_circles(analysed.pixels, circles))


def _aggregate(
    first: _AnalysedPhoto, others: list[_AnalysedPhoto]
) -> tuple[SignalDetected, ConfidenceLevel, tuple[str, ...]]:
    """Judge by the deciding photo. Never "high"; a "yes" that is low by that photo alone does not count as one.

    A sign that only another photo shows makes a "no" inconclusive. A sign that another photo lacks lowers a "yes" by
    one level (and "yes, low" is reported): in flatter light relief can be present and invisible.
    """
    if first.prediction.quality_flags:
        return SignalDetected.INCONCLUSIVE, ConfidenceLevel.LOW, first.prediction.quality_flags
    detected, confidence = classify(first.prediction.probability)
    also = {classify(other.prediction.probability)[0] for other in others if not other.prediction.quality_flags}
    if detected == SignalDetected.NO and SignalDetected.YES in also:
        return SignalDetected.INCONCLUSIVE, ConfidenceLevel.LOW, (QualityFlag.ANGLES_DISAGREE,)
    if detected == SignalDetected.INCONCLUSIVE or (
        detected == SignalDetected.YES and confidence == ConfidenceLevel.LOW
    ):
        return SignalDetected.INCONCLUSIVE, ConfidenceLevel.LOW, (QualityFlag.UNSURE,)
    if confidence == ConfidenceLevel.HIGH:
        confidence = ConfidenceLevel.MEDIUM
    return (
        detected,
        lower_confidence(confidence) if detected == SignalDetected.YES and SignalDetected.NO in also else confidence,
        (),
    )


def _preference(photo: Photo) -> int:
    return _DECIDING_ORDER.index(photo.angle) if photo.angle in _DECIDING_ORDER else len(_DECIDING_ORDER)


def _density(count: Measurement, analysed: _AnalysedPhoto) -> Measurement:
    """Blisters per million pixels of the analysed picture: without a scale there are no square metres."""
    per_count = 1e6 / (analysed.width * analysed.height)
    value, low, high = (round(number * per_count, 2) for number in (count.value, count.low, count.high))
    return Measurement(name="blister_density", value=value, low=low, high=high, unit="per_megapixel")


def _probability(value: float) -> Measurement:
    rounded = round(value, 4)
    return Measurement(name="blister_probability", value=rounded, low=rounded, high=rounded, unit="probability")
