"""Points of an open inspection: reserve, open, and extend the allowance."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from billing.entitlements import entitlements
from inspections.capture.locking import lock_open_inspection
from inspections.capture.upload_limits import refuse_beyond_limits
from inspections.capture.uploads import new_asset
from inspections.errors import PointLimitReached
from inspections.lifecycle.allowance import points_allowed
from inspections.models import CaptureSlot, Inspection, MediaAsset
from inspections.modes.registry import rules_of
from inspections.vocabulary import InspectionStatus

# Links of a new inspection cannot know the type of the photos; phones shoot JPEG.
DEFAULT_CONTENT_TYPE = "image/jpeg"


def allow_points(inspection: Inspection, point_index: int) -> None:
    """Extend the stored allowance of the inspection to this point, if its owner may open it.

    Raises `PointLimitReached` beyond the policy's maximum, and the mode's own refusal beyond the owner's allowance.
    """
    if point_index > inspection.policy.max_points:
        raise PointLimitReached
    allowed = points_allowed(inspection)
    if point_index > allowed:
        rules_of(inspection.mode).access.refuse_more_points()
    if allowed > inspection.points_allowed:  # stored, because an allowance never shrinks during an inspection
        inspection.points_allowed = allowed
        inspection.save(update_fields=["points_allowed"])


def reserve_points(inspection: Inspection, points: int) -> None:
    """Create missing points up to `points`, with an awaited photo for each angle."""
    existing = set(inspection.slots.values_list("point_index", flat=True))
    new = [index for index in range(1, points + 1) if index not in existing]
    if new:
        _refuse_beyond_upload_limits(inspection, points=len(new))
    labels = _last_labels(inspection, new)
    for index in new:
        _add_slot(inspection, index, label=labels.get(index, ""))


def _last_labels(inspection: Inspection, indices: Collection[int]) -> dict[int, str]:
    """Return the label that each point had at the last completed inspection of this vessel and mode that had one."""
    if not indices or inspection.vessel_id is None:
        return {}
    labelled = CaptureSlot.objects.exclude(label="").filter(
        point_index__in=indices,
        inspection__vessel=inspection.vessel_id,
        inspection__mode=inspection.mode,
        inspection__status=InspectionStatus.COMPLETED,
        inspection__deleted_at=None,
    )
    # The newest comes last and stays.
    return dict(labelled.order_by("inspection__created_at", "inspection_id").values_list("point_index", "label"))


def _refuse_beyond_upload_limits(inspection: Inspection, *, points: int) -> None:
    """These links declare no length, so each photo counts with the largest size allowed."""
    photos = points * len(inspection.policy.angles)
    refuse_beyond_limits(inspection, photos=photos, byte_size=photos * inspection.policy.max_bytes)


def _add_slot(inspection: Inspection, point_index: int, *, label: str) -> CaptureSlot:
    slot = CaptureSlot.objects.create(
        inspection=inspection, point_index=point_index, label=label, required_angles=inspection.policy.angles
    )
    MediaAsset.objects.bulk_create([new_asset(slot, angle, DEFAULT_CONTENT_TYPE) for angle in inspection.policy.angles])
    return slot


@transaction.atomic
def open_point(*, owner: User, inspection_id: uuid.UUID, label: str) -> CaptureSlot:
    """Open the next point: a reserved one first, in order, then a new one, up to the owner's allowance.

    Without a label it keeps the one that it had when the vessel was last inspected in this mode.
    """
    entitlements.lock(owner)
    inspection = lock_open_inspection(owner=owner, inspection_id=inspection_id)
    slots = list(inspection.slots.select_for_update().order_by("point_index"))
    slot = next((slot for slot in slots if slot.opened_at is None), None)
    if slot is None:
        point_index = len(slots) + 1
        allow_points(inspection, point_index)
        _refuse_beyond_upload_limits(inspection, points=1)
        slot = _add_slot(inspection, point_index, label=_last_labels(inspection, [point_index]).get(point_index, ""))
    slot.opened_at = timezone.now()
    slot.label = label or slot.label
    slot.save(update_fields=["opened_at", "label"])
    return slot
