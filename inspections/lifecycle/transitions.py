"""The transition table of inspection and job, and the only writer of both statuses.

Every function runs in the caller's transaction or opens its own; every change leaves an `InspectionEvent`. A job is
claimed by compare-and-set with a lease; only the attempt that holds the lease can finish it.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from inspections.lifecycle.fair_queue import next_turn
from inspections.models import InferenceJob, Inspection, InspectionEvent, JobAttempt
from inspections.vocabulary import AttemptOutcome, FailureReason, InspectionStatus, JobState
from maretech.common.observability import request_id
from maretech.common.work.queue import RESENT_AT_ONCE

INSPECTION_TRANSITIONS: dict[str, set[str]] = {
    InspectionStatus.PENDING: {InspectionStatus.PROCESSING, InspectionStatus.FAILED},
    InspectionStatus.PROCESSING: {InspectionStatus.COMPLETED, InspectionStatus.FAILED},
    InspectionStatus.FAILED: {InspectionStatus.PROCESSING},  # staff re-queue a technical failure
    InspectionStatus.COMPLETED: set(),
}
JOB_TRANSITIONS: dict[str, set[str]] = {
    JobState.QUEUED: {JobState.RUNNING, JobState.FAILED},
    JobState.RUNNING: {JobState.SUCCEEDED, JobState.FAILED, JobState.QUEUED},
    JobState.FAILED: {JobState.QUEUED},
    JobState.SUCCEEDED: set(),
}
# A recovered store is noticed soon, and a store that rejects our key is not asked twice a minute until staff respond.
_LONGEST_POSTPONEMENT = timedelta(minutes=5)

# Of several workers that find the same next job, one claims it; the others search again.
_CLAIM_TRIES = 20


class TransitionRefused(Exception):
    """This transition is not allowed."""


class LeaseLost(Exception):
    """Another attempt holds this job, or the job is over: write nothing."""


@dataclass(frozen=True, slots=True)
class JobLease:
    """The right of one attempt to finish one job."""

    job_id: uuid.UUID
    inspection_id: uuid.UUID
    lease: uuid.UUID
    attempt: int
    request_id: str


def submit(inspection: Inspection, *, photos: int) -> InferenceJob:
    """pending → processing, with its one job queued. The caller has locked the inspection row."""
    _move_inspection(inspection, InspectionStatus.PROCESSING, "submitted", submitted_at=timezone.now())
    turn = _next_job_turn(inspection)
    job = InferenceJob.objects.create(
        inspection=inspection, progress_total=photos, request_id=request_id.current(), turn=turn
    )
    _note(inspection, "job", "", JobState.QUEUED, "submitted")
    return job


def expire(inspection: Inspection) -> None:
    """pending → failed, because it was not submitted in time. The caller has locked the row."""
    _end_undelivered(inspection, FailureReason.EXPIRED, "not submitted in time")


def withdraw(inspection: Inspection) -> bool:
    """End unfinished work on deletion by the owner. Returns True if there was any. The caller has locked the row."""
    if inspection.status not in (InspectionStatus.PENDING, InspectionStatus.PROCESSING):
        return False
    job = InferenceJob.objects.select_for_update().filter(inspection=inspection).first()
    if job is not None:
        _close_attempt(job, AttemptOutcome.FAILED, "deleted by owner")
        _move_job(job, JobState.FAILED, "deleted by owner", finished_at=timezone.now())
    _end_undelivered(inspection, FailureReason.DELETED, "deleted by owner")
    return True


@transaction.atomic
def claim(job_id: uuid.UUID, *, worker: str, task_id: str) -> JobLease | None:
    """Claim a queued job. Returns None if there is none: a message may come late, twice, or without need."""
    # Lock the inspection first, in the global order; the event below would lock it anyway, but too late.
    Inspection.objects.select_for_update().filter(job__pk=job_id).first()
    job = InferenceJob.objects.select_for_update().filter(pk=job_id, state=JobState.QUEUED).first()
    if job is None:
        return None
    now = timezone.now()
    job.attempt += 1
    job.progress_done, job.celery_task_id = 0, task_id
    job.started_at = job.started_at or now
    _move_job(job, JobState.RUNNING, f"attempt {job.attempt}", lease=uuid.uuid4(), lease_until=_lease_end(now))
    JobAttempt.objects.create(job=job, number=job.attempt, worker=worker, started_at=now)
    assert job.lease is not None
    return JobLease(job.pk, job.inspection_id, job.lease, job.attempt, job.request_id)


def claim_next(*, requested: uuid.UUID, worker: str, task_id: str) -> JobLease | None:
    """Claim the queued job with the next turn; the requested one if all others are postponed."""
    for _ in range(_CLAIM_TRIES):
        job_id = _next_in_turn()
        if job_id is None:
            return claim(requested, worker=worker, task_id=task_id)
        held = claim(job_id, worker=worker, task_id=task_id)
        if held is not None:
            return held
    return None


def renew(held: JobLease, *, photos_done: int | None = None) -> None:
    """Renew the lease and record the progress. Raises `LeaseLost`."""
    changes: dict[str, object] = {"lease_until": _lease_end(timezone.now())}
    if photos_done is not None:
        changes["progress_done"] = photos_done
    if not InferenceJob.objects.filter(pk=held.job_id, lease=held.lease).update(**changes):
        raise LeaseLost


def complete(held: JobLease) -> Inspection:
    """running → succeeded and processing → completed, in the caller's transaction. Raises `LeaseLost`."""
    inspection, job = _locked(held)
    job.progress_done = job.progress_total
    _close_attempt(job, AttemptOutcome.SUCCEEDED, "")
    _move_job(job, JobState.SUCCEEDED, f"attempt {job.attempt}", finished_at=timezone.now())
    _move_inspection(inspection, InspectionStatus.COMPLETED, "result delivered", finished_at=timezone.now())
    return inspection


