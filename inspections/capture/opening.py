"""Request side before submission: open an inspection, open points, issue upload links, record uploads."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from billing.entitlements import entitlements
from inspections.capture.upload_limits import refuse_beyond_limits
from inspections.errors import InspectionClosed, PointLimitReached, UploadsMissing
from inspections.lifecycle import failures, photo_state
from inspections.lifecycle.allowance import current_policy, points_allowed
from inspections.media_types import canonical_type
from inspections.models import CapturePolicy, CaptureSlot, Inspection, MediaAsset
from inspections.modes.base import ModeRules
from inspections.modes.registry import rules_of
from inspections.retake_reasons import RetakeReason
from inspections.tasks import send_photo_check
from inspections.vocabulary import AssetState, InspectionStatus
from inspections.work.photo_check import turn_of_new
from maretech.common.http.errors import Invalid, NotFound
from maretech.common.observability import request_id
from maretech.common.storage import object_store
from maretech.common.storage.base import Upload, UploadTarget

# Links of a new inspection cannot know the type of the photos; phones shoot JPEG.
DEFAULT_CONTENT_TYPE = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Opened:
    inspection: Inspection
    points: int
    created: bool


def photographed_inspections(*, owner: Any, mode: str) -> list[uuid.UUID]:
    """Returns inspections of the opening window with uploaded but unconfirmed photos. Queries the object store."""
    return [row.pk for row in _recent(owner, mode) if any(object_store().list(f"{row.key_prefix}quarantine/"))]


@transaction.atomic
def open_inspection(
    *,
    owner: Any,
    mode: str,
    points: int,
    details: Mapping[str, Any],
    repeatable: bool,
    photographed: Sequence[uuid.UUID] = (),
) -> Opened:
    """Open an inspection with its first `points` points reserved, or return the owner's open one.

    `repeatable` means that the request had its own idempotency key, so that only a rule of the mode can return an older
    inspection; `photographed` ones are never returned for a new one. Raises the mode's refusal if no further inspection
    is allowed.
    """
    entitlements.lock(owner)
    policy, rules = current_policy(mode), rules_of(mode)
    inspection = _unfinished(owner, mode, rules)
    if inspection is None and not repeatable:
        inspection = _recent(owner, mode).exclude(pk__in=photographed).first()
    created = inspection is None
    if inspection is None:
        inspection = _create(owner, policy, rules, details)
    if not created:  # a concurrent request may open a point in it
        inspection = Inspection.objects.select_for_update(of=("self",)).select_related("policy").get(pk=inspection.pk)
    if inspection.status == InspectionStatus.PENDING:
        _refuse_beyond_allowance(inspection, points)
        _reserve_points(inspection, points)
    return Opened(inspection, points, created)


def _create(owner: Any, policy: CapturePolicy, rules: ModeRules, details: Mapping[str, Any]) -> Inspection:
    inspection_id, now = uuid.uuid4(), timezone.now()
    access = rules.access.open_access(
        owner=owner, inspection_id=inspection_id, free_points=policy.free_points, max_points=policy.max_points
    )
    return Inspection.objects.create(
        id=inspection_id,
        owner=owner,
        mode=policy.mode,
        policy=policy,
        access=access.kind,
        points_allowed=access.points_allowed,
        created_at=now,
        expires_at=now + timedelta(hours=settings.INSPECTION_OPEN_HOURS),
        **details,
    )


def _unfinished(owner: Any, mode: str, rules: ModeRules) -> Inspection | None:
    """Returns the open inspection that must end before another starts. The owner's entitlement row is locked."""
    mine = Inspection.objects.owned_by(owner).filter(mode=mode).order_by("-created_at")
    for overdue in mine.filter(status=InspectionStatus.PENDING, expires_at__lte=timezone.now()):
        failures.expire(overdue.pk)
    if rules.access.may_open_beside_unfinished(owner=owner):
        return None
    return mine.filter(status__in=[InspectionStatus.PENDING, InspectionStatus.PROCESSING]).first()


def _recent(owner: Any, mode: str) -> QuerySet[Inspection]:
    """Returns open inspections of the opening window without a confirmed photo, newest first."""
    since = timezone.now() - timedelta(minutes=settings.OPENING_WINDOW_MINUTES)
    mine = Inspection.objects.owned_by(owner).filter(mode=mode, status=InspectionStatus.PENDING, created_at__gte=since)
    return mine.exclude(slots__assets__uploaded_at__isnull=False).order_by("-created_at")


def _refuse_beyond_allowance(inspection: Inspection, point_index: int) -> None:
    """Raises `PointLimitReached` beyond the policy's maximum, the mode's own refusal beyond the owner's allowance."""
    if point_index > inspection.policy.max_points:
        raise PointLimitReached
    allowed = points_allowed(inspection)
    if point_index > allowed:
        rules_of(inspection.mode).access.refuse_more_points()
    if allowed > inspection.points_allowed:  # stored, because an allowance never shrinks during an inspection
        inspection.points_allowed = allowed
        inspection.save(update_fields=["points_allowed"])


