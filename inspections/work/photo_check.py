"""Worker side: quickly check one uploaded photo while the owner is still at the hull.

The rows are the truth. A message asks for the next photo in turn, not for a particular one, so that one owner's many
photos do not delay other owners; a worker holds a photo by a lease, and the number of one owner's photos checked at
once is limited.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from billing.entitlements import entitlements
from inspections.engines.base import Rgb
from inspections.engines.imaging.decode_process import DecodeProcessFailed
from inspections.lifecycle import photo_state
from inspections.lifecycle.fair_queue import next_turn
from inspections.lifecycle.notices import notify_of_rejected_photo
from inspections.models import Inspection, MediaAsset
from inspections.retake_reasons import RetakeReason
from inspections.vocabulary import AssetState, InspectionStatus
from inspections.work import photo_quality
from inspections.work.framing import FRAMED_DIFFERENTLY, compare_framing
from maretech.common.observability import request_id
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectChanged, ObjectMissing, ObjectStoreUnavailable, ObjectTooLarge

# Enough messages to wake this many workers: each check sends the next one.
WOKEN_AT_ONCE = 50
# Of several workers that find the same next photo, one claims it; the others search again.
_CLAIM_TRIES = 5


@dataclass(frozen=True, slots=True)
class CheckLease:
    """The right to check one photo; it counts towards the owner's limit of concurrent checks."""

    asset_id: uuid.UUID
    lease: uuid.UUID


def check_next() -> None:
    """Claim the next photo in turn, if one may be checked now, and judge it.

    A failed check waits for a later message and delays no other photo; the lease of a killed worker runs out.
    """
    claim = _claim_next()
    if claim is None:
        return
    try:
        check_uploaded_photo(claim.asset_id)
    except Exception:
        _release(claim, until=timezone.now() + timedelta(seconds=settings.JOB_REENQUEUE_SECONDS))
        raise
    _release(claim, until=None)


def next_photo() -> uuid.UUID | None:
    return _claimable(timezone.now()).values_list("pk", flat=True).first()


def check_uploaded_photo(asset_id: uuid.UUID) -> None:
    """Judge the upload. Idempotent: writes only to an asset that still awaits this very check."""
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
        _check(asset, content, inspection)
    except ObjectTooLarge:
        photo_quality.remove_too_large(asset)
    except ObjectMissing:
        photo_state.set_rejected(asset, RetakeReason.MISSING)
    except ObjectChanged:
        # The phone sent another photo over the same link; its next message has the new bytes checked.
        _recheck_stored_object(asset)
        return
    _save_verdict(asset)


@transaction.atomic
def _save_verdict(asset: MediaAsset) -> None:
    is_rejected = asset.state == AssetState.REJECTED
    if is_rejected:  # the inspection before its photo, in the order of those who end it and withdraw its notices
        Inspection.objects.select_for_update(no_key=True).filter(pk=asset.slot.inspection_id).first()
    if photo_state.save_verdict(asset) and is_rejected:
        notify_of_rejected_photo(asset)


def _claimable(now: datetime) -> QuerySet[MediaAsset]:
    """In turn, without owners at their limit of concurrent checks."""
    running = MediaAsset.objects.filter(check_lease__isnull=False, check_lease_until__gte=now).order_by()
    per_owner = running.values("slot__inspection__owner").annotate(count=Count("pk"))
    busy = per_owner.filter(count__gte=settings.CHECKS_AT_ONCE_PER_OWNER).values("slot__inspection__owner")
    free = unchecked_photos().filter(Q(check_lease_until=None) | Q(check_lease_until__lt=now), check_turn__isnull=False)
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
    """Claim by compare-and-set, under the owner's lock: two workers never exceed the owner's limit."""
    entitlements.lock(owner_id)
    now, lease = timezone.now(), uuid.uuid4()
    until = now + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    taken = _claimable(now).filter(pk=asset_id).order_by().update(check_lease=lease, check_lease_until=until)
    return CheckLease(asset_id, lease) if taken else None


def _release(claim: CheckLease, *, until: datetime | None) -> None:
    """`until` keeps the photo itself from being claimed again at once."""
    MediaAsset.objects.filter(pk=claim.asset_id, check_lease=claim.lease).update(
        check_lease=None, check_lease_until=until
    )


def _check(asset: MediaAsset, content: bytes, inspection: Inspection) -> None:
    """Judge the photo; each try is counted first, and a photo that killed its worker each time is rejected.

    It is rejected as no image. If the store does not accept the copy, the photo is not at fault, and that try does not
    count. Only the first try compares the framing, so that an earlier photo that kills the worker costs no verdict.
    """
    if asset.check_attempts >= settings.JOB_MAX_ATTEMPTS:
        photo_state.set_rejected(asset, RetakeReason.NOT_AN_IMAGE)
        return
    tries = MediaAsset.objects.filter(pk=asset.pk)
    tries.update(check_attempts=F("check_attempts") + 1)
    try:
        pixels = photo_quality.check_asset(asset, content, inspection=inspection)
    except (ObjectStoreUnavailable, DecodeProcessFailed):
        tries.update(check_attempts=F("check_attempts") - 1)
        raise
    if pixels is not None and asset.check_attempts == 0:
        _compare_framing(asset, inspection, pixels)


def _compare_framing(asset: MediaAsset, inspection: Inspection, pixels: Rgb) -> None:
    finding = compare_framing(asset, inspection, pixels)
    if finding is not None:
        photo_state.set_framing(asset, finding.framing, warnings=[FRAMED_DIFFERENTLY] if finding.differs else [])


def _recheck_stored_object(asset: MediaAsset) -> None:
    found = object_store().head(asset.uri)
    if found is not None:
        long_ago = timezone.now() - timedelta(days=1)
        MediaAsset.objects.filter(pk=asset.pk, state=AssetState.UPLOADED, uploaded_etag=asset.uploaded_etag).update(
            uploaded_etag=found.etag, check_enqueued_at=long_ago
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
