"""Measure the change of rusted area between two photos of one place with one detector. Plain Python."""

from dataclasses import dataclass
from typing import Final, Protocol

from corrosion.judgement.alignment import Aligned, laid, shrunk
from corrosion.judgement.comparability import PHOTOS_DO_NOT_MATCH, TOO_UNCERTAIN
from corrosion.judgement.normalisation import equally_sharp, with_colours_of_later
from corrosion.judgement.registration import Registration, find_landmarks, register
from corrosion.judgement.trend import MEASURED_NOISE, Change, Noise
from inspections.engines.base import Plane, Prediction, Rgb

# Smaller than an engine asks for: the less a prediction depends on grain and edges, the less two of one place differ.
# Of 512, 384, 320 and 256 px this size varied least on made pairs of the calibration split, with the previous head; the
# present head was tried at 512 and 384.
_LONG_SIDE_PX: Final = 384


class Judge(Protocol):
    """The part of an engine that a comparison needs."""

    def predict(self, pixels: Rgb) -> Prediction: ...


@dataclass(frozen=True, slots=True)
class Compared:
    """Two photos in one frame, normalised, and the prediction of one detector for each."""

    aligned: Aligned
    before: Prediction
    after: Prediction

    @property
    def points(self) -> float:
        """Change of rust in the shared region, in percentage points: from soft areas, without a threshold."""
        return self._mean_percent(_share(self.after)) - self._mean_percent(_share(self.before))

    @property
    def unsure_points(self) -> float:
        """Uncertain area of the maps: p(1 - p) is largest where a pixel is equally likely to be rust or not."""
        shares = (_share(self.before), _share(self.after))
        return sum(self._mean_percent(share * (1 - share)) for share in shares) / len(shares)

    @property
    def is_doubted(self) -> bool:
        return bool(self.before.quality_flags or self.after.quality_flags)

    def change(self, noise: Noise = MEASURED_NOISE) -> Change:
        """Change of area with its standard error."""
        return Change(self.points, noise.of(self.unsure_points))

    def _mean_percent(self, plane: Plane) -> float:
        return 100 * float(plane[self.aligned.shared].mean())


def measure_change(earlier: Rgb, later: Rgb, *, judge: Judge, noise: Noise = MEASURED_NOISE) -> Change | str:
    """Return the change of area on the region that both photos show, or a reason of `comparability` if unknown.

    Both photos must be decoded as for `registration`.
    """
    registration = lay(earlier, later)
    if registration is None:
        return PHOTOS_DO_NOT_MATCH
    compared = compare(laid(earlier, later, registration), judge=judge)
    if compared.is_doubted:
        return TOO_UNCERTAIN
    return compared.change(noise)


def lay(earlier: Rgb, later: Rgb) -> Registration | None:
    """Register the earlier photo to the later one; None if the registration is not reliable."""
    found = register(find_landmarks(earlier), find_landmarks(later))
    return found if found is not None and found.is_reliable else None


def compare(aligned: Aligned, *, judge: Judge) -> Compared:
    """Normalise both photos, and run the judge on both at a smaller scale than for one photo."""
    alike = equally_sharp(with_colours_of_later(shrunk(aligned, _LONG_SIDE_PX)))
    return Compared(alike, judge.predict(alike.earlier), judge.predict(alike.later))


def _share(prediction: Prediction) -> Plane:
    if prediction.probability_map is None:
        raise TypeError("this engine draws no map")
    return prediction.probability_map
