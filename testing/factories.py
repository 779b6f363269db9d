"""Rows in each state a test starts from."""

import hashlib
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import User
from corrosion.models import Maintenance
from corrosion.vocabulary import MaintenanceKind
from inspections.models import CapturePolicy, CaptureSlot, InferenceJob, Inspection, MediaAsset, Result
from inspections.modes.base import Coverage, PointResult
from inspections.modes.registry import rules_of
from inspections.vocabulary import AccessKind, AssetState, FailureReason, InspectionStatus, JobState, Mode
from notifications.models import Notification
from notifications.vocabulary import KindName
from vessels.models import Handover, HandoverCode, Vessel
from vessels.naming import vessel_key
from vessels.registration import find_or_create_vessel
from vessels.vocabulary import Party

PASSWORD = "barnacle-free-2026"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"owner{n}@example.org")
    is_staff = False
    is_superuser = False
    email_verified_at = factory.LazyAttribute(lambda row: timezone.now() if row.is_staff else None)

    @factory.post_generation
    def password(user: User, create: bool, extracted: str | None, **kwargs: Any) -> None:  # noqa: FBT001, N805
        """Set the password. factory_boy calls this with the row that it has made; it announces no change."""
        user.set_password(extracted or PASSWORD)
        user._password = None
        User.objects.filter(pk=user.pk).update(password=user.password)


class VesselFactory(DjangoModelFactory[Vessel]):
    class Meta:
        model = Vessel

    owner = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"Tern {n}")
    name_key = factory.LazyAttribute(lambda row: vessel_key(row.name))


def _newest(mode: str) -> CapturePolicy:
    return CapturePolicy.objects.filter(mode=mode).latest("version")


class InspectionFactory(DjangoModelFactory[Inspection]):
    """Pending, without a point; of the owner's vessel that its label names."""

    class Meta:
        model = Inspection

    owner = factory.SubFactory(UserFactory)
    mode = Mode.CORROSION
    policy = factory.LazyAttribute(lambda row: _newest(row.mode))
    access = factory.LazyAttribute(
        lambda row: AccessKind.SUBSCRIPTION if row.mode == Mode.CORROSION else AccessKind.PASS
    )
    points_allowed = factory.LazyAttribute(lambda row: row.policy.max_points)
    vessel_label = ""
    vessel = factory.LazyAttribute(lambda row: find_or_create_vessel(owner=row.owner, name=row.vessel_label)[0])
    created_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=72))

    class Params:
        processing = factory.Trait(status=InspectionStatus.PROCESSING, submitted_at=factory.LazyFunction(timezone.now))
        completed = factory.Trait(
            status=InspectionStatus.COMPLETED,
            submitted_at=factory.SelfAttribute("created_at"),
            finished_at=factory.SelfAttribute("created_at"),
        )
        failed = factory.Trait(
            status=InspectionStatus.FAILED,
            submitted_at=factory.LazyFunction(timezone.now),
            finished_at=factory.LazyFunction(timezone.now),
            failure_reason=FailureReason.TECHNICAL,
        )


class SlotFactory(DjangoModelFactory[CaptureSlot]):
    class Meta:
        model = CaptureSlot

    inspection = factory.SubFactory(InspectionFactory)
    point_index = 1
    required_angles = factory.LazyAttribute(lambda row: row.inspection.policy.angles)


class AssetFactory(DjangoModelFactory[MediaAsset]):
    """Awaiting its upload."""

    class Meta:
        model = MediaAsset

    id = factory.LazyFunction(uuid4)
    slot = factory.SubFactory(SlotFactory)
    angle = "mid"
    content_type = "image/jpeg"
    uri = factory.LazyAttribute(lambda row: f"{row.slot.inspection.key_prefix}quarantine/{row.id}")

    class Params:
        frozen = factory.Trait(
            state=AssetState.READY,
            uploaded_at=factory.LazyFunction(timezone.now),
            pinned_etag="etag",
            pinned_size=1,
            pinned_content_type="image/jpeg",
            evidence_uri=factory.LazyAttribute(lambda row: f"{row.slot.inspection.key_prefix}evidence/{row.id}"),
            evidence_sha256=factory.LazyAttribute(lambda row: hashlib.sha256(str(row.id).encode()).hexdigest()),
        )


class JobFactory(DjangoModelFactory[InferenceJob]):
    """Queued."""

    class Meta:
        model = InferenceJob

    inspection = factory.SubFactory(InspectionFactory, processing=True)
    progress_total = 3

    class Params:
        running = factory.Trait(
            state=JobState.RUNNING,
            attempt=1,
            lease=factory.LazyFunction(uuid4),
            lease_until=factory.LazyFunction(lambda: timezone.now() + timedelta(seconds=60)),
        )
        failed = factory.Trait(
            inspection=factory.SubFactory(InspectionFactory, failed=True),
            state=JobState.FAILED,
            attempt=3,
            finished_at=factory.LazyFunction(timezone.now),
        )


def deliver_result(inspection: Inspection, **changes: object) -> Result:
    """Deliver a result for a completed inspection without a judgeable point."""
    assessment = rules_of(inspection.mode).assess(
        [PointResult(point_index=1, label="", finding=None)], Coverage(points=1, photos_used=0, photos_rejected=3), {}
    )
    for entry in assessment.block[rules_of(inspection.mode).block_items]:
        entry["overlay_uri"] = None
    fields = {
        "inspection": inspection,
        "mode": inspection.mode,
        "signal_detected": assessment.signal_detected,
        "confidence_level": assessment.confidence_level,
        "guidance": assessment.guidance,
        "worst_band": assessment.worst_band,
        "explanation": assessment.explanation,
        "disclaimer": assessment.disclaimer,
        "coverage": {"points": 1, "photos_used": 0, "photos_rejected": 3},
        inspection.mode: assessment.block,
        "model_version": "stub-1",
    }
    return Result.objects.create(**(fields | changes))


def maintenance_of(owner: User) -> Maintenance:
    """Note that a vessel of the owner was painted."""
    return Maintenance.objects.create(
        vessel=VesselFactory.create(owner=owner), kind=MaintenanceKind.PAINTED, performed_on=date(2026, 5, 1)
    )


def handover_of(owner: User) -> Handover:
    """Offer a vessel of the owner to an address without an account."""
    vessel = VesselFactory.create(owner=owner)
    row = Handover.objects.create(
        vessel=vessel,
        vessel_name=vessel.name,
        seller=owner,
        to_email="buyer@example.org",
        expires_at=timezone.now() + timedelta(hours=72),
    )
    HandoverCode.objects.bulk_create([HandoverCode(handover=row, party=party) for party in Party])
    return row


def notification_of(user: User) -> Notification:
    """Notify the user of a sign-in, without a delivery."""
    texts = {"title": "New sign-in to your Maretech account", "body": "Somebody signed in with your password."}
    return Notification.objects.create(
        recipient=user, kind=KindName.SECURITY, variant="new_sign_in", event_key=f"sign-in:{uuid4()}", **texts
    )
