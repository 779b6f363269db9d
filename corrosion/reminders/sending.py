"""Worker side of reminders: find those to check, compute exactly whether one is due, and send it once.

A stored time is only a hint of when to check, because an inspection, the interval, the zone or the subscription may
have changed since. Whatever was missed, a reminder is therefore neither sent early nor twice, and late by a few days at
most.
"""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from billing.entitlements import entitlements
from corrosion.models import Reminder
from corrosion.reminders.due_dates import Due, due_of, is_last_sent, was_sent, with_last_inspection
from inspections.vocabulary import Mode
from notifications.notify import notify, reinstate
from notifications.recipients.preferences import zone_of
from notifications.vocabulary import KindName

CHECKED_AT_ONCE: Final = 500
# Every reminder is checked this often, in case a process of another release changed what it follows from.
IDLE: Final = timedelta(days=7)
# Another zone moves a date by a day at most; from here on the reminder is checked so often that this is noticed.
ZONES: Final = timedelta(hours=26)
NEAR: Final = timedelta(minutes=30)
# A subscription that is bought again is noticed within this time.
PAUSED: Final = timedelta(hours=1)


def reminders_to_check() -> list[UUID]:
    """Return the reminders to check now, the longest due first."""
    return list(Reminder.due().order_by("due_at").values_list("pk", flat=True)[:CHECKED_AT_ONCE])


def check_reminder(reminder_id: UUID) -> None:
    """Send the reminder if its date has come, and note when to check it next. Safe to run twice, also at once."""
    claimed = Reminder.claim(reminder_id)
    if claimed is not None:
        _check(claimed)


@transaction.atomic
def _check(claimed: Reminder) -> None:
    """Decide and send in one transaction, under the locks of all that the decision depends on."""
    entitlements.lock(claimed.owner_id)
    Reminder.objects.select_for_update().filter(pk=claimed.pk).first()
    # A statement of its own: the locking one may have waited, and has the other tables' values from before.
    row = with_last_inspection(Reminder.awaited()).filter(pk=claimed.pk).first()
    if row is None:
        return
    now = timezone.now()
    due = due_of(row, zone=zone_of(row.owner_id))
    if due is None or row.armed_at >= due.at:  # it was over when it was set
        row.due_at = now + IDLE
    elif was_sent(row, due):
        _renew(row, due)
        row.due_at = now + IDLE
    elif due.at > now:
        row.due_at = _next_check(due.at, now)
    elif _is_paused(row):
        row.due_at = now + PAUSED
    else:
        _send(row, due)
        row.due_at = now + IDLE
    row.attempts = 0
    row.save()


def _is_paused(row: Reminder) -> bool:
    return not entitlements.corrosion_entitlement(row.owner_id).subscribed


def _next_check(due_at: datetime, now: datetime) -> datetime:
    if due_at - now > ZONES:
        return min(due_at - ZONES, now + IDLE)
    return min(due_at, now + NEAR)


def _send(row: Reminder, due: Due) -> None:
    row.sent_at, row.sent_due_on = timezone.now(), due.on
    row.sent_inspection_id, row.sent_interval_days = due.inspection_id, row.interval_days
    notify(
        kind=KindName.RECHECK_DUE,
        recipient=row.owner_id,
        event_key=_event_key(row, due.on),
        data={"vessel_id": row.vessel_id},
        variant=Mode.CORROSION,
    )


def _renew(row: Reminder, due: Due) -> None:
    """Send what was withdrawn of the last date that was sent, if it is due again: a later inspection was deleted."""
    if row.sent_due_on is not None and is_last_sent(row, due) and not _is_paused(row):
        reinstate(event_key=_event_key(row, row.sent_due_on))


def _event_key(row: Reminder, due_on: date) -> str:
    return f"{KindName.RECHECK_DUE}:{row.vessel_id}:{row.owner_id}:{due_on.isoformat()}"
