"""When the next inspection of a vessel is due: a date by the owner's calendar, sent at one hour of the owner's clock.

A vessel without a completed inspection has no due date.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery

from corrosion.models import Reminder
from inspections.models import Inspection
from inspections.vocabulary import InspectionStatus, Mode

SENT_AT_HOUR: Final = 9  # by the owner's clock


@dataclass(frozen=True, slots=True)
class Due:
    """The due date, the moment at which it is sent, and the inspection that it follows from."""

    on: date
    at: datetime
    inspection_id: UUID


def with_last_inspection(rows: QuerySet[Reminder]) -> QuerySet[Reminder]:
    """Add the id of the vessel's last completed inspection, and when it was opened, to reminders."""
    last = Inspection.objects.filter(
        vessel=OuterRef("vessel"), mode=Mode.CORROSION, status=InspectionStatus.COMPLETED, deleted_at=None
    ).order_by("-created_at", "-id")
    return rows.annotate(
        last_inspection_id=Subquery(last.values("pk")[:1]), last_inspected_at=Subquery(last.values("created_at")[:1])
    )


def due_of(row: Reminder, *, zone: ZoneInfo) -> Due | None:
    """Return when the reminder is due; None without an inspection. The row comes from `with_last_inspection`."""
    inspected_at: datetime | None = row.last_inspected_at  # type: ignore[attr-defined]
    if inspected_at is None:
        return None
    due_on = due_date(inspected_at, interval_days=row.interval_days, zone=zone)
    return Due(due_on, moment_of(due_on, zone=zone), row.last_inspection_id)  # type: ignore[attr-defined]


def due_date(inspected_at: datetime, *, interval_days: int, zone: ZoneInfo) -> date:
    """Return the date that many days after the inspection, both by the calendar in that zone."""
    return inspected_at.astimezone(zone).date() + timedelta(days=interval_days)


def moment_of(due_on: date, *, zone: ZoneInfo) -> datetime:
    """Return the moment at which a due date is sent.

    Where the clock shows that hour twice, it is the first; where it skips the hour, or the whole day, it is as long
    after the change.
    """
    return datetime.combine(due_on, time(SENT_AT_HOUR), tzinfo=zone).astimezone(UTC)


def was_sent(row: Reminder, due: Due) -> bool:
    """Return whether the owner was already reminded of this date.

    Another zone may move the date of the same inspection by a day or two, which is no news; and a date before the last
    one that was sent is none either.
    """
    return row.sent_due_on is not None and (due.on <= row.sent_due_on or is_last_sent(row, due))


def is_last_sent(row: Reminder, due: Due) -> bool:
    """Return whether it is the date that was sent last, by the calendar of any zone."""
    return (row.sent_inspection_id, row.sent_interval_days) == (due.inspection_id, row.interval_days)
