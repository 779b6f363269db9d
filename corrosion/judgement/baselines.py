"""Baselines: blasting or painting a point restarts its comparisons. Plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class VisitDays:
    """The days from the opening of an inspection to its submission: its photos were taken on one of them."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class SurfaceWork:
    """Work that changes the surface, on one day. `points` are the indices of the points; empty: every point."""

    performed_on: date
    points: frozenset[int] = frozenset()

    def touches(self, point_index: int) -> bool:
        return not self.points or point_index in self.points

    def is_between(self, one: VisitDays, other: VisitDays) -> bool:
        """Return whether the work may separate the photos of these visits, in either order.

        Work on the day of a photo counts as before the photo. During a visit of several days the photos may be from
        before the work or from after it, so such work separates the visit from all others.
        """
        return min(one.first, other.first) < self.performed_on <= max(one.last, other.last)


def is_restarted(point_index: int, works: Iterable[SurfaceWork], one: VisitDays, other: VisitDays) -> bool:
    """Return whether the point may have another surface on one of the two visits than on the other."""
    return any(work.touches(point_index) and work.is_between(one, other) for work in works)
