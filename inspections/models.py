"""The life of one inspection as rows. Both modes share the mechanics; database constraints reject invalid rows."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from inspections.modes.constraints import result_token_constraints
from inspections.vocabulary import (
    AccessKind,
    Angle,
    AssetState,
    AttemptOutcome,
    ConfidenceLevel,
    FailureReason,
    InspectionStatus,
    JobState,
    Mode,
    SignalDetected,
)


class CapturePolicy(models.Model):
    """What to photograph, as data. Never edited: a change is a new version; an inspection keeps its version."""

    mode = models.CharField(max_length=16, choices=Mode.choices())
    version = models.PositiveIntegerField()
    free_points = models.PositiveSmallIntegerField()
    max_points = models.PositiveSmallIntegerField()
    angles = models.JSONField()
    min_short_side_px = models.PositiveIntegerField()
    # 16,384 x 12,288: the largest sensor of a phone. The API reports at most the decoder's limit, see `policies`.
    max_pixels = models.PositiveIntegerField(default=201_326_592, db_default=201_326_592)
    recommended_long_side_px = models.PositiveIntegerField(default=4000, db_default=4000)
    max_bytes = models.PositiveIntegerField()
    content_types = models.JSONField()
    hints = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "capture policies"
        ordering = ["mode", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["mode", "version"], name="one_policy_per_mode_and_version"),
            models.CheckConstraint(condition=Q(mode__in=Mode.values()), name="policy_mode_is_known"),
            models.CheckConstraint(
                condition=Q(max_points__gte=1, max_points__lte=50, free_points__lte=F("max_points")),
                name="free_points_are_within_max_points",
            ),
            models.CheckConstraint(
                condition=Q(min_short_side_px__gte=1, max_bytes__gte=1), name="policy_bounds_are_positive"
            ),
            models.CheckConstraint(
                condition=Q(max_pixels__gte=1, recommended_long_side_px__gte=F("min_short_side_px")),
                name="recommended_pixels_are_enough",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mode} v{self.version}"


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def owned_by(self, owner: User) -> "InspectionQuerySet":
        """Returns what this owner can see: not another owner's inspections, and no deleted ones."""
        return self.filter(owner_id=owner.pk, deleted_at=None)


