"""Vocabulary that both modes share. Words of a single mode are in that mode's folder."""

from django.db.models import TextChoices


class Mode(TextChoices):
    OSMOSIS = "osmosis"
    CORROSION = "corrosion"


class InspectionStatus(TextChoices):
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


class JobState(TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class AssetState(TextChoices):
    CREATED = "created"
    UPLOADED = "uploaded"
    READY = "ready"
    REJECTED = "rejected"


class AttemptOutcome(TextChoices):
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    LEASE_EXPIRED = "lost", "Lost"
    HANDED_BACK = "handed_back"


class AccessKind(TextChoices):
    """The entitlement that an inspection was opened under."""

    FREE = "free"
    SUBSCRIPTION = "subscription"
    PASS = "pass"  # noqa: S105 - a season pass
    CREDIT = "credit"


class FailureReason(TextChoices):
    EXPIRED = "expired"
    TECHNICAL = "technical_failure"
    DELETED = "deleted_by_owner"


class WaitingFor(TextChoices):
    PHOTOS = "photos"
    PAYMENT = "payment"
    WORKER = "worker"
    RETRY = "retry"


class SignalDetected(TextChoices):
    YES = "yes"
    NO = "no"
    INCONCLUSIVE = "inconclusive"


class ConfidenceLevel(TextChoices):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Angle(TextChoices):
    WIDE = "wide"
    MID = "mid"
    CLOSE = "close"


class HullMaterial(TextChoices):
    GRP = "grp"
    STEEL = "steel"
    ALUMINIUM = "aluminium"
    OTHER = "other"


class Surface(TextChoices):
    WET = "wet"
    DRY = "dry"


class Antifouling(TextChoices):
    PRESENT = "present"
    REMOVED = "removed"
    UNKNOWN = "unknown"
