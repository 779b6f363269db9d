"""Photos of an open inspection: declare, link, and report an upload."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from billing.entitlements import entitlements
from inspections.capture.locking import lock_open_inspection
from inspections.capture.upload_limits import refuse_beyond_limits
from inspections.errors import InspectionClosed, UploadsMissing
from inspections.lifecycle import photo_state
from inspections.media_types import canonical_type
from inspections.models import CapturePolicy, CaptureSlot, Inspection, MediaAsset
from inspections.retake_reasons import RetakeReason
from inspections.tasks import send_photo_check
from inspections.vocabulary import AssetState
from inspections.work.photo_queue import next_check_turn
from maretech.common.http.errors import Invalid, NotFound
from maretech.common.observability import request_id
from maretech.common.storage import object_store
from maretech.common.storage.base import Upload, UploadTarget


def new_asset(slot: CaptureSlot, angle: str, content_type: str, **declared: Any) -> MediaAsset:
    asset_id = uuid.uuid4()
    uri = f"{slot.inspection.key_prefix}quarantine/{asset_id}"
    return MediaAsset(id=asset_id, slot=slot, angle=angle, uri=uri, content_type=content_type, **declared)


@dataclass(frozen=True, slots=True)
class PhotoDeclaration:
    """The phone's description of the photo it will upload: any name of the type, `sha256` in lower-case hex."""

    angle: str
    content_type: str
    byte_size: int
    sha256: str
    capture: Mapping[str, Any]


@transaction.atomic
def declare_photo(*, owner: User, slot_id: uuid.UUID, declared: PhotoDeclaration) -> tuple[MediaAsset, bool]:
    """Returns the asset for exactly these bytes, and whether it is new. Other bytes for the angle replace the photo.

    Raises `NotFound`, `InspectionClosed`, `Invalid`, or `TooManyUploads`; the last keeps the previous photo in place.
    """
    slot = CaptureSlot.objects.filter(pk=slot_id, inspection__in=Inspection.objects.owned_by(owner)).first()
    if slot is None:
        raise NotFound
    entitlements.lock(owner)
    slot.inspection = lock_open_inspection(owner=owner, inspection_id=slot.inspection_id)
    _check_declaration(slot, declared)
    current = slot.assets.filter(angle=declared.angle, superseded_at=None).first()
    if current is not None and current.sha256 == declared.sha256 and current.byte_size == declared.byte_size:
        return current, False
    refuse_beyond_limits(slot.inspection, photos=1, byte_size=declared.byte_size, slot_id=slot.pk, angle=declared.angle)
    if current is not None:
        current.superseded_at = timezone.now()
        current.save(update_fields=["superseded_at"])
    asset = new_asset(
        slot,
        declared.angle,
        canonical_type(declared.content_type),
        byte_size=declared.byte_size,
        sha256=declared.sha256,
        capture=dict(declared.capture),
    )
    asset.save(force_insert=True)
    return asset, True


def _check_declaration(slot: CaptureSlot, declared: PhotoDeclaration) -> None:
    policy = slot.inspection.policy
    if declared.angle not in slot.required_angles:
        raise Invalid(angle=f"One of {', '.join(slot.required_angles)}.")
    if canonical_type(declared.content_type) not in policy.content_types:
        raise Invalid(content_type=f"One of {', '.join(policy.content_types)}.")
    if not 1 <= declared.byte_size <= policy.max_bytes:
        raise Invalid(byte_size=f"From 1 to {policy.max_bytes} bytes.")


class AwaitedUpload(NamedTuple):
    """A photo of a point, and the link to upload it."""

    asset: MediaAsset
    slot: CaptureSlot
    target: UploadTarget


def upload_target(asset: MediaAsset, policy: CapturePolicy) -> UploadTarget:
    """Returns a fresh link that accepts exactly what the asset declares."""
    return object_store().presign_upload(
        Upload(
            key=asset.uri,
            content_type=asset.content_type,
            byte_size=asset.byte_size,
            sha256=asset.sha256 or None,
            max_bytes=policy.max_bytes,
        )
    )


def upload_targets(inspection: Inspection, slots: Sequence[CaptureSlot]) -> list[AwaitedUpload]:
    """Returns a link per angle of these points, in capture order; none once the inspection takes no more photos."""
    if not inspection.takes_photos():
        return []
    assets = MediaAsset.objects.filter(slot__in=slots, superseded_at=None)
    current = {(asset.slot_id, asset.angle): asset for asset in assets}
    return [
        AwaitedUpload(asset, slot, upload_target(asset, inspection.policy))
        for slot in slots
        for angle in slot.required_angles
        if (asset := current.get((slot.pk, angle))) is not None
    ]


def confirm_upload(*, owner: User, asset_id: uuid.UUID) -> MediaAsset:
    """Record the bytes of an uploaded photo, and queue its check at once.

    Raises `UploadsMissing` if the store has no object. Confirming the same bytes again changes nothing.
    """
    asset = MediaAsset.objects.filter(pk=asset_id, slot__inspection__in=Inspection.objects.owned_by(owner)).first()
    if asset is None:
        raise NotFound
    slot = asset.slot
    found = object_store().head(asset.uri)  # outside the transaction: the store may be slow
    with transaction.atomic():
        entitlements.lock(owner)
        inspection = lock_open_inspection(owner=owner, inspection_id=slot.inspection_id)
        asset.refresh_from_db()
        if asset.superseded_at is not None:
            raise InspectionClosed("Another photo has taken this one's place.")
        if found is None:
            raise UploadsMissing(missing=[{"point_index": slot.point_index, "angle": asset.angle}])
        is_too_large = found.size > inspection.policy.max_bytes
        if asset.uploaded_etag != found.etag:
            _note_upload(asset, found.etag, owner_id=inspection.owner_id, is_too_large=is_too_large)
    if is_too_large:  # the link could not limit it
        object_store().delete([asset.uri])
    return asset


def _note_upload(asset: MediaAsset, etag: str, *, owner_id: uuid.UUID, is_too_large: bool) -> None:
    if asset.state != AssetState.UPLOADED or asset.check_turn is None:  # else it keeps its place in the queue
        asset.check_turn = next_check_turn(owner_id)
    photo_state.set_uploaded(asset, etag=etag, request_id=request_id.current())
    if is_too_large:
        photo_state.set_rejected(asset, RetakeReason.TOO_LARGE)
    else:
        send_photo_check(asset.pk)
    photo_state.save_upload(asset)