def give_up_attempt(held: JobLease, *, error: str) -> Inspection | None:
    """End this attempt as failed: the job waits for the next, or fails after the last. In the caller's transaction.

    Returns the inspection if it failed for good, so that the caller settles its cost. Raises `LeaseLost`.
    """
    inspection, job = _locked(held)
    return _after_failed_attempt(inspection, job, AttemptOutcome.FAILED, error)


def requeue_expired(job_id: uuid.UUID) -> Inspection | None:
    """Recover a job after its lease ran out. In the caller's transaction; returns as `give_up_attempt` does."""
    inspection = Inspection.objects.select_for_update().filter(job__pk=job_id).first()
    expired = Q(state=JobState.RUNNING, lease_until__lt=timezone.now())
    job = InferenceJob.objects.select_for_update().filter(expired, pk=job_id).first()
    if inspection is None or job is None:
        return None
    return _after_failed_attempt(inspection, job, AttemptOutcome.LEASE_EXPIRED, "the worker stopped without a word")


@transaction.atomic
def postpone(held: JobLease, *, error: str) -> None:
    """Postpone after an outage of store or database: the job waits, and the attempt does not count.

    The photos are not at fault. The job keeps its age, and is resent as if its message were lost, after twice the delay
    each time. Raises `LeaseLost`.
    """
    _, job = _locked(held)
    _close_attempt(job, AttemptOutcome.RELEASED, error)
    job.attempt -= 1
    usual = timedelta(seconds=settings.JOB_REENQUEUE_SECONDS)
    tries = job.attempts.filter(outcome=AttemptOutcome.RELEASED, started_at__gte=job.queued_at).count()
    later = min(usual * 2 ** min(tries - 1, 10), max(_LONGEST_POSTPONEMENT, usual)) - usual
    _move_job(job, JobState.QUEUED, error, enqueued_at=timezone.now() + later)


@transaction.atomic
def release(job_id: uuid.UUID, *, worker: str) -> bool:
    """Requeue a job of a stopping worker; the attempt does not count. Returns True if the job ran there."""
    inspection = Inspection.objects.select_for_update().filter(job__pk=job_id).first()
    job = InferenceJob.objects.select_for_update().filter(pk=job_id, state=JobState.RUNNING).first()
    if inspection is None or job is None or not job.attempts.filter(worker=worker, ended_at=None).exists():
        return False
    cause = "the worker was stopped"
    _close_attempt(job, AttemptOutcome.RELEASED, cause)
    job.attempt -= 1
    _queue_again(job, cause)
    return True


@transaction.atomic
def requeue_failed(inspection_id: uuid.UUID, *, cause: str) -> InferenceJob:
    """Grant a technical failure three more attempts at no charge, for staff. Raises `TransitionRefused`."""
    inspection = Inspection.objects.select_for_update().get(pk=inspection_id)
    job = InferenceJob.objects.select_for_update().filter(inspection=inspection).first()
    if job is None or inspection.failure_reason != FailureReason.TECHNICAL or inspection.deleted_at:
        raise TransitionRefused("Only a technical failure can be queued again.")
    now = timezone.now()
    job.attempt, job.progress_done, job.turn = 0, 0, _next_job_turn(inspection)
    _move_job(job, JobState.QUEUED, cause, finished_at=None, queued_at=now, enqueued_at=now)
    try:
        with transaction.atomic():
            _move_inspection(inspection, InspectionStatus.PROCESSING, cause, finished_at=None, failure_reason="")
    except IntegrityError:
        raise TransitionRefused("The owner has another free inspection open; let that one end first.") from None
    return job


