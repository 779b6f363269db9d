"""What an owner is notified of about an inspection. Each runs in the transaction of what happened."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from inspections.models import Inspection, JobAttempt, MediaAsset
from inspections.vocabulary import FailureReason, InspectionStatus
from notifications.notify import notify, withdraw, withdraw_each
from notifications.vocabulary import KindName

_REMINDED_BEFORE: Final = timedelta(days=1)
# What an owner of an unsubmitted inspection is reminded of, and what is said of any inspection.
_BEFORE_SUBMISSION: Final = (KindName.PHOTOS_TO_RETAKE, KindName.INSPECTION_EXPIRING)
_OUTCOMES: Final = (KindName.RESULT_READY, KindName.INSPECTION_FAILED)


def notify_of_result(inspection: Inspection) -> None:
    _notify(inspection, KindName.RESULT_READY, event=str(inspection.pk))


def notify_of_failure(inspection: Inspection) -> None:
    """Notify of an inspection that ended without a result, unless its owner deleted it.

    Staff may have it analysed again, so it can fail more than once.
    """
    if inspection.failure_reason != FailureReason.DELETED and inspection.finished_at is not None:
        _notify(inspection, KindName.INSPECTION_FAILED, event=f"{inspection.pk}:{inspection.finished_at.isoformat()}")


def tell_staff_of_failed_analysis(inspection: Inspection) -> None:
    """Notify staff of a technical failure, once a day per kind of error: one fault may fail every inspection."""
    attempts = JobAttempt.objects.filter(job__inspection=inspection).order_by("-started_at")
    error = attempts.values_list("error", flat=True).first() or ""
    kind_of_error = error.partition(":")[0][:80]
    notify(
        kind=KindName.ANALYSIS_FAILED,
        recipient=None,
        event_key=f"{KindName.ANALYSIS_FAILED}:{timezone.now():%Y-%m-%d}:{inspection.mode}:{kind_of_error}",
        data={"inspection_id": inspection.pk},
    )


def tell_staff_of_foreign_store() -> None:
    """Notify staff, once a day, that the sweep found the object store of another database."""
    day = timezone.now().date()
    kind = KindName.FOREIGN_STORE
    notify(kind=kind, recipient=None, event_key=f"{kind}:{day}", data={"day": day})


def withdraw_reminders(inspection: Inspection) -> None:
    """Send no more reminders of an inspection that was submitted or has ended."""
    _withdraw(inspection, _BEFORE_SUBMISSION)


def withdraw_outcome(inspection: Inspection) -> None:
    """Send no more notice of the failure of an inspection that is analysed again."""
    _withdraw(inspection, _OUTCOMES)


def withdraw_all(inspection: Inspection) -> None:
    """Send nothing more about an inspection that its owner deleted."""
    _withdraw(inspection, (*_BEFORE_SUBMISSION, *_OUTCOMES))


def withdraw_all_of(owner_id: UUID, inspection_ids: Collection[UUID]) -> None:
    """Send a former owner nothing more about inspections that another owner has now."""
    kinds = (*_BEFORE_SUBMISSION, *_OUTCOMES)
    withdraw_each(recipient=owner_id, kinds=kinds, name="inspection_id", ids=inspection_ids)


def notify_of_rejected_photo(asset: MediaAsset) -> None:
    """Notify once per point: an owner at the hull sees the rest in the app.

    Does nothing for a photo that was replaced, or of an inspection that is submitted or over. The caller has locked the
    inspection.
    """
    inspection = asset.slot.inspection
    pending = Inspection.objects.filter(pk=inspection.pk, status=InspectionStatus.PENDING, deleted_at=None)
    if not MediaAsset.objects.filter(pk=asset.pk, superseded_at=None, slot__inspection__in=pending).exists():
        return
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


def _withdraw(inspection: Inspection, kinds: tuple[KindName, ...]) -> None:
    withdraw(recipient=inspection.owner_id, kinds=kinds, about={"inspection_id": inspection.pk})


def _notify(inspection: Inspection, kind: KindName, *, event: str) -> None:
    notify(
        kind=kind,
        recipient=inspection.owner_id,
        event_key=f"{kind}:{event}",
        data={"inspection_id": inspection.pk},
        variant=inspection.mode,
    )
