"""Erasure of a party's account: settle what it shares with the other party before anything is deleted."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from vessels.handovers import disputes
from vessels.handovers.endings import end_offer
from vessels.handovers.locking import lock_handover
from vessels.models import OPEN, UNDER_WAY, Handover
from vessels.vocabulary import HandoverStatus

_CAUSE = "an account was closed"


def settle_handovers_of(user_id: UUID) -> None:
    """End the offers of and to an account that is being erased, and settle its disputes. Safe to run twice.

    A disputed vessel stays with the buyer if the seller goes, and returns to the seller if the buyer goes: the erasure
    deletes only what belongs to the one who goes. Of two closed accounts the buyer's erasure takes the vessel along.
    """
    concerned = Q(seller=user_id) | Q(buyer=user_id)
    proven = User.objects.filter(pk=user_id, email_verified_at__isnull=False).values_list("email", flat=True).first()
    if proven:  # an address that is not proven declines nothing
        concerned |= Q(buyer=None, to_email=proven)
    under_way = Handover.objects.filter(concerned, status__in=UNDER_WAY)
    for handover_id in under_way.order_by("created_at").values_list("pk", flat=True):
        _settle(handover_id, user_id)


@transaction.atomic
def _settle(handover_id: UUID, user_id: UUID) -> None:
    handover = lock_handover(handover_id)
    is_seller = handover.seller_id == user_id
    if handover.status in OPEN:
        end_offer(handover, HandoverStatus.CANCELLED if is_seller else HandoverStatus.DECLINED, cause=_CAUSE)
    elif handover.status == HandoverStatus.DISPUTED and (is_seller or not handover.seller.is_active):
        disputes.complete_again(handover, cause=_CAUSE)
    elif handover.status == HandoverStatus.DISPUTED:
        disputes.reverse(handover, cause=_CAUSE)