class Inspection(models.Model):
    """One walk round the hull. Only `lifecycle` writes `status`; `mode` never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="inspections")
    mode = models.CharField(max_length=16, choices=Mode.choices())
    status = models.CharField(max_length=16, choices=InspectionStatus.choices(), default=InspectionStatus.PENDING)
    policy = models.ForeignKey(CapturePolicy, on_delete=models.PROTECT)
    access = models.CharField(max_length=16, choices=AccessKind.choices())
    points_allowed = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=120, blank=True)
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


class CaptureSlot(models.Model):
    """One point of the hull. Reserved at creation (`opened_at` null), opened by the owner's `slots` call."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="slots")
    point_index = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=120, blank=True)
    required_angles = models.JSONField()
    opened_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["point_index"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "point_index"], name="one_slot_per_point"),
            models.CheckConstraint(condition=Q(point_index__gte=1), name="points_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"point {self.point_index}"


class MediaAsset(models.Model):
    """One photo of one angle. Uploaded to `uri`, which a link can write; judged from `evidence_uri`, which no link can.

    `uploaded_etag` is what the owner reported, `pinned_etag` the object's ETag at submission.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slot = models.ForeignKey(CaptureSlot, on_delete=models.CASCADE, related_name="assets")
    angle = models.CharField(max_length=8, choices=Angle.choices())
    state = models.CharField(max_length=16, choices=AssetState.choices(), default=AssetState.CREATED)
    uri = models.CharField(max_length=200, unique=True)
    content_type = models.CharField(max_length=32)
    byte_size = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    capture = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True)

    uploaded_at = models.DateTimeField(null=True)
    uploaded_etag = models.CharField(max_length=128, blank=True)
    check_enqueued_at = models.DateTimeField(null=True)
    check_turn = models.PositiveBigIntegerField(null=True, help_text="Its place among the photos that await a check.")
    check_lease = models.UUIDField(null=True)
    check_lease_until = models.DateTimeField(null=True, help_text="No worker takes it before.")
    check_attempts = models.PositiveSmallIntegerField(default=0)
    request_id = models.CharField(max_length=64, blank=True, help_text="The request that reported it, for the logs.")
    checked_at = models.DateTimeField(null=True)
    checked_sha256 = models.CharField(max_length=64, blank=True)
    fingerprint = models.CharField(max_length=16, blank=True)
    quality_meta = models.JSONField(default=dict)
    retake_reasons = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    view_uri = models.CharField(max_length=200, blank=True)

    pinned_etag = models.CharField(max_length=128, blank=True)
    pinned_size = models.PositiveBigIntegerField(null=True)
    pinned_content_type = models.CharField(max_length=64, blank=True)
    evidence_uri = models.CharField(max_length=200, blank=True)
    evidence_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["created_at"]
        indexes = [
            models.Index(fields=["uploaded_at"], condition=Q(state="uploaded"), name="photos_to_check"),
            models.Index(
                fields=["check_turn", "uploaded_at"],
                condition=Q(state="uploaded", check_turn__isnull=False),
                name="photos_in_turn",
            ),
            models.Index(
                fields=["check_lease_until"], condition=Q(check_lease__isnull=False), name="photos_being_checked"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "angle"], condition=Q(superseded_at=None), name="one_current_photo_per_angle"
            ),
            models.CheckConstraint(
                condition=Q(state="created") | Q(uploaded_at__isnull=False), name="a_photo_is_uploaded_before_judged"
            ),
            models.CheckConstraint(
                condition=Q(pinned_etag="", pinned_size=None) | (~Q(pinned_etag="") & Q(pinned_size__isnull=False)),
                name="a_pin_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(evidence_uri="", evidence_sha256="")
                | (~Q(evidence_uri="") & ~Q(evidence_sha256="") & ~Q(pinned_etag="")),
                name="evidence_is_frozen_from_a_pin",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.angle} {self.id}"


class MissingObject(models.Model):
    """An object that a row claims and the store lacks, for staff. Deleted once that is no longer true."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="missing_objects")
    key = models.CharField(max_length=200, unique=True)
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-found_at"]

    def __str__(self) -> str:
        return self.key


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


class Findings(models.Model):
    """An engine's findings on an inspection: the block of its one mode, and data for staff."""

    mode = models.CharField(max_length=16, choices=Mode.choices())
    signal_detected = models.CharField(max_length=16, choices=SignalDetected.choices())
    confidence_level = models.CharField(max_length=8, choices=ConfidenceLevel.choices())
    guidance = models.JSONField()
    worst_band = models.CharField(max_length=16)
    explanation = models.TextField()
    disclaimer = models.TextField()
    coverage = models.JSONField()
    corrosion = models.JSONField(null=True)
    osmosis = models.JSONField(null=True)
    signals = models.JSONField(default=list, help_text="For staff: raw signals and measurements per point.")
    model_version = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.mode}: {self.signal_detected} ({self.confidence_level})"


def _findings_constraints(prefix: str = "") -> list[models.BaseConstraint]:
    """A constraint's name is unique in the database, so a second table prefixes it."""
    return [
        models.CheckConstraint(
            condition=Q(mode="corrosion", corrosion__points__isnull=False, osmosis__isnull=True)
            | Q(mode="osmosis", osmosis__areas__isnull=False, corrosion__isnull=True),
            name=f"{prefix}a_result_carries_its_own_mode_only",
        ),
        models.CheckConstraint(
            condition=Q(signal_detected__in=SignalDetected.values()), name=f"{prefix}signal_is_known"
        ),
        models.CheckConstraint(
            condition=Q(confidence_level__in=ConfidenceLevel.values()), name=f"{prefix}level_is_known"
        ),
        models.CheckConstraint(condition=~Q(model_version=""), name=f"{prefix}a_result_names_its_model"),
        *result_token_constraints(prefix),
    ]


class Result(Findings):
    """The result. Written once, with one mode's block; a trigger refuses every update."""

    inspection = models.OneToOneField(Inspection, on_delete=models.CASCADE, related_name="result", primary_key=True)

    class Meta:
        constraints = _findings_constraints()


class ShadowResult(Findings):
    """Another model's answer, beside the result and never in its place. Hidden from owners, never updated.

    One per inspection and model version.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="shadow_results")

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "model_version"], name="one_shadow_per_inspection_and_model"),
            *_findings_constraints("shadow_"),
        ]
