"""Vocabulary that both modes share. Words of a single mode are in that mode's folder."""

from maretech.common.vocabulary import Vocabulary


class Mode(Vocabulary):
    OSMOSIS = "osmosis"
    CORROSION = "corrosion"


class InspectionStatus(Vocabulary):
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


class JobState(Vocabulary):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class AssetState(Vocabulary):
    CREATED = "created"
    UPLOADED = "uploaded"
    READY = "ready"
    REJECTED = "rejected"


class AttemptOutcome(Vocabulary):
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    LEASE_EXPIRED = "lost", "Lost"
    RELEASED = "handed_back", "Handed Back"


class AccessKind(Vocabulary):
    """The entitlement that an inspection was opened under."""

    FREE = "free"
    SUBSCRIPTION = "subscription"
    PASS = "pass"  # noqa: S105 - a season pass
    CREDIT = "credit"


class FailureReason(Vocabulary):
    EXPIRED = "expired"
    TECHNICAL = "technical_failure"
    DELETED = "deleted_by_owner"


class WaitingFor(Vocabulary):
    PHOTOS = "photos"
    PAYMENT = "payment"
    WORKER = "worker"
    RETRY = "retry"


class PhotoWarning(Vocabulary):
    """What the owner may want to shoot again although the photo is used."""

    SMALL = "small"
    SLIGHTLY_BLURRED = "slightly_blurred"
    TOO_FAR = "too_far"
    SAME_AS_OTHER_ANGLE = "same_as_other_angle"
    FRAMED_DIFFERENTLY = "framed_differently"


class SignalDetected(Vocabulary):
    YES = "yes"
    NO = "no"
    INCONCLUSIVE = "inconclusive"


class ConfidenceLevel(Vocabulary):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Angle(Vocabulary):
    WIDE = "wide"
    MID = "mid"
    CLOSE = "close"


class Surface(Vocabulary):
    WET = "wet"
    DRY = "dry"


class Antifouling(Vocabulary):
    PRESENT = "present"
    REMOVED = "removed"
    UNKNOWN = "unknown"
