"""What an owner is notified of about an inspection. Each runs in the transaction of what happened."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from inspections.models import Inspection, MediaAsset
from inspections.vocabulary import FailureReason, InspectionStatus
from notifications.notify import notify
from notifications.vocabulary import KindName

_REMINDED_BEFORE: Final = timedelta(days=1)


def notify_of_result(inspection: Inspection) -> None:
    _notify(inspection, KindName.RESULT_READY, event=str(inspection.pk))


def notify_of_failure(inspection: Inspection) -> None:
    """Notify of an inspection that ended without a result, unless its owner deleted it.

    Staff may have it analysed again, so it can fail more than once.
    """
    if inspection.failure_reason != FailureReason.DELETED and inspection.finished_at is not None:
        _notify(inspection, KindName.INSPECTION_FAILED, event=f"{inspection.pk}:{inspection.finished_at.isoformat()}")


def notify_of_rejected_photo(asset: MediaAsset) -> None:
    """Notify once per point: an owner at the hull sees the rest in the app."""
    inspection = asset.slot.inspection
    notify(
        kind=KindName.PHOTOS_TO_RETAKE,
        recipient=inspection.owner_id,
        event_key=f"{KindName.PHOTOS_TO_RETAKE}:{asset.slot_id}",
        data={"inspection_id": inspection.pk, "slot_id": asset.slot_id},
        variant=inspection.mode,
    )


def expiring_inspections() -> list[UUID]:
    """Return the inspections that end within a day unless they are submitted."""
    now = timezone.now()
    pending = Inspection.objects.filter(status=InspectionStatus.PENDING, deleted_at=None)
    return list(pending.filter(expires_at__gt=now, expires_at__lte=now + _REMINDED_BEFORE).values_list("pk", flat=True))


@transaction.atomic
def notify_of_expiry(inspection_id: UUID) -> None:
    """Notify that the inspection ends soon, once. Submitting it meanwhile makes this void."""
    pending = Inspection.objects.select_for_update().filter(status=InspectionStatus.PENDING, deleted_at=None)
    inspection = pending.filter(pk=inspection_id).first()
    if inspection is not None:
        _notify(inspection, KindName.INSPECTION_EXPIRING, event=str(inspection.pk))


def _notify(inspection: Inspection, kind: KindName, *, event: str) -> None:
    notify(
        kind=kind,
        recipient=inspection.owner_id,
        event_key=f"{kind}:{event}",
        data={"inspection_id": inspection.pk},
        variant=inspection.mode,
    )
