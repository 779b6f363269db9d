"""Worker side: copy the pinned upload to a private key that no link can write, and judge only the copy."""

import hashlib
from uuid import uuid4

from django.db import transaction

from inspections.lifecycle import photo_state, transitions
from inspections.lifecycle.transitions import JobLease
from inspections.models import Inspection, MediaAsset
from inspections.retake_reasons import RetakeReason
from inspections.vocabulary import AssetState
from inspections.work import photo_quality
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectChanged, ObjectMissing, ObjectTooLarge


class EvidenceUnreadable(Exception):
    """The frozen bytes of a photo are missing, or differ from the analysed ones."""


def read_frozen(uri: str, *, sha256: str, max_bytes: int) -> bytes:
    """Return the analysed bytes. Raises `EvidenceUnreadable`."""
    try:
        content = object_store().read(uri, max_bytes=max_bytes)
    except (ObjectMissing, ObjectTooLarge) as error:
        raise EvidenceUnreadable(type(error).__name__) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise EvidenceUnreadable("not the bytes that were frozen")
    return content


def freeze(asset: MediaAsset, *, inspection: Inspection, claim: JobLease) -> bytes | None:
    """Return the frozen and checked bytes of a pinned photo; None for an unusable one, with its reasons saved.

    Idempotent at any line: bytes frozen by an earlier attempt are read back, never fetched again. Raises `LeaseLost` if
    another attempt holds the job.
    """
    content = _read_frozen_copy(asset, inspection) if asset.evidence_uri else _freeze(asset, inspection)
    if content is not None:
        photo_quality.check_asset(asset, content, inspection=inspection)
    with transaction.atomic():
        transitions.renew(claim)  # keeps other attempts out until the photo is written
        asset.save()
    return content if asset.state == AssetState.READY else None


def _read_frozen_copy(asset: MediaAsset, inspection: Inspection) -> bytes:
    return object_store().read(asset.evidence_uri, max_bytes=inspection.policy.max_bytes)


def _freeze(asset: MediaAsset, inspection: Inspection) -> bytes | None:
    store, policy = object_store(), inspection.policy
    try:
        content = store.read(asset.uri, max_bytes=policy.max_bytes, if_match=asset.pinned_etag)
    except (ObjectChanged, ObjectMissing):
        photo_state.set_rejected(asset, RetakeReason.CHANGED_AFTER_SUBMISSION)
        return None
    except ObjectTooLarge:
        photo_quality.remove_too_large(asset)
        return None
    # Each write has a unique name: no attempt claims the leftovers of another.
    evidence_uri = f"{inspection.key_prefix}evidence/{asset.pk}-{uuid4().hex}"
    store.write(evidence_uri, content, content_type=asset.content_type)
    asset.evidence_uri, asset.evidence_sha256 = evidence_uri, hashlib.sha256(content).hexdigest()
    return content
