"""Worker side: quickly check one uploaded photo while the owner is still at the hull.

`inspections.work.photo_queue` chooses the photo.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from inspections.engines.base import Rgb
from inspections.engines.imaging.decode_process import DecodeProcessFailed
from inspections.lifecycle import photo_state
from inspections.lifecycle.notices import notify_of_rejected_photo
from inspections.models import Inspection, MediaAsset
from inspections.retake_reasons import RetakeReason
from inspections.vocabulary import AssetState
from inspections.work import photo_quality, photo_queue
from inspections.work.framing import FRAMED_DIFFERENTLY, compare_framing
from maretech.common.observability import request_id
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectChanged, ObjectMissing, ObjectStoreUnavailable, ObjectTooLarge


def check_next() -> None:
    """Claim the next photo in turn, if one may be checked now, and judge it.

    A failed check waits for a later message and delays no other photo; the lease of a killed worker runs out.
    """
    claim = photo_queue.claim_next()
    if claim is None:
        return
    try:
        check_uploaded_photo(claim.asset_id)
    except Exception:
        photo_queue.release(claim, until=timezone.now() + timedelta(seconds=settings.JOB_REENQUEUE_SECONDS))
        raise
    photo_queue.release(claim, until=None)


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
