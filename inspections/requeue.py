"""Staff give a technical failure another chance, with a reason that is kept."""

import uuid

from django.db import IntegrityError, transaction

from accounts.audit import record_staff_action
from accounts.models import User
from inspections import lifecycle
from inspections.choices import FailureReason, InspectionStatus
from inspections.lifecycle import TransitionRefused
from inspections.models import InferenceJob, Inspection
from inspections.tasks import send_analysis

CAUSE = "queued again by staff"


def may_be_requeued(inspection: Inspection) -> bool:
    """Whether `lifecycle` would take it, as far as this row tells."""
    technical = (InspectionStatus.FAILED, FailureReason.TECHNICAL)
    return (inspection.status, inspection.failure_reason) == technical and inspection.deleted_at is None


def requeue(*, staff: User, inspection_id: uuid.UUID, reason: str) -> InferenceJob:
    """Queue the failed job again, with its record, and send it on commit. Raises `TransitionRefused`."""
    try:
        with transaction.atomic():
            job = lifecycle.requeue_failed(inspection_id, cause=CAUSE)
            record_staff_action(staff=staff, action="requeue", subject=job.inspection, reason=reason)
            send_analysis(job.pk)
    except IntegrityError as exc:
        if "one_unfinished_free_inspection_per_owner" not in str(exc) and "owner_id" not in str(exc):
            raise
        raise TransitionRefused("The owner has begun another free inspection, and can have only one.") from exc
    return job
