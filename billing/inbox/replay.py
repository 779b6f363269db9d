"""Replay webhook events for staff: one at a time, with an audit record, without delay."""

from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.staff.audit import record_staff_action
from billing.inbox import events
from billing.models import ProviderEvent
from billing.tasks import send_event

REPLAY: Final = "replay"


@transaction.atomic
def replay(event_id: UUID, *, staff: User, reason: str) -> bool:
    """Queue the event again. Returns False, without an audit record, for an event that is already waiting."""
    event = ProviderEvent.objects.defer("body").get(pk=event_id)
    if not events.replay(event_id):
        return False
    kind_of_error = event.error.partition(":")[0]  # the rest may hold personal data, and this record outlives erasures
    was = {"state": event.state, "attempts": event.attempts, "error": kind_of_error}
    record_staff_action(staff=staff, action=REPLAY, subject=event, reason=reason, detail=was)
    send_event(event_id)
    return True
