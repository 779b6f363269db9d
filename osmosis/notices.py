"""Worker side of lift-outs: notify once of each that was planned, shortly before it and never when it is too late."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from inspections.vocabulary import Mode
from notifications.notify import notify
from notifications.vocabulary import KindName
from osmosis.lift_outs import notify_at
from osmosis.models import LiftOut
from vessels.models import Vessel

SENT_AT_ONCE: Final = 500
# What the photos are to show is gone after the first hours ashore.
USEFUL_FOR: Final = timedelta(hours=2)

log = structlog.get_logger(__name__)


def notices_to_send() -> list[UUID]:
    """Return the lift-outs to notify now, the longest due first."""
    return list(LiftOut.due().order_by("due_at").values_list("pk", flat=True)[:SENT_AT_ONCE])


def send_notice(lift_out_id: UUID) -> None:
    """Notify of the lift-out, unless it was moved or is over. Safe to run twice, also at once."""
    if LiftOut.claim(lift_out_id) is not None:
        _send(lift_out_id)


@transaction.atomic
def _send(lift_out_id: UUID) -> None:
    # In the order in which the owner's requests lock.
    list(Vessel.objects.select_for_update(of=("self",), no_key=True).filter(lift_out=lift_out_id))
    LiftOut.objects.select_for_update().filter(pk=lift_out_id).first()
    # A statement of its own: the locking one may have waited, and has the other tables' values from before.
    row = LiftOut.awaited().filter(pk=lift_out_id).first()
    if row is None:
        return
    now, row.attempts, row.due_at = timezone.now(), 0, notify_at(row.lifted_out_at)
    if row.due_at <= now:
        row.awaits_notice = False
        stale_at = row.lifted_out_at + USEFUL_FOR
        if now < stale_at:
            row.notified_for = row.lifted_out_at
            notify(
                kind=KindName.LIFT_OUT_SOON,
                recipient=row.owner_id,
                event_key=_event_key(row),
                data={"vessel_id": row.vessel_id},
                variant=Mode.OSMOSIS,
                stale_at=stale_at,
            )
        else:
            log.warning("lift-out passed without its notification", lift_out=str(row.pk))
    row.save()


def _event_key(row: LiftOut) -> str:
    return f"{KindName.LIFT_OUT_SOON}:{row.vessel_id}:{row.owner_id}:{row.lifted_out_at.isoformat()}"
