"""The corrosion engine: locates rust on painted steel and measures its share of the photographed patch."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import cv2

from inspections.engines.base import Detector, Plane, Prediction, Rgb
from inspections.engines.confidence import NUMBERS, aggregate, near_photos, pool_probabilities, with_quality_flags
from inspections.engines.corrosion.metals import NON_RUSTING_METALS
from inspections.engines.findings import Measurement, Photo, Point, PointFinding, Signal, Strength
from inspections.engines.imaging.decode import decode, read_picture
from inspections.engines.imaging.scaling import shrink
from inspections.engines.overlay import LONG_SIDE_PX, draw_hatching, encode_png
from inspections.vocabulary import ConfidenceLevel, SignalDetected

# Order in which a photo is chosen to measure the area: square on first.
_MEASURING_ORDER: Final = ("mid", "close", "wide")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """The numbers of this judgement; hashed into `model_version` with the detector and `confidence.NUMBERS`."""

    marked_above: float = 0.5
    area_error_points: float = 1.0
    area_error_share: float = 0.4
    strong_from_percent: float = 10.0
    moderate_from_percent: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _AnalysedPhoto:
    """One photo, its pixels for the mark-up, and its prediction; `probability_map` is never None."""

    photo: Photo
    pixels: Rgb
    prediction: Prediction
    probability_map: Plane


class CorrosionEngine:
    """Judges a point of a steel hull; pure, and safe to share between threads."""

    mode = "corrosion"

    def __init__(self, detector: Detector, parameters: Parameters | None = None) -> None:
        self._detector = detector
        self._parameters = parameters or Parameters()
        self.long_side_px = detector.long_side_px
        hashed = f"{self._parameters!r}{NUMBERS!r}{_MEASURING_ORDER}{LONG_SIDE_PX}{detector.digest}"
        self.model_version = f"corrosion-{detector.name}.{hashlib.sha256(hashed.encode()).hexdigest()[:8]}"

    def predict(self, pixels: Rgb) -> Prediction:
        """Return the rusted share of every pixel, and the probability of any rust."""
        return self._detector.predict(pixels)

    def examine(self, point: Point, *, context: Mapping[str, str]) -> PointFinding:
        """Return the share of the photographed patch that looks rusted, in percent, with its range.

        Inconclusive on a metal that does not rust, if no photo is reliable, if the angles contradict each other, and if
        the calibrated probability stays between .3 and .7. Raises `UnreadableImage` for a photo that does not decode.
        """
        if context.get("hull_material") in NON_RUSTING_METALS:
            return _inconclusive(point, "not_made_for_this_metal")
        photos = [self._analyse(photo) for photo in near_photos(point)]
        detected, confidence, reasons = aggregate([photo.prediction for photo in photos])
        # Photos with quality flags do not count for the area either, unless there are no others.
        trusted = [photo for photo in photos if not photo.prediction.quality_flags] or photos
        best = _choose_photo(trusted, detected)
        extent = self._area(best, detected)
        return PointFinding(
            point_index=point.point_index,
            signal_detected=detected,
            confidence=confidence,
            extent=extent,
            signals=self._signals(extent) if detected == SignalDetected.YES else (),
            measurements=(
                extent,
                _probability(pool_probabilities([photo.prediction.probability for photo in trusted])),
            ),
            reasons=reasons,
            overlay_asset_id=best.photo.asset_id,
            overlay_png=self._overlay(best, marked=detected != SignalDetected.NO),
        )

    def _analyse(self, photo: Photo) -> _AnalysedPhoto:
        picture = read_picture(photo.content, long_side_px=LONG_SIDE_PX)
        prediction = with_quality_flags(self._detector.predict(shrink(picture.pixels, self.long_side_px)), picture)
        assert prediction.probability_map is not None
        return _AnalysedPhoto(
            photo=photo, pixels=picture.pixels, prediction=prediction, probability_map=prediction.probability_map
        )

    def _area(self, analysed: _AnalysedPhoto, detected: SignalDetected) -> Measurement:
        """Expected share of the patch; its range holds nine of ten true areas of pictures not used in training."""
        parameters = self._parameters
        expected = 100 * float(analysed.probability_map.mean())
        error = parameters.area_error_points + parameters.area_error_share * expected
        low, high = max(0.0, expected - error), min(100.0, expected + error)
        if detected == SignalDetected.NO:
            low, expected = 0.0, 0.0
        low, expected, high = (round(percent, 2) for percent in (low, expected, high))
        return Measurement(name="area_percent", value=expected, low=low, high=high, unit="percent")

    def _signals(self, extent: Measurement) -> tuple[Signal, ...]:
        strength: Strength = "weak"
        if extent.value >= self._parameters.strong_from_percent:
            strength = "strong"
        elif extent.value >= self._parameters.moderate_from_percent:
            strength = "moderate"
        return (Signal(type="rust_coloured_area", strength=strength),)

    def _overlay(self, analysed: _AnalysedPhoto, *, marked: bool) -> bytes:
        if not marked:
            return encode_png(analysed.pixels)
        probability_map = cv2.resize(
            analysed.probability_map, analysed.pixels.shape[1::-1], interpolation=cv2.INTER_LINEAR
        )
        return encode_png(draw_hatching(analysed.pixels, probability_map > self._parameters.marked_above))


def _choose_photo(photos: list[_AnalysedPhoto], detected: SignalDetected) -> _AnalysedPhoto:
    """Return the photo to measure and to show: the preferred angle, unless only another one shows the finding."""
    ranked = sorted(photos, key=_preference)
    if detected == SignalDetected.NO:
        return ranked[0]
    showing = (photo for photo in ranked if photo.prediction.probability >= 0.5)
    return next(showing, max(photos, key=_presence))


def _preference(analysed: _AnalysedPhoto) -> int:
    angle = analysed.photo.angle
    return _MEASURING_ORDER.index(angle) if angle in _MEASURING_ORDER else len(_MEASURING_ORDER)


def _presence(analysed: _AnalysedPhoto) -> float:
    return analysed.prediction.probability


def _probability(value: float) -> Measurement:
    rounded = round(value, 4)
    return Measurement(name="rust_probability", value=rounded, low=rounded, high=rounded, unit="probability")


def _inconclusive(point: Point, reason: str) -> PointFinding:
    photo = point.photos[0]
    return PointFinding(
        point_index=point.point_index,
        signal_detected=SignalDetected.INCONCLUSIVE,
        confidence=ConfidenceLevel.LOW,
        extent=Measurement(name="area_percent", value=0.0, low=0.0, high=100.0, unit="percent"),
        signals=(),
        measurements=(),
        reasons=(reason,),
        overlay_asset_id=photo.asset_id,
        overlay_png=encode_png(decode(photo.content, long_side_px=LONG_SIDE_PX)),
    )
