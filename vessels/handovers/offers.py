"""Offer a vessel to an address; cancel the offer as the seller, or decline it as the buyer."""

from datetime import timedelta
from math import ceil
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.identity.verification import require_verified
from accounts.models import User
from billing.entitlements import entitlements
from maretech.common.http.errors import DailyLimitReached, Forbidden, Invalid
from maretech.common.work.queue import enqueue_on_commit
from vessels.availability import refuse_in_handover, refuse_in_use
from vessels.errors import HandoverClosed
from vessels.handovers import transitions
from vessels.handovers.endings import end_offer, expire_offers_of
from vessels.handovers.locking import lock_handover
from vessels.handovers.queries import own_handover
from vessels.models import Handover, HandoverCode, Vessel
from vessels.registration import lock_vessel
from vessels.tasks import send_handover_codes
from vessels.vocabulary import HandoverStatus, Party

_DAY: Final = timedelta(days=1)


@transaction.atomic
def offer_vessel(*, seller: User, vessel_id: UUID, to_email: str, credits: int) -> Handover:
    """Offer the vessel with its history to an address, for this many inspection credits; both parties get a code.

    Does the same whether or not the address has an account: a worker finds out. Raises `NotFound`, `EmailUnverified`,
    `Invalid` for the seller's own address, `VesselInHandover`, `HandoverRefused` while an app above is not done, and
    `DailyLimitReached`.
    """
    entitlements.lock(seller)
    vessel = lock_vessel(owner=seller, vessel_id=vessel_id)
    require_verified(seller)
    if to_email == seller.email:
        raise Invalid(to_email="This is your own address.")
    expire_offers_of(vessel)
    refuse_in_handover(vessel)
    refuse_in_use(vessel)
    _refuse_beyond_limit(seller)
    return _create(seller, vessel, to_email=to_email, credits=credits)


@transaction.atomic
def cancel_offer(*, seller: User, handover_id: UUID) -> Handover:
    """End the seller's open offer; of one that is cancelled, return it.

    Raises `NotFound`, `Forbidden` for the buyer, or `HandoverClosed`.
    """
    return _end_by(seller, Party.SELLER, handover_id, HandoverStatus.CANCELLED)


@transaction.atomic
def decline_offer(*, buyer: User, handover_id: UUID) -> Handover:
    """End an open offer to the buyer; of one that is declined, return it.

    Raises `NotFound`, `Forbidden` for the seller, or `HandoverClosed`.
    """
    return _end_by(buyer, Party.BUYER, handover_id, HandoverStatus.DECLINED)


def _refuse_beyond_limit(seller: User) -> None:
    """Refuse more offers within a day than the limit: each mails another person. The seller is locked."""
    now = timezone.now()
    made = Handover.objects.filter(seller=seller, created_at__gt=now - _DAY).order_by("-created_at")
    # The offer that has to become older than a day before there is room for another.
    blocking = made.values_list("created_at", flat=True)[settings.HANDOVERS_PER_DAY - 1 : settings.HANDOVERS_PER_DAY]
    for created_at in blocking:
        raise DailyLimitReached(retry_after=max(1, ceil((created_at + _DAY - now).total_seconds())))


def _create(seller: User, vessel: Vessel, *, to_email: str, credits: int) -> Handover:
    now = timezone.now()
    handover = Handover.objects.create(
        vessel=vessel,
        vessel_name=vessel.name,
        seller=seller,
        to_email=to_email,
        credits=credits,
        created_at=now,
        expires_at=now + timedelta(hours=settings.HANDOVER_OPEN_HOURS),
    )
    transitions.note_offer(handover)
    HandoverCode.objects.bulk_create([HandoverCode(handover=handover, party=party) for party in Party])
    enqueue_on_commit(send_handover_codes, str(handover.pk), queue="housekeeping", expires_seconds=60)
    return handover


def _end_by(user: User, party: Party, handover_id: UUID, to: HandoverStatus) -> Handover:
    if own_handover(user=user, handover_id=handover_id).party_of(user) != party:
        raise Forbidden(f"Only the {party} can do this.")
    require_verified(user)
    handover = lock_handover(handover_id)
    if handover.status == to:  # a repeated request
        return handover
    if not handover.is_open:
        raise HandoverClosed
    if party == Party.BUYER and handover.buyer_id is None:
        handover.buyer = user
        handover.save(update_fields=["buyer"])
    end_offer(handover, to, cause=f"{to} by the {party}")
    return handover
