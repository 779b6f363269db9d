"""Lift-outs noted at given moments, and rounds of the scheduler."""

from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine

from accounts.models import User
from notifications.models import Notification
from osmosis.tasks import send_lift_out_notices
from testing.phone import Phone

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LIFTED = NOON + timedelta(days=7)


def note_at(phone: Phone, vessel_id: Any, lifted_out_at: datetime = LIFTED, *, at: datetime = NOON) -> dict[str, Any]:
    """Note a lift-out at that moment, as the app does."""
    with time_machine.travel(at, tick=False):
        answer = Phone.of(phone.owner).set(
            f"/osmosis/lift-outs/{vessel_id}", {"lifted_out_at": lifted_out_at.isoformat()}
        )
    assert answer.status_code == 200, answer.content
    return answer.json()


def run_at(*moments: datetime) -> None:
    """Run the scheduler's round at these moments."""
    for moment in moments:
        with time_machine.travel(moment, tick=False):
            send_lift_out_notices()


def sent_to(owner: User) -> list[Notification]:
    return list(Notification.objects.filter(recipient=owner, kind="lift_out_soon").order_by("created_at"))
