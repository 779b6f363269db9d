"""An inspection in each state that staff can meet."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from billing.entitlements import entitlements
from inspections.models import InferenceJob, Inspection, JobAttempt
from inspections.vocabulary import AccessKind, AttemptOutcome, FailureReason, JobState, Mode
from testing.factories import AssetFactory, InspectionFactory, JobFactory, SlotFactory, deliver_result

ANGLES = ("wide", "mid", "close")


def page(inspection: Inspection) -> str:
    return f"/admin/inspections/inspection/{inspection.pk}/change/"


def add_points(inspection: Inspection, points: int, **asset: object) -> Inspection:
    for index in range(1, points + 1):
        slot = SlotFactory.create(inspection=inspection, point_index=index)
        for angle in ANGLES:
            AssetFactory.create(slot=slot, angle=angle, **asset)
    return inspection


def attempted(job: InferenceJob, *, error: str = "ValueError: broken", outcome: str = AttemptOutcome.FAILED) -> None:
    JobAttempt.objects.create(
        job=job, number=job.attempt, worker="w@1", ended_at=timezone.now(), outcome=outcome, error=error
    )


def pending() -> Inspection:
    return add_points(InspectionFactory.create(), 1)


def overdue() -> Inspection:
    return InspectionFactory.create(expires_at=timezone.now() - timedelta(minutes=1))


def unpaid() -> Inspection:
    return InspectionFactory.create(mode=Mode.OSMOSIS)


def paid_osmosis() -> Inspection:
    inspection = InspectionFactory.create(mode=Mode.OSMOSIS)
    entitlements.set_mock_osmosis_pass(owner=inspection.owner, paid=True)
    return inspection


def queued() -> Inspection:
    return JobFactory.create().inspection


def retrying() -> Inspection:
    job = JobFactory.create(attempt=1, enqueued_at=timezone.now() - timedelta(days=1))
    attempted(job, error="StoreUnavailable: no answer")
    return job.inspection


def running() -> Inspection:
    job = JobFactory.create(running=True, progress_done=1)
    JobAttempt.objects.create(job=job, number=1, worker="analyses@worker-2")
    return job.inspection


def lost() -> Inspection:
    return JobFactory.create(running=True, lease_until=timezone.now() - timedelta(seconds=5)).inspection


def completed() -> Inspection:
    inspection = add_points(InspectionFactory.create(completed=True), 1, frozen=True)
    JobFactory.create(inspection=inspection, state=JobState.SUCCEEDED, finished_at=timezone.now())
    deliver_result(inspection)
    return inspection


def technically_failed(**inspection: object) -> Inspection:
    job = JobFactory.create(failed=True, inspection=InspectionFactory.create(failed=True, **inspection))
    attempted(job)
    return job.inspection


def expired() -> Inspection:
    return InspectionFactory.create(failed=True, submitted_at=None, failure_reason=FailureReason.EXPIRED)


def deleted() -> Inspection:
    return add_points(
        InspectionFactory.create(
            failed=True, submitted_at=None, failure_reason=FailureReason.DELETED, deleted_at=timezone.now()
        ),
        1,
        view_uri="inspections/secret-view.jpg",
    )


def deleted_after_completion() -> Inspection:
    inspection = completed()
    Inspection.objects.filter(pk=inspection.pk).update(deleted_at=timezone.now(), purged_at=timezone.now())
    return inspection


def free(**changes: object) -> Inspection:
    return InspectionFactory.create(access=AccessKind.FREE, **changes)


STATES: dict[str, Callable[[], Inspection]] = {
    state.__name__: state
    for state in (
        pending,
        overdue,
        unpaid,
        paid_osmosis,
        queued,
        retrying,
        running,
        lost,
        completed,
        technically_failed,
        expired,
        deleted,
        deleted_after_completion,
    )
}
