"""Baselines of vessels as their maintenance and the owner's zone set them now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from corrosion.comparison.stored_points import restarted_in
from corrosion.judgement.baselines import SurfaceWork, VisitDays, is_restarted
from corrosion.models import Comparison, Maintenance, SupersededAnswer
from corrosion.vocabulary import SURFACE_CHANGING, IncomparableReason
from notifications.recipients.preferences import zone_of


@dataclass(frozen=True, slots=True)
class Baselines:
    """The surface works of some vessels, and the owner's zone, by which the days of a visit are counted."""

    zone: ZoneInfo
    works: Mapping[UUID, tuple[SurfaceWork, ...]]

    def days_of(self, opened_at: datetime, submitted_at: datetime | None) -> VisitDays:
        """Return the days of a visit; one that is not submitted yet lasts until today."""
        ended_at = submitted_at or timezone.now()
        return VisitDays(*(at.astimezone(self.zone).date() for at in (opened_at, ended_at)))

    def is_restarted(self, comparison: Comparison, point_index: int) -> bool:
        """Return whether the surface of the point was changed between both inspections, which must be loaded."""
        before, after = comparison.before, comparison.after
        if before.vessel_id is None or before.vessel_id != after.vessel_id:
            return False
        days = (self.days_of(visit.created_at, visit.submitted_at) for visit in (before, after))
        return is_restarted(point_index, self.works.get(before.vessel_id, ()), *days)

    def contradict(self, comparison: Comparison) -> bool:
        """Return whether the stored answer is about other baselines: maintenance or the zone changed since.

        An answer that was given up has no points, and so no trend across a baseline.
        """
        if is_given_up(comparison):
            return False
        indices = {entry["point_index"] for entry in comparison.points}
        now = {index for index in indices if self.is_restarted(comparison, index)}
        return now != restarted_in(comparison.points)


def baselines_of(owner_id: UUID, vessel_ids: Iterable[UUID | None]) -> Baselines:
    """Return the baselines of these vessels of one owner, in two statements."""
    rows = Maintenance.objects.filter(vessel__in=set(vessel_ids) - {None}, kind__in=SURFACE_CHANGING)
    return Baselines(zone_of(owner_id), works_of(rows))


def works_of(maintenance: Iterable[Maintenance]) -> dict[UUID, tuple[SurfaceWork, ...]]:
    """Return the works that change a surface, by vessel."""
    works: dict[UUID, tuple[SurfaceWork, ...]] = {}
    for row in maintenance:
        if row.changes_surface:
            work = SurfaceWork(row.performed_on, frozenset(row.points))
            works[row.vessel_id] = (*works.get(row.vessel_id, ()), work)
    return works


def is_given_up(answer: Comparison | SupersededAnswer) -> bool:
    reasons: list[str] = answer.reasons
    return reasons == [IncomparableReason.COULD_NOT_BE_COMPARED]
