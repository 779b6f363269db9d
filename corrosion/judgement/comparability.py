"""Decide whether two visits to the same point can be compared, as far as possible without pixels. Plain Python.

A comparison that would be a guess is refused with a reason; it never becomes "stable".
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from corrosion.judgement.baselines import SurfaceWork, VisitDays, is_restarted
from corrosion.vocabulary import IncomparableReason
from inspections.engines.corrosion.metals import NON_RUSTING_METALS


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPhoto:
    """One usable photo: SHA-256 and location of its frozen bytes, and location of its viewing copy."""

    asset_id: str
    sha256: str
    evidence_uri: str
    view_uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPoint:
    """One point of one visit. `photos` by angle."""

    label: str
    photos: Mapping[str, VisitPhoto]
    overlay_asset_id: str
    overlay_uri: str | None

    @property
    def overlay_angle(self) -> str | None:
        """The marked-up angle, if its photo exists."""
        return next((angle for angle, photo in self.photos.items() if photo.asset_id == self.overlay_asset_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One inspection as input of a comparison. `points` by point index; `hull_material` as recorded, or "".

    `vessel_id` is None only if the inspection was deleted meanwhile. `days` are dates at the owner's, and
    `surface_works` all that was ever done to the surface of the vessel.
    """

    vessel_id: str | None
    hull_material: str
    points: Mapping[int, VisitPoint]
    days: VisitDays
    surface_works: Sequence[SurfaceWork] = ()


@dataclass(frozen=True, slots=True)
class PointPair:
    """The same point on two visits; a side is None if the point was not photographed.

    `is_restarted` is true if the vessel is one and the surface of the point was changed between the visits.
    """

    before: VisitPoint | None
    after: VisitPoint | None
    same_vessel: bool
    can_rust: bool
    is_restarted: bool = False

    @property
    def photos(self) -> list[tuple[VisitPhoto, VisitPhoto]]:
        """The photos of the angles that both visits have."""
        return [self.photos_of(angle) for angle in self.angles]

    @property
    def angles(self) -> list[str]:
        if self.before is None or self.after is None:
            return []
        return [angle for angle in self.before.photos if angle in self.after.photos]

    def photos_of(self, angle: str) -> tuple[VisitPhoto, VisitPhoto]:
        assert self.before is not None
        assert self.after is not None
        return self.before.photos[angle], self.after.photos[angle]

    @property
    def is_identical(self) -> bool:
        """True if both visits have exactly the same files, angle by angle."""
        if self.before is None or self.after is None or not self.angles:
            return False
        everywhere = len(self.angles) == len(self.before.photos) == len(self.after.photos)
        return everywhere and all(before.sha256 == after.sha256 for before, after in self.photos)


def pair_of(index: int, *, before: Visit, after: Visit) -> PointPair:
    same_vessel = before.vessel_id is not None and before.vessel_id == after.vessel_id
    return PointPair(
        before.points.get(index),
        after.points.get(index),
        same_vessel=same_vessel,
        can_rust=not NON_RUSTING_METALS & {before.hull_material, after.hull_material},
        is_restarted=same_vessel and is_restarted(index, after.surface_works, before.days, after.days),
    )


def first_obstacle(pair: PointPair) -> str | None:
    """Returns the first reason why the point cannot be compared; None if only its pixels could still prevent it."""
    return next((reason for reason, holds in _RULES if holds(pair)), None)


def _lacks_usable_photos(pair: PointPair) -> bool:
    return not (pair.before and pair.before.photos and pair.after and pair.after.photos)


# The first rule that holds gives the reason. A changed surface comes before identical files, because nothing is
# compared across it; identical files come before the metal, because they are unchanged on every one.
_RULES: Final[tuple[tuple[str, Callable[[PointPair], bool]], ...]] = (
    (IncomparableReason.DIFFERENT_VESSEL, lambda pair: not pair.same_vessel),
    (IncomparableReason.MAINTENANCE_BETWEEN, lambda pair: pair.is_restarted),
    (IncomparableReason.POINT_MISSING, lambda pair: pair.before is None or pair.after is None),
    (IncomparableReason.NO_USABLE_PHOTOS, _lacks_usable_photos),
    (IncomparableReason.OTHER_METAL, lambda pair: not pair.is_identical and not pair.can_rust),
    (IncomparableReason.NO_COMMON_ANGLE, lambda pair: not pair.angles),
)
