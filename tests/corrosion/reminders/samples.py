"""Vessels with inspections and reminders, and rounds of the scheduler at given moments."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine

from accounts.models import User
from corrosion.models import Reminder
from corrosion.tasks import send_due_reminders
from inspections.models import Inspection
from notifications.models import Notification
from notifications.recipients.preferences import change_preferences
from testing.factories import InspectionFactory, deliver_result
from testing.phone import Phone

BERLIN = "Europe/Berlin"
SPRING = datetime(2026, 3, 1, 12, tzinfo=UTC)


def inspected(owner: User, at: datetime = SPRING, *, vessel: str = "Tern", **changes: Any) -> Inspection:
    """Create a completed corrosion inspection of that moment, as a row."""
    inspection = InspectionFactory.create(owner=owner, completed=True, created_at=at, vessel_label=vessel, **changes)
    deliver_result(inspection)
    return inspection


def set_at(phone: Phone, vessel_id: Any, at: datetime = SPRING, **body: Any) -> dict[str, Any]:
    """Set the reminder of a vessel at that moment, as the app does."""
    with time_machine.travel(at, tick=False):
        renewed = Phone.of(phone.owner)  # a session of that time
        answer = renewed.set(f"/corrosion/reminders/{vessel_id}", {"interval_days": 90, "enabled": True} | body)
    assert answer.status_code == 200, answer.content
    return answer.json()


def live_in(owner: User, zone: str) -> None:
    change_preferences(user=owner, time_zone=zone)


def run_at(*moments: datetime) -> None:
    """Run the scheduler's round at these moments."""
    for moment in moments:
        with time_machine.travel(moment, tick=False):
            send_due_reminders()


def every(step: timedelta, *, begin: datetime, end: datetime) -> Iterable[datetime]:
    while begin <= end:
        yield begin
        begin += step


def sent_to(owner: User) -> list[Notification]:
    return list(Notification.objects.filter(recipient=owner, kind="recheck_due").order_by("created_at"))


def reminder_of(owner: User) -> Reminder:
    return Reminder.objects.get(owner=owner)
