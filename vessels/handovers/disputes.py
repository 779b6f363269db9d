"""Dispute a completed handover, and decide the dispute: it stays completed, or it is reversed."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.identity.verification import require_verified
from accounts.models import User
from accounts.staff.audit import record_staff_action
from billing import orders
from vessels.errors import HandoverRefused
from vessels.handovers import notices, transitions
from vessels.handovers.confirmation import source_of
from vessels.handovers.endings import end_offer
from vessels.handovers.locking import lock_handover
from vessels.handovers.queries import own_handover
from vessels.handovers.transfer import move_to_seller
from vessels.models import OPEN, Handover
from vessels.vocabulary import HandoverStatus, Party


class NotDisputed(Exception):
    """There is no dispute to decide any more."""


@transaction.atomic
def dispute_handover(*, user: User, handover_id: UUID, reason: str) -> Handover:
    """Dispute a completed handover as one of its parties: the vessel is locked until staff decide. Repeatable.

    An offer of the vessel to somebody else ends. Raises `NotFound`, `EmailUnverified`, or `HandoverRefused` if the
    handover is not completed, its time is over, it was decided, or the vessel was handed on or is gone.
    """
    party = own_handover(user=user, handover_id=handover_id).party_of(user)
    require_verified(user)
    handover = lock_handover(handover_id)
    if handover.status == HandoverStatus.DISPUTED and handover.disputed_by == party:
        return handover
    _refuse_late(handover)
    for offer in Handover.objects.select_for_update().filter(vessel=handover.vessel_id, status__in=OPEN):
        end_offer(offer, HandoverStatus.CANCELLED, cause="an earlier handover of the vessel is disputed")
    transitions.dispute(handover, party=party, reason=reason)
    notices.notify_of_dispute(handover)
    return handover


@transaction.atomic
def keep_completed(*, staff: User, handover_id: UUID, reason: str) -> Handover:
    """Decide that the vessel stays with the buyer. Raises `NotDisputed`, `ReasonRequired`."""
    handover = _disputed(handover_id)
    record_staff_action(staff=staff, action="complete_handover", subject=handover, reason=reason)
    complete_again(handover, cause="decided by staff")
    return handover


@transaction.atomic
def reverse_handover(*, staff: User, handover_id: UUID, reason: str) -> Handover:
    """Decide that vessel and credits return. Raises `NotDisputed`, `ReasonRequired`."""
    handover = _disputed(handover_id)
    if not _has_both_parties(handover):
        raise NotDisputed("The account of a party is closed: its erasure settles this dispute.")
    record_staff_action(staff=staff, action="reverse_handover", subject=handover, reason=reason)
    reverse(handover, cause="decided by staff")
    return handover


def complete_again(handover: Handover, *, cause: str) -> None:
    """disputed → completed. The caller has locked the handover."""
    transitions.decide(handover, HandoverStatus.COMPLETED, cause=cause)
    notices.notify_of_completion(handover)


def reverse(handover: Handover, *, cause: str) -> None:
    """disputed → reversed: return the credits, even as a debt, and the vessel. The caller has locked everything."""
    assert handover.buyer_id is not None
    if handover.credits:
        orders.return_credits(
            payer=handover.seller_id,
            payee=handover.buyer_id,
            count=handover.credits,
            source=f"{source_of(handover)}/reversed",
            cause=f"handover {handover.pk} reversed",
        )
    move_to_seller(handover)
    transitions.decide(handover, HandoverStatus.REVERSED, cause=cause)
    notices.notify_of_reversal(handover)


def _disputed(handover_id: UUID) -> Handover:
    handover = lock_handover(handover_id)
    if handover.status != HandoverStatus.DISPUTED:
        raise NotDisputed(f"There is nothing to decide: the handover is {handover.status}.")
    return handover


def _refuse_late(handover: Handover) -> None:
    if handover.status == HandoverStatus.DISPUTED:
        raise HandoverRefused("DISPUTED", "The other party has disputed this handover already.")
    if handover.decided_at is not None:
        raise HandoverRefused("DECIDED", "A dispute of this handover was decided already.")
    if handover.status != HandoverStatus.COMPLETED or handover.completed_at is None:
        raise HandoverRefused("NOT_COMPLETED", "Only a completed handover can be disputed.")
    if timezone.now() > handover.completed_at + timedelta(days=settings.HANDOVER_DISPUTE_DAYS):
        raise HandoverRefused("TOO_LATE", "The time to dispute this handover is over.")
    if handover.vessel is None or handover.vessel.owner_id != handover.buyer_id or _was_handed_on(handover):
        raise HandoverRefused("HANDED_ON", "The vessel was handed on or deleted since, so nothing can be reversed.")
    if not _has_both_parties(handover):
        raise HandoverRefused("PARTY_GONE", "The other party's account is closed, so nothing can be reversed.")


def _was_handed_on(handover: Handover) -> bool:
    """Return whether the vessel has changed owner since, also if it came back to the buyer, and not by a reversal."""
    later = Handover.objects.filter(vessel=handover.vessel_id, completed_at__gt=handover.completed_at)
    return later.exclude(status=HandoverStatus.REVERSED).exists()


def _has_both_parties(handover: Handover) -> bool:
    active = User.objects.filter(is_active=True)
    parties = active.filter(Q(handovers_as_seller=handover) | Q(handovers_as_buyer=handover))
    return parties.distinct().count() == len(Party)
