"""The comparisons that the timeline of a vessel consists of: steps between visits, and segments. Plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from corrosion.judgement.baselines import SurfaceWork, VisitDays, is_restarted

Pair = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class DatedVisit:
    """One visit: its inspection, its days, and the indices of the points that were photographed."""

    id: UUID
    days: VisitDays
    points: frozenset[int]


def segments(
    point_index: int, visits: Sequence[DatedVisit], works: Sequence[SurfaceWork]
) -> list[tuple[DatedVisit, ...]]:
    """Return the visits to the point, oldest first, as one segment per surface. `visits` are oldest first."""
    found: list[list[DatedVisit]] = []
    for visit in visits:
        if point_index not in visit.points:
            continue
        if found and not is_restarted(point_index, works, found[-1][-1].days, visit.days):
            found[-1].append(visit)
        else:
            found.append([visit])
    return [tuple(segment) for segment in found]


def steps(visits: Sequence[DatedVisit]) -> dict[UUID, Pair]:
    """Return the step to each visit but the first: the visit before it, and the visit. `visits` are oldest first."""
    return {after.id: (before.id, after.id) for before, after in pairwise(visits)}


def timeline_pairs(visits: Sequence[DatedVisit], works: Sequence[SurfaceWork]) -> set[Pair]:
    """Return the pairs that a timeline shows: each step, and both ends of each segment."""
    points = frozenset[int]().union(*(visit.points for visit in visits))
    ends = {
        (segment[0].id, segment[-1].id) for index in points for segment in segments(index, visits, works) if segment[1:]
    }
    return ends | set(steps(visits).values())
