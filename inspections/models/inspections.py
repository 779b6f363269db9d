"""An inspection and its history. Both modes share the rows; database constraints reject invalid ones."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from inspections.models.policies import CapturePolicy
from inspections.vocabulary import (
    AccessKind,
    FailureReason,
    InspectionStatus,
    Mode,
)
from vessels.models import Vessel


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def owned_by(self, owner: User) -> "InspectionQuerySet":
        """Returns what this owner can see: not another owner's inspections, and no deleted ones."""
        return self.filter(owner_id=owner.pk, deleted_at=None)


class Inspection(models.Model):
    """One walk round the hull. Only `lifecycle` writes `status`; `mode` never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="inspections")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="Who opened it, if it has come to its owner with a vessel. Its original photos are theirs alone.",
    )
    mode = models.CharField(max_length=16, choices=Mode.choices())
    status = models.CharField(max_length=16, choices=InspectionStatus.choices(), default=InspectionStatus.PENDING)
    policy = models.ForeignKey(CapturePolicy, on_delete=models.PROTECT)
    access = models.CharField(max_length=16, choices=AccessKind.choices())
    points_allowed = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=120, blank=True)
    # Null in rows of the release before, until the sweep. The label is the vessel's name, which that release reads.
    vessel = models.ForeignKey(Vessel, null=True, on_delete=models.PROTECT, related_name="inspections", db_index=False)
    vessel_label = models.CharField(max_length=120, blank=True)
    capture_context = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    failure_reason = models.CharField(max_length=32, choices=FailureReason.choices(), blank=True)
    deleted_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("owner", "mode", F("created_at").desc(), F("id").desc(), name="inspections_of_an_owner"),
            models.Index("vessel", "mode", F("created_at").desc(), name="inspections_of_a_vessel"),
            models.Index(
                fields=["created_at"],
                condition=Q(vessel__isnull=True, deleted_at__isnull=True),
                name="inspections_without_vessel",
            ),
            models.Index(fields=["expires_at"], condition=Q(status="pending"), name="inspections_to_expire"),
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="inspections_to_purge"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="pending", submitted_at=None, finished_at=None, failure_reason="")
                | Q(status="processing", submitted_at__isnull=False, finished_at=None, failure_reason="")
                | Q(status="completed", submitted_at__isnull=False, finished_at__isnull=False, failure_reason="")
                | Q(status="failed", finished_at__isnull=False, failure_reason__in=FailureReason.values()),
                name="inspection_status_tells_its_times",
            ),
            models.CheckConstraint(
                condition=Q(mode="corrosion", access__in=["free", "subscription"])
                | Q(mode="osmosis", access__in=["pass", "credit"]),
                name="access_fits_the_mode",
            ),
            models.UniqueConstraint(
                fields=["owner"],
                condition=Q(access="free", status__in=["pending", "processing"], deleted_at=None),
                name="one_unfinished_free_inspection_per_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mode} {self.id}"

    @property
    def key_prefix(self) -> str:
        """Prefix of all keys of this inspection in the object store."""
        return f"inspections/{self.id}/"

    @property
    def came_with_vessel(self) -> bool:
        """Return whether another person opened it and handed it over: it costs its owner nothing."""
        return self.opened_by_id not in (None, self.owner_id)

    @property
    def shown_context(self) -> dict[str, Any]:
        """What the owner noted when opening it; of a former owner, without the place where they saw the hull."""
        noted: dict[str, Any] = self.capture_context
        return {**noted, "region_text": ""} if self.came_with_vessel and "region_text" in noted else noted

    def takes_photos(self) -> bool:
        return self.status == InspectionStatus.PENDING and self.expires_at > timezone.now()


class InspectionEvent(models.Model):
    """One change of an inspection's or its job's status, with its cause. Append-only."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="events")
    subject = models.CharField(max_length=16, choices=[("inspection", "inspection"), ("job", "job")])
    from_state = models.CharField(max_length=16, blank=True)
    to_state = models.CharField(max_length=16)
    cause = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.subject} {self.from_state} → {self.to_state}: {self.cause}"
