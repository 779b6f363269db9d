"""Worker side: the quick check of one uploaded photo, while the owner still stands at the hull.

The rows are the truth. A message asks for the next photo in turn, whichever that is, so that one owner's many photos
make no other owner wait; a worker holds a photo by a lease, and an owner has a bounded number of them checked at once.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from billing.entitlements import entitlements
from inspections.lifecycle.fair_queue import next_turn
from inspections.models import Inspection, MediaAsset
from inspections.retake_reasons import RetakeReason
from inspections.vocabulary import AssetState, InspectionStatus
from inspections.work import photo_quality
from maretech.common.observability import request_id
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectChanged, ObjectMissing, ObjectTooLarge, StoreUnavailable

# As many messages as wake this many workers: each check sends the next one itself.
WOKEN_AT_ONCE = 50
# Of several workers that see the same photo next, one takes it; the others look again.
_CLAIM_TRIES = 5


@dataclass(frozen=True, slots=True)
class CheckLease:
    """The right to check one photo; no other of this owner's beyond the bound is taken meanwhile."""

    asset_id: uuid.UUID
    lease: uuid.UUID


def check_next() -> None:
    """Take the photo whose turn it is, if there is one that may be checked now, and judge it.

    What fails is left for a later message, and keeps no other photo waiting; of a worker that was killed the lease
    runs out.
    """
    held = _claim_next()
    if held is None:
        return
    try:
        check_uploaded_photo(held.asset_id)
    except Exception:
        _release(held, until=timezone.now() + timedelta(seconds=settings.JOB_REENQUEUE_SECONDS))
        raise
    _release(held, until=None)


def next_to_check() -> uuid.UUID | None:
    return _claimable(timezone.now()).values_list("pk", flat=True).first()


def check_uploaded_photo(asset_id: uuid.UUID) -> None:
    """Judge what was uploaded. Safe to run twice: only an asset that still awaits this very check is written."""
    asset = (
        MediaAsset.objects.select_related("slot__inspection__policy")
        .filter(pk=asset_id, state=AssetState.UPLOADED, slot__inspection__deleted_at=None)
        .first()
    )
    if asset is None:
        return
    request_id.adopt(asset.request_id)
    inspection = asset.slot.inspection
    max_bytes = inspection.policy.max_bytes
    try:
        content = object_store().read(asset.uri, max_bytes=max_bytes, if_match=asset.uploaded_etag)
        _judge(asset, content, inspection)
    except ObjectTooLarge:
        photo_quality.remove_too_large(asset)
    except ObjectMissing:
        photo_quality.reject(asset, RetakeReason.MISSING)
    except ObjectChanged:
        # The phone sent another photo over the same link; what lies there now is checked by its next message.
        _await_what_lies_there(asset)
        return
    _write(asset)


def _claimable(now: datetime) -> QuerySet[MediaAsset]:
    """In turn, without those of owners who have as many checked as they may."""
    running = MediaAsset.objects.filter(check_lease__isnull=False, check_lease_until__gte=now).order_by()
    per_owner = running.values("slot__inspection__owner").annotate(count=Count("pk"))
    busy = per_owner.filter(count__gte=settings.CHECKS_AT_ONCE_PER_OWNER).values("slot__inspection__owner")
    free = awaiting_check().filter(Q(check_lease_until=None) | Q(check_lease_until__lt=now), check_turn__isnull=False)
    return free.exclude(slot__inspection__owner__in=busy).order_by("check_turn", "uploaded_at")


def _claim_next() -> CheckLease | None:
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
    """By compare-and-set, under the owner's lock: two workers never take more of one owner's than they may."""
    entitlements.lock(owner_id)
    now, lease = timezone.now(), uuid.uuid4()
    until = now + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    taken = _claimable(now).filter(pk=asset_id).order_by().update(check_lease=lease, check_lease_until=until)
    return CheckLease(asset_id, lease) if taken else None


def _release(held: CheckLease, *, until: datetime | None) -> None:
    """`until` keeps the photo itself from being taken again at once."""
    MediaAsset.objects.filter(pk=held.asset_id, check_lease=held.lease).update(
        check_lease=None, check_lease_until=until
    )


def _judge(asset: MediaAsset, content: bytes, inspection: Inspection) -> None:
    """A photo that killed its worker each time is given up as no image; every try is counted before it begins.

    A store that does not take the copy is no fault of the photo: that try does not count.
    """
    if asset.check_attempts >= settings.JOB_MAX_ATTEMPTS:
        photo_quality.reject(asset, RetakeReason.NOT_AN_IMAGE)
        return
    tries = MediaAsset.objects.filter(pk=asset.pk)
    tries.update(check_attempts=F("check_attempts") + 1)
    try:
        photo_quality.judge_photo(asset, content, inspection=inspection)
    except StoreUnavailable:
        tries.update(check_attempts=F("check_attempts") - 1)
        raise


def _write(asset: MediaAsset) -> None:
    awaiting = MediaAsset.objects.filter(
        pk=asset.pk, state=AssetState.UPLOADED, uploaded_etag=asset.uploaded_etag, evidence_uri=""
    )
    awaiting.update(
        state=asset.state,
        retake_reasons=asset.retake_reasons,
        warnings=asset.warnings,
        quality_meta=asset.quality_meta,
        fingerprint=asset.fingerprint,
        checked_at=asset.checked_at,
        checked_sha256=asset.checked_sha256,
        view_uri=asset.view_uri,
    )


def _await_what_lies_there(asset: MediaAsset) -> None:
    found = object_store().head(asset.uri)
    if found is not None:
        long_ago = timezone.now() - timedelta(days=1)
        MediaAsset.objects.filter(pk=asset.pk, state=AssetState.UPLOADED, uploaded_etag=asset.uploaded_etag).update(
            uploaded_etag=found.etag, check_enqueued_at=long_ago
        )


def awaiting_check() -> QuerySet[MediaAsset]:
    """Uploaded photos that somebody still waits to hear of."""
    return MediaAsset.objects.filter(
        state=AssetState.UPLOADED,
        superseded_at=None,
        slot__inspection__status=InspectionStatus.PENDING,
        slot__inspection__deleted_at=None,
    )


def turn_of_new(owner_id: uuid.UUID) -> int:
    """The turn of one more photo of this owner, whose lock the caller holds."""
    waiting = awaiting_check().filter(check_turn__isnull=False)
    return next_turn(waiting, own=waiting.filter(slot__inspection__owner=owner_id), column="check_turn")


def photos_to_check() -> list[uuid.UUID]:
    """Photos whose last message must be gone by now, as many as wake every worker; noted as sent again."""
    _mend_turns()
    now = timezone.now()
    horizon = now - timedelta(seconds=settings.JOB_REENQUEUE_SECONDS)
    ids = list(_claimable(now).filter(check_enqueued_at__lt=horizon).values_list("pk", flat=True)[:WOKEN_AT_ONCE])
    MediaAsset.objects.filter(pk__in=ids).update(check_enqueued_at=now)
    return ids


def _mend_turns() -> None:
    """A photo whose inspection has ended awaits nothing; one that came without a turn is as early as any."""
    placed = MediaAsset.objects.filter(state=AssetState.UPLOADED, check_turn__isnull=False)
    placed.exclude(
        superseded_at=None,
        slot__inspection__status=InspectionStatus.PENDING,
        slot__inspection__deleted_at=None,
    ).update(check_turn=None)
    awaiting_check().filter(check_turn=None).update(check_turn=0)
