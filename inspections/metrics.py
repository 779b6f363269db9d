"""Metrics of inspections for `/metrics`: waiting, running, and the last hour. Each is one indexed query."""

from collections.abc import Iterator
from itertools import product

from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client.core import Metric

from inspections.models import InferenceJob, JobAttempt, MissingObject, Result
from inspections.objects import deletion
from inspections.vocabulary import AttemptOutcome, ConfidenceLevel, FailureReason, JobState, Mode, SignalDetected
from inspections.work import photo_queue
from maretech.common.observability.metrics import Backlog, gauge, gauges, recently

ENDED = (AttemptOutcome.SUCCEEDED, AttemptOutcome.FAILED, AttemptOutcome.LEASE_EXPIRED)
VERDICTS = tuple(product(Mode.values(), SignalDetected.values(), ConfidenceLevel.values()))


def backlogs() -> Iterator[Backlog]:
    photos = photo_queue.unchecked_photos().aggregate(count=Count("pk"), oldest_at=Min("uploaded_at"))
    yield Backlog(queue="checks", work="photo", **photos)
    queued = InferenceJob.objects.filter(state=JobState.QUEUED)
    yield Backlog(
        queue="analyses", work="inspection", **queued.aggregate(count=Count("pk"), oldest_at=Min("queued_at"))
    )
    deleted = deletion.unpurged_inspections().aggregate(count=Count("pk"), oldest_at=Min("deleted_at"))
    yield Backlog(queue="housekeeping", work="deletion", **deleted)


def figures() -> Iterator[Metric]:
    running = InferenceJob.objects.filter(state=JobState.RUNNING)
    yield gauge("maretech_jobs_running", "Analyses that a worker holds.", running.count())
    yield gauge(
        "maretech_jobs_leases_expired",
        "Running analyses whose lease has expired and that no sweep has requeued.",
        running.filter(lease_until__lt=timezone.now()).count(),
    )
    missing = "Objects claimed by rows that the hourly sweep did not find."
    yield gauge("maretech_objects_missing", missing, MissingObject.objects.count())
    ended = InferenceJob.objects.filter(finished_at__gte=recently())
    ended = ended.exclude(inspection__failure_reason=FailureReason.DELETED)  # not a failure
    yield gauges(
        "maretech_jobs_ended_last_hour",
        "Analyses that ended in the last hour.",
        ["state"],
        (((state,), count) for state, count in ended.values_list("state").annotate(Count("pk"))),
        always=((state,) for state in (JobState.SUCCEEDED, JobState.FAILED)),
    )
    attempts = JobAttempt.objects.filter(ended_at__gte=recently())
    yield gauges(
        "maretech_job_attempts_last_hour",
        "Attempts that ended in the last hour; lost: the worker's lease ran out.",
        ["outcome"],
        (((outcome,), count) for outcome, count in attempts.values_list("outcome").annotate(Count("pk"))),
        always=((outcome,) for outcome in ENDED),
    )
    results = Result.objects.filter(inspection__job__finished_at__gte=recently())
    verdicts = results.values_list("mode", "signal_detected", "confidence_level").annotate(Count("pk"))
    yield gauges(
        "maretech_results_last_hour",
        "Results of the last hour, by mode, signal and confidence.",
        ["mode", "signal", "confidence"],
        ((row[:3], row[3]) for row in verdicts),
        always=VERDICTS,
    )
