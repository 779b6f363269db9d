"""A party consents with its code; with the second right one, everything changes owner in one transaction."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.identity.verification import require_verified
from accounts.models import User
from billing import orders
from vessels.availability import refuse_in_use
from vessels.errors import HandoverClosed, HandoverCodeWrong, HandoverRefused
from vessels.handovers import notices, transitions
from vessels.handovers.codes import find_buyer, is_right
from vessels.handovers.endings import end_offer
from vessels.handovers.locking import lock_handover
from vessels.handovers.queries import own_handover
from vessels.handovers.transfer import move_to_buyer
from vessels.models import Handover, HandoverCode
from vessels.vocabulary import HandoverStatus, Party


def confirm_handover(*, user: User, handover_id: UUID, code: str) -> Handover:
    """Consent as a party of the handover, with the code that was mailed to it; repeated, it changes nothing.

    A wrong code costs a try; after the last one the handover has failed. Raises `NotFound`, `EmailUnverified`,
    `HandoverCodeWrong`, `HandoverClosed`, or, with the second right code, `CreditsMissing` or `HandoverRefused`: then
    the code stays valid.
    """
    party = own_handover(user=user, handover_id=handover_id).party_of(user)
    require_verified(user)
    if party == Party.BUYER:
        find_buyer(handover_id)
    with transaction.atomic():
        handover = _confirm(handover_id, user, code)
    if handover is None:  # raised after the commit, so that the try is counted
        raise HandoverCodeWrong
    return handover


def _confirm(handover_id: UUID, user: User, code: str) -> Handover | None:
    """Return the handover, or None for a wrong code."""
    handover = lock_handover(handover_id)
    party = handover.party_of(user)
    codes = {Party(row.party): row for row in HandoverCode.objects.select_for_update().filter(handover=handover)}
    own = codes.get(party)
    if own is None:  # over so long that its codes are deleted
        raise HandoverClosed
    if own.used_at is not None and (handover.is_open or handover.completed_at is not None):
        return handover
    if not handover.is_open:
        raise HandoverClosed
    if not is_right(own, code):
        _count_wrong(handover, own)
        return None
    own.used_at = timezone.now()
    own.save(update_fields=["used_at"])
    if all(row.used_at is not None for row in codes.values()):
        _complete(handover, party)
    else:
        transitions.await_second_code(handover, party=party)
    return handover


def _count_wrong(handover: Handover, code: HandoverCode) -> None:
    code.tries += 1
    code.save(update_fields=["tries"])
    if code.tries >= settings.RESET_CODE_TRIES:
        end_offer(handover, HandoverStatus.FAILED, cause=f"too many wrong codes of the {code.party}")


def _complete(handover: Handover, party: Party) -> None:
    """Move the credits and the vessel. Everything is locked: it happens as a whole, or not at all."""
    vessel, buyer_id = handover.vessel, handover.buyer_id
    assert vessel is not None  # an offered vessel is not deleted
    assert buyer_id is not None  # the buyer has consented
    if User.objects.filter(pk__in=(handover.seller_id, buyer_id), is_active=True).count() < 2:
        raise HandoverRefused("PARTY_GONE", "The account of the other party is closed.")
    refuse_in_use(vessel)
    if handover.credits:
        orders.pay_credits(
            payer=buyer_id,
            payee=handover.seller_id,
            count=handover.credits,
            source=source_of(handover),
            cause=f"handover {handover.pk}",
        )
    moved, former = move_to_buyer(handover)
    transitions.complete(handover, party=party, moved=moved, former=former)
    notices.withdraw_offer(handover)
    notices.notify_of_completion(handover)


def source_of(handover: Handover) -> str:
    """Return the ledger source of the handover's credits."""
    return f"handover:{handover.pk}"
