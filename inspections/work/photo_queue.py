"""Which photo is checked next: the rows are the queue, and a worker holds a photo by a lease.

A message asks for the next photo in turn, not for a particular one, so that one owner's many photos do not delay other
owners; the number of one owner's photos checked at once is limited.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from billing.entitlements import entitlements
from inspections.lifecycle.fair_queue import next_turn
from inspections.models import MediaAsset
from inspections.vocabulary import AssetState, InspectionStatus

# Enough messages to wake this many workers: each check sends the next one.
WOKEN_AT_ONCE = 50
# Of several workers that find the same next photo, one claims it; the others search again.
_CLAIM_TRIES = 5


@dataclass(frozen=True, slots=True)
class CheckLease:
    """The right to check one photo; it counts towards the owner's limit of concurrent checks."""

    asset_id: uuid.UUID
    lease: uuid.UUID


def next_photo() -> uuid.UUID | None:
    return _claimable(timezone.now()).values_list("pk", flat=True).first()


def _claimable(now: datetime) -> QuerySet[MediaAsset]:
    """In turn, without owners at their limit of concurrent checks."""
    running = MediaAsset.objects.filter(check_lease__isnull=False, check_lease_until__gte=now).order_by()
    per_owner = running.values("slot__inspection__owner").annotate(count=Count("pk"))
    busy = per_owner.filter(count__gte=settings.CHECKS_AT_ONCE_PER_OWNER).values("slot__inspection__owner")
    free = unchecked_photos().filter(Q(check_lease_until=None) | Q(check_lease_until__lt=now), check_turn__isnull=False)
    return free.exclude(slot__inspection__owner__in=busy).order_by("check_turn", "uploaded_at")


def claim_next() -> CheckLease | None:
    for _ in range(_CLAIM_TRIES):
        found = _claimable(timezone.now()).values_list("pk", "slot__inspection__owner_id").first()
        if found is None:
            return None
        claimed = _claim(*found)
        if claimed is not None:
            return claimed
    return None


@transaction.atomic
def _claim(asset_id: uuid.UUID, owner_id: uuid.UUID) -> CheckLease | None:
    """Claim by compare-and-set, under the owner's lock: two workers never exceed the owner's limit."""
    entitlements.lock(owner_id)
    now, lease = timezone.now(), uuid.uuid4()
    until = now + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    taken = _claimable(now).filter(pk=asset_id).order_by().update(check_lease=lease, check_lease_until=until)
    return CheckLease(asset_id, lease) if taken else None


def release(claim: CheckLease, *, until: datetime | None) -> None:
    """`until` keeps the photo itself from being claimed again at once."""
    MediaAsset.objects.filter(pk=claim.asset_id, check_lease=claim.lease).update(
        check_lease=None, check_lease_until=until
    )


def unchecked_photos() -> QuerySet[MediaAsset]:
    """Returns uploaded photos that still need a check."""
    return MediaAsset.objects.filter(
        state=AssetState.UPLOADED,
        superseded_at=None,
        slot__inspection__status=InspectionStatus.PENDING,
        slot__inspection__deleted_at=None,
    )


def next_check_turn(owner_id: uuid.UUID) -> int:
    """Returns the turn of one more photo of this owner. The caller holds the owner's lock."""
    waiting = unchecked_photos().filter(check_turn__isnull=False)
    return next_turn(waiting, own=waiting.filter(slot__inspection__owner=owner_id), column="check_turn")


def photos_to_check() -> list[uuid.UUID]:
    """Return photos with a lost message, enough to wake every worker, marked as sent again."""
    _repair_turns()
    now = timezone.now()
    horizon = now - timedelta(seconds=settings.JOB_REENQUEUE_SECONDS)
    ids = list(_claimable(now).filter(check_enqueued_at__lt=horizon).values_list("pk", flat=True)[:WOKEN_AT_ONCE])
    MediaAsset.objects.filter(pk__in=ids).update(check_enqueued_at=now)
    return ids


def _repair_turns() -> None:
    """Clear the turn of photos of ended inspections; put photos without a turn first."""
    placed = MediaAsset.objects.filter(state=AssetState.UPLOADED, check_turn__isnull=False)
    placed.exclude(
        superseded_at=None,
        slot__inspection__status=InspectionStatus.PENDING,
        slot__inspection__deleted_at=None,
    ).update(check_turn=None)
    # Two statements: by a condition on the inspection, Postgres would take the turn that an upload gives meanwhile.
    without = list(unchecked_photos().filter(check_turn=None).values_list("pk", flat=True))
    MediaAsset.objects.filter(pk__in=without, check_turn=None).update(check_turn=0)