def jobs_to_send() -> list[uuid.UUID]:
    """Return queued jobs with a lost message, oldest first, marked as sent again."""
    horizon = timezone.now() - timedelta(seconds=settings.JOB_REENQUEUE_SECONDS)
    due = InferenceJob.objects.filter(state=JobState.QUEUED, enqueued_at__lt=horizon)
    ids = list(due.order_by("queued_at").values_list("pk", flat=True)[:RESENT_AT_ONCE])
    InferenceJob.objects.filter(pk__in=ids, state=JobState.QUEUED).update(enqueued_at=timezone.now())
    return ids


def jobs_to_recover() -> list[uuid.UUID]:
    lost = InferenceJob.objects.filter(state=JobState.RUNNING, lease_until__lt=timezone.now())
    return list(lost.values_list("pk", flat=True))


def jobs_running_on(worker: str) -> list[uuid.UUID]:
    running = JobAttempt.objects.filter(worker=worker, ended_at=None, job__state=JobState.RUNNING)
    return list(running.values_list("job_id", flat=True))


def inspections_to_expire() -> list[uuid.UUID]:
    overdue = Inspection.objects.filter(status=InspectionStatus.PENDING, expires_at__lt=timezone.now())
    return list(overdue.values_list("pk", flat=True))


def _next_in_turn() -> uuid.UUID | None:
    """Postponed jobs are not sent before their time."""
    queued = InferenceJob.objects.filter(state=JobState.QUEUED, enqueued_at__lte=timezone.now())
    return queued.order_by("turn", "queued_at").values_list("pk", flat=True).first()


def _next_job_turn(inspection: Inspection) -> int:
    unfinished = InferenceJob.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING])
    return next_turn(unfinished, own=unfinished.filter(inspection__owner=inspection.owner_id), column="turn")


def _locked(held: JobLease) -> tuple[Inspection, InferenceJob]:
    """Both rows, locked in the global lock order."""
    inspection = Inspection.objects.select_for_update().filter(pk=held.inspection_id).first()
    job = InferenceJob.objects.select_for_update().filter(pk=held.job_id, lease=held.lease).first()
    if inspection is None or job is None:
        raise LeaseLost
    return inspection, job


def _after_failed_attempt(
    inspection: Inspection, job: InferenceJob, outcome: AttemptOutcome, error: str
) -> Inspection | None:
    _close_attempt(job, outcome, error)
    if job.attempt < settings.JOB_MAX_ATTEMPTS:
        _queue_again(job, error)
        return None
    _move_job(job, JobState.FAILED, error, finished_at=timezone.now())
    _end_undelivered(inspection, FailureReason.TECHNICAL, f"{job.attempt} attempts failed")
    return inspection


def _queue_again(job: InferenceJob, cause: str) -> None:
    """Queue as if sent long ago, so that the next sweep sends it."""
    now = timezone.now()
    _move_job(job, JobState.QUEUED, cause, queued_at=now, enqueued_at=now - timedelta(days=1))


def _end_undelivered(inspection: Inspection, reason: FailureReason, cause: str) -> None:
    _move_inspection(inspection, InspectionStatus.FAILED, cause, finished_at=timezone.now(), failure_reason=reason)


def _close_attempt(job: InferenceJob, outcome: AttemptOutcome, error: str) -> None:
    job.attempts.filter(ended_at=None).update(ended_at=timezone.now(), outcome=outcome, error=error[:500])


def _move_inspection(inspection: Inspection, to: InspectionStatus, cause: str, **changes: object) -> None:
    if to not in INSPECTION_TRANSITIONS[inspection.status]:
        raise TransitionRefused(f"inspection: {inspection.status} → {to}")
    _note(inspection, "inspection", inspection.status, to, cause)
    _write(inspection, status=to, **changes)


def _move_job(job: InferenceJob, to: JobState, cause: str, **changes: object) -> None:
    if to not in JOB_TRANSITIONS[job.state]:
        raise TransitionRefused(f"job: {job.state} → {to}")
    _note(job.inspection, "job", job.state, to, cause)
    _write(job, **{"state": to, "lease": None, "lease_until": None, **changes})


def _write(row: Inspection | InferenceJob, **changes: object) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()


def _note(inspection: Inspection, subject: str, from_state: str, to_state: str, cause: str) -> None:
    InspectionEvent.objects.create(
        inspection=inspection, subject=subject, from_state=from_state, to_state=to_state, cause=cause[:200]
    )


def _lease_end(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.JOB_LEASE_SECONDS)
