"""The points of an inspection, their photos, and photos without an object."""

import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from django.db import models
from django.db.models import Q
from django.utils import timezone

from inspections.models.inspections import Inspection
from inspections.vocabulary import (
    Angle,
    AssetState,
)

# The numbers of a framing and their bounds: far beyond what two photos of one place can differ by.
FRAMING_BOUNDS: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {"shift_x": (-100, 100), "shift_y": (-100, 100), "scale": (0, 1000), "rotation_deg": (-360, 360)}
)


def _framing_is_whole() -> Q:
    """Also refuses other types than numbers, which sort outside of the bounds, and JSON's null."""
    whole = Q()
    for name, (low, high) in FRAMING_BOUNDS.items():
        key = f"framing__{name}"
        # Stated separately, because a CHECK accepts NULL results.
        whole &= Q(**{f"{key}__isnull": False, f"{key}__gt": low, f"{key}__lt": high})
    return Q(framing__isnull=True) | whole


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
    framing = models.JSONField(null=True, help_text="How it is framed against the last visit, where that was measured.")

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
            models.CheckConstraint(condition=_framing_is_whole(), name="a_framing_is_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.angle} {self.id}"

    @property
    def shown_capture(self) -> dict[str, Any]:
        """What the phone sent about itself; of a former owner's phone only when it took the photo."""
        sent: dict[str, Any] = self.capture
        is_own = not self.slot.inspection.came_with_vessel
        return sent if is_own else {name: value for name, value in sent.items() if name == "captured_at"}


class MissingObject(models.Model):
    """An object that a row claims and the store lacks, for staff. Deleted once that is no longer true."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="missing_objects")
    key = models.CharField(max_length=200, unique=True)
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-found_at"]

    def __str__(self) -> str:
        return self.key
