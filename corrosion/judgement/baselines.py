"""Baselines: blasting or painting a point restarts its comparisons. Plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SurfaceWork:
    """Work that changes the surface, on one day. `points` are the indices of the points; empty: every point."""

    performed_on: date
    points: frozenset[int] = frozenset()

    def touches(self, point_index: int) -> bool:
        return not self.points or point_index in self.points

    def is_between(self, one: date, other: date) -> bool:
        """Return whether the work separates visits on these days, in either order.

        Work on the day of a visit counts as before the visit.
        """
        return min(one, other) < self.performed_on <= max(one, other)


def is_restarted(point_index: int, works: Iterable[SurfaceWork], one: date, other: date) -> bool:
    """Return whether the point has another surface on one of the two days than on the other."""
    return any(work.touches(point_index) and work.is_between(one, other) for work in works)
