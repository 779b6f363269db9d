"""Re-queue a technical failure at the request of staff; the reason is recorded."""

from django.db import transaction

from accounts.models import User
from accounts.staff.audit import record_staff_action
from inspections.lifecycle import transitions
from inspections.lifecycle.notices import withdraw_outcome
from inspections.models import InferenceJob, Inspection
from inspections.tasks import send_analysis
from inspections.vocabulary import FailureReason, InspectionStatus

CAUSE = "queued again by staff"


def can_be_requeued(inspection: Inspection) -> bool:
    """Returns True for a technical failure that its owner has not deleted."""
    technical = (InspectionStatus.FAILED, FailureReason.TECHNICAL)
    return (inspection.status, inspection.failure_reason) == technical and inspection.deleted_at is None


@transaction.atomic
def requeue(*, staff: User, inspection: Inspection, reason: str) -> InferenceJob:
    """Queue the failed job again, record the reason, and send it on commit. Raises `TransitionRefused`."""
    job = transitions.requeue_failed(inspection.pk, cause=CAUSE)
    record_staff_action(staff=staff, action="requeue", subject=inspection, reason=reason)
    withdraw_outcome(inspection)
    send_analysis(job.pk)
    return job
