"""The analysis of an inspection, and its attempts."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from inspections.models.inspections import Inspection
from inspections.vocabulary import (
    AttemptOutcome,
    JobState,
)


class InferenceJob(models.Model):
    """The truth about one analysis; the broker's message is only a hint. Only `lifecycle` writes `state`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.OneToOneField(Inspection, on_delete=models.CASCADE, related_name="job")
    state = models.CharField(max_length=16, choices=JobState.choices(), default=JobState.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    celery_task_id = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=64, blank=True, help_text="The request that submitted it, for the logs.")
    turn = models.PositiveBigIntegerField(default=0, db_default=0, help_text="Its place among the unfinished jobs.")
    queued_at = models.DateTimeField(default=timezone.now)
    enqueued_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    progress_done = models.PositiveSmallIntegerField(default=0)
    progress_total = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["enqueued_at"], condition=Q(state="queued"), name="jobs_to_send"),
            models.Index(
                fields=["turn", "queued_at"], condition=Q(state__in=["queued", "running"]), name="jobs_in_turn"
            ),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="jobs_to_recover"),
            models.Index(fields=["finished_at"], condition=Q(finished_at__isnull=False), name="jobs_by_their_end"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", lease__isnull=False, lease_until__isnull=False, finished_at=None)
                | Q(state="queued", lease=None, lease_until=None, finished_at=None)
                | Q(state__in=["succeeded", "failed"], lease=None, lease_until=None, finished_at__isnull=False),
                name="job_state_tells_its_lease",
            ),
            models.CheckConstraint(condition=Q(progress_done__lte=F("progress_total")), name="progress_is_at_most_all"),
        ]

    def __str__(self) -> str:
        return f"{self.state} job {self.id}"


class JobAttempt(models.Model):
    """One attempt at a job, to explain how long it took."""

    job = models.ForeignKey(InferenceJob, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    worker = models.CharField(max_length=120)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, choices=AttemptOutcome.choices(), default=AttemptOutcome.RUNNING)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["started_at"]
        indexes = [
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="attempts_by_their_end"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number}: {self.outcome}"
