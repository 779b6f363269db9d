"""How long after its lift-out a hull was photographed. Blisters show best while it is wet, and shrink within hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from inspections.modes.base import PointResult
from maretech.common.text import instant_of

SHOWS_BEST_FOR: Final = timedelta(hours=2)
# Two clocks may differ by this much.
_TOLERANCE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Ashore:
    """The time from lift-out to the last photo; None if it is not known. `contradicted`: a photo is older."""

    elapsed: timedelta | None
    contradicted: bool = False

    @property
    def hours(self) -> float | None:
        return None if self.elapsed is None else round(self.elapsed / timedelta(hours=1), 1)


def time_ashore(areas: Sequence[PointResult], context: Mapping[str, str]) -> Ashore:
    """Return how long the hull was ashore when the last photo was taken, by the lift-out in the capture context."""
    lifted_out_at = instant_of(context.get("hauled_out_at", ""))
    taken_at = [instant for area in areas for instant in area.taken_at]
    if lifted_out_at is None or not taken_at:
        return Ashore(None)
    if min(taken_at) < lifted_out_at - _TOLERANCE:
        return Ashore(None, contradicted=True)
    return Ashore(max(max(taken_at) - lifted_out_at, timedelta()))
