"""The end of an offer without a change of owner, also when no one answered in time."""

from uuid import UUID

from django.db import transaction

from vessels.handovers import notices, transitions
from vessels.handovers.locking import lock_handover
from vessels.models import Handover, Vessel
from vessels.vocabulary import HandoverStatus


def end_offer(handover: Handover, to: HandoverStatus, *, cause: str) -> None:
    """End an open offer, send no more of it, and notify whom it concerns. The caller has locked it."""
    transitions.end(handover, to, cause=cause)
    notices.withdraw_offer(handover)
    notices.notify_of_end(handover)


def expire_offers_of(vessel: Vessel) -> None:
    """End the vessel's expired offers, before the sweep does. The caller has locked the vessel."""
    for handover in Handover.objects.overdue().filter(vessel=vessel).select_for_update():
        _expire(handover)


def overdue_offers() -> list[UUID]:
    """Return the offers without an answer in time, the oldest first."""
    return list(Handover.objects.overdue().order_by("expires_at").values_list("pk", flat=True))


@transaction.atomic
def expire_offer(handover_id: UUID) -> None:
    """End the offer if its time is over. Safe to run twice."""
    handover = lock_handover(handover_id)
    if Handover.objects.overdue().filter(pk=handover.pk).exists():
        _expire(handover)


def _expire(handover: Handover) -> None:
    end_offer(handover, HandoverStatus.EXPIRED, cause="not answered in time")
