"""Staff give a technical failure another chance, with a reason that is kept."""

from django.db import transaction

from accounts.models import User
from accounts.staff.audit import record_staff_action
from inspections.lifecycle import transitions
from inspections.models import InferenceJob, Inspection
from inspections.tasks import send_analysis
from inspections.vocabulary import FailureReason, InspectionStatus

CAUSE = "queued again by staff"


def may_be_requeued(inspection: Inspection) -> bool:
    """Whether it is a technical failure that its owner still has."""
    technical = (InspectionStatus.FAILED, FailureReason.TECHNICAL)
    return (inspection.status, inspection.failure_reason) == technical and inspection.deleted_at is None


@transaction.atomic
def requeue(*, staff: User, inspection: Inspection, reason: str) -> InferenceJob:
    """Queue the failed job again with its record, and send it on commit. Raises `TransitionRefused`."""
    job = transitions.requeue_failed(inspection.pk, cause=CAUSE)
    record_staff_action(staff=staff, action="requeue", subject=inspection, reason=reason)
    send_analysis(job.pk)
    return job
