"""Worker side: the quick check of one uploaded photo, while the owner still stands at the hull."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone

from inspections import photos
from inspections.choices import AssetState, InspectionStatus
from inspections.models import Inspection, MediaAsset
from inspections.retake_reasons import RetakeReason
from maretech.common import request_id
from maretech.common.queue import RESENT_AT_ONCE
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectChanged, ObjectMissing, ObjectTooLarge, StoreUnavailable


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
        photos.reject(asset, RetakeReason.TOO_LARGE)
    except ObjectMissing:
        photos.reject(asset, RetakeReason.MISSING)
    except ObjectChanged:
        # The phone sent another photo over the same link; what lies there now is checked by its next message.
        _await_what_lies_there(asset)
        return
    _write(asset)


def _judge(asset: MediaAsset, content: bytes, inspection: Inspection) -> None:
    """A photo that killed its worker each time is given up as no image; every try is counted before it begins.

    A store that does not take the copy is no fault of the photo: that try does not count.
    """
    if asset.check_attempts >= settings.JOB_MAX_ATTEMPTS:
        photos.reject(asset, RetakeReason.NOT_AN_IMAGE)
        return
    tries = MediaAsset.objects.filter(pk=asset.pk)
    tries.update(check_attempts=F("check_attempts") + 1)
    try:
        photos.judge_photo(asset, content, inspection=inspection)
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


def photos_to_check() -> list[uuid.UUID]:
    """Uploaded photos whose last message must be gone by now; noted as sent again."""
    horizon = timezone.now() - timedelta(seconds=settings.JOB_REENQUEUE_SECONDS)
    due = awaiting_check().filter(check_enqueued_at__lt=horizon)
    ids = list(due.order_by("uploaded_at").values_list("pk", flat=True)[:RESENT_AT_ONCE])
    MediaAsset.objects.filter(pk__in=ids).update(check_enqueued_at=timezone.now())
    return ids
