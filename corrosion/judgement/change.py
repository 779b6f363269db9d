"""Measure the change of rusted area between two photos of one place with one detector. Plain Python."""

from dataclasses import dataclass
from typing import Final, Protocol

from corrosion.judgement.alignment import Aligned, align_pair, shrink_pair
from corrosion.judgement.normalisation import equalise_sharpness, match_colours
from corrosion.judgement.registration import Registration, find_landmarks, register
from corrosion.judgement.trend import MEASURED_NOISE, Change, Noise
from corrosion.vocabulary import IncomparableReason
from inspections.engines.base import Plane, Prediction, Rgb

# Smaller than an engine asks for: the less a prediction depends on grain and edges, the less two of one place differ.
# Of 512, 384, 320 and 256 px this size varied least on made pairs of the calibration split, with the previous head; the
# present head was tried at 512 and 384.
_LONG_SIDE_PX: Final = 384


class Predictor(Protocol):
    """The part of an engine that a comparison needs."""

    def predict(self, pixels: Rgb) -> Prediction: ...


@dataclass(frozen=True, slots=True)
class PairPrediction:
    """Two photos in one frame, normalised, and the prediction of one detector for each."""

    aligned: Aligned
    before: Prediction
    after: Prediction

    @property
    def points(self) -> float:
        """Change of rust in the shared region, in percentage points: from soft areas, without a threshold."""
        return self._mean_percent(_map(self.after)) - self._mean_percent(_map(self.before))

    @property
    def uncertain_points(self) -> float:
        """Uncertain area of the maps: p(1 - p) is largest where a pixel is equally likely to be rust or not."""
        maps = (_map(self.before), _map(self.after))
        return sum(self._mean_percent(plane * (1 - plane)) for plane in maps) / len(maps)

    @property
    def has_quality_flags(self) -> bool:
        return bool(self.before.quality_flags or self.after.quality_flags)

    def change(self, noise: Noise = MEASURED_NOISE) -> Change:
        """Change of area with its standard error."""
        return Change(self.points, noise.of(self.uncertain_points))

    def _mean_percent(self, plane: Plane) -> float:
        return 100 * float(plane[self.aligned.shared].mean())


def measure_change(earlier: Rgb, later: Rgb, *, predictor: Predictor, noise: Noise = MEASURED_NOISE) -> Change | str:
    """Return the change of area on the region that both photos show, or a reason of `comparability` if unknown.

    Both photos must be decoded as for `registration`.
    """
    registration = register_pair(earlier, later)
    if registration is None:
        return IncomparableReason.PHOTOS_DO_NOT_MATCH
    prediction = predict_pair(align_pair(earlier, later, registration), predictor=predictor)
    if prediction.has_quality_flags:
        return IncomparableReason.TOO_UNCERTAIN
    return prediction.change(noise)


def register_pair(earlier: Rgb, later: Rgb) -> Registration | None:
    """Register the earlier photo to the later one; None if the registration is unreliable."""
    registration = register(find_landmarks(earlier), find_landmarks(later))
    return registration if registration is not None and registration.is_reliable else None


def predict_pair(aligned: Aligned, *, predictor: Predictor) -> PairPrediction:
    """Normalise both photos, and predict for both at a smaller scale than for one photo."""
    alike = equalise_sharpness(match_colours(shrink_pair(aligned, _LONG_SIDE_PX)))
    return PairPrediction(alike, predictor.predict(alike.earlier), predictor.predict(alike.later))


def _map(prediction: Prediction) -> Plane:
    if prediction.probability_map is None:
        raise TypeError("this engine draws no map")
    return prediction.probability_map
