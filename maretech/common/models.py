"""Tables of the shared mechanics. None of them references another app's table."""

import uuid

from django.db import models
from django.db.models import Q


class IdempotencyRecord(models.Model):
    """One `Idempotency-Key` of one user on one path: claimed first, settled with its effect in one transaction."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user_id = models.UUIDField()
    path = models.CharField(max_length=255)
    key = models.CharField(max_length=255)
    body_sha256 = models.CharField(max_length=64)
    claim = models.UUIDField(default=uuid.uuid4)
    claimed_at = models.DateTimeField()
    status_code = models.PositiveSmallIntegerField(null=True)
    reference = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user_id", "path", "key"], name="one_record_per_user_path_and_key"),
            models.CheckConstraint(
                condition=Q(status_code__isnull=True, reference__isnull=True)
                | Q(status_code__gte=200, status_code__lt=300, reference__isnull=False),
                name="only_successes_are_kept",
            ),
        ]
        indexes = [models.Index(fields=["claimed_at"])]

    def __str__(self) -> str:
        return f"{self.path} {self.key}"


class RateCounter(models.Model):
    """The number of one caller's requests in one window; the database counts if there is no Redis."""

    key = models.CharField(max_length=128, primary_key=True)
    window_ends_at = models.FloatField()
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.key


class QueueHeartbeat(models.Model):
    """When a worker last took work from a queue: proof that it consumes, not only that it runs."""

    queue = models.CharField(max_length=32, primary_key=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.queue