def _reserve_points(inspection: Inspection, points: int) -> None:
    """Create missing points up to `points`, with an awaited photo for each angle."""
    existing = set(inspection.slots.values_list("point_index", flat=True))
    new = [index for index in range(1, points + 1) if index not in existing]
    if new:
        _refuse_beyond_upload_limits(inspection, points=len(new))
    for index in new:
        _add_slot(inspection, index)


def _refuse_beyond_upload_limits(inspection: Inspection, *, points: int) -> None:
    """These links declare no length, so each photo counts with the largest size allowed."""
    photos = points * len(inspection.policy.angles)
    refuse_beyond_limits(inspection, photos=photos, byte_size=photos * inspection.policy.max_bytes)


def _add_slot(inspection: Inspection, point_index: int) -> CaptureSlot:
    slot = CaptureSlot.objects.create(
        inspection=inspection, point_index=point_index, required_angles=inspection.policy.angles
    )
    MediaAsset.objects.bulk_create(
        [_new_asset(slot, angle, DEFAULT_CONTENT_TYPE) for angle in inspection.policy.angles]
    )
    return slot


def _new_asset(slot: CaptureSlot, angle: str, content_type: str, **declared: Any) -> MediaAsset:
    asset_id = uuid.uuid4()
    uri = f"{slot.inspection.key_prefix}quarantine/{asset_id}"
    return MediaAsset(id=asset_id, slot=slot, angle=angle, uri=uri, content_type=content_type, **declared)


@transaction.atomic
def open_point(*, owner: Any, inspection_id: uuid.UUID, label: str) -> CaptureSlot:
    """Open the next point: a reserved one first, in order, then a new one, up to the owner's allowance."""
    entitlements.lock(owner)
    inspection = lock_open_inspection(owner=owner, inspection_id=inspection_id)
    slots = list(inspection.slots.select_for_update().order_by("point_index"))
    slot = next((slot for slot in slots if slot.opened_at is None), None)
    if slot is None:
        point_index = len(slots) + 1
        _refuse_beyond_allowance(inspection, point_index)
        _refuse_beyond_upload_limits(inspection, points=1)
        slot = _add_slot(inspection, point_index)
    slot.opened_at = timezone.now()
    slot.label = label or slot.label
    slot.save(update_fields=["opened_at", "label"])
    return slot


def lock_open_inspection(*, owner: Any, inspection_id: uuid.UUID) -> Inspection:
    """Returns the owner's inspection, locked, while it accepts photos. Raises `NotFound` or `InspectionClosed`."""
    inspection = (
        Inspection.objects.owned_by(owner)
        .select_for_update(of=("self",))
        .select_related("policy")
        .filter(pk=inspection_id)
    ).first()
    if inspection is None:
        raise NotFound
    if not inspection.takes_photos():
        raise InspectionClosed
    return inspection


@dataclass(frozen=True, slots=True)
class Declared:
    """The phone's description of the photo it will upload: any name of the type, `sha256` in lower-case hex."""

    angle: str
    content_type: str
    byte_size: int
    sha256: str
    capture: Mapping[str, Any]


@transaction.atomic
def declare_photo(*, owner: Any, slot_id: uuid.UUID, declared: Declared) -> tuple[MediaAsset, bool]:
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
    asset = _new_asset(
        slot,
        declared.angle,
        canonical_type(declared.content_type),
        byte_size=declared.byte_size,
        sha256=declared.sha256,
        capture=dict(declared.capture),
    )
    asset.save(force_insert=True)
    return asset, True


def _check_declaration(slot: CaptureSlot, declared: Declared) -> None:
    policy = slot.inspection.policy
    if declared.angle not in slot.required_angles:
        raise Invalid(angle=f"One of {', '.join(slot.required_angles)}.")
    if canonical_type(declared.content_type) not in policy.content_types:
        raise Invalid(content_type=f"One of {', '.join(policy.content_types)}.")
    if not 1 <= declared.byte_size <= policy.max_bytes:
        raise Invalid(byte_size=f"From 1 to {policy.max_bytes} bytes.")


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


class AwaitedUpload(NamedTuple):
    """A photo of a point, and the link to upload it."""

    asset: MediaAsset
    slot: CaptureSlot
    target: UploadTarget


def targets(inspection: Inspection, slots: Sequence[CaptureSlot]) -> list[AwaitedUpload]:
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


def confirm_upload(*, owner: Any, asset_id: uuid.UUID) -> MediaAsset:
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
        asset.check_turn = turn_of_new(owner_id)
    photo_state.set_uploaded(asset, etag=etag, request_id=request_id.current())
    if is_too_large:
        photo_state.set_rejected(asset, RetakeReason.TOO_LARGE)
    else:
        send_photo_check(asset.pk)
    photo_state.save_upload(asset)
