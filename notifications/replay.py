"""Replay of dead letters by staff: one at a time, with an audit record."""

from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.staff.audit import record_staff_action
from maretech.common.work.queue import enqueue_on_commit
from notifications import delivery
from notifications.models import Delivery
from notifications.tasks import send_notification

REPLAY: Final = "replay"


@transaction.atomic
def replay(delivery_id: UUID, *, staff: User, reason: str) -> bool:
    """Queue the dead letter again. Returns False, without an audit record, for any other delivery."""
    row = Delivery.objects.get(pk=delivery_id)
    if not delivery.reopen(delivery_id):
        return False
    detail = {"attempts": row.attempts, "error": row.last_error.partition(":")[0]}
    record_staff_action(staff=staff, action=REPLAY, subject=row, reason=reason, detail=detail)
    enqueue_on_commit(send_notification, str(row.notification_id), queue="notifications", expires_seconds=60)
    return True
