"""Vocabulary of surveyors and appointments."""

from maretech.common.vocabulary import Vocabulary


class AppointmentStatus(Vocabulary):
    """Released: the hold ended without a payment. No-show: not checked in. Resolved: a dispute was decided."""

    HELD = "held"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    COMPLETED = "completed"
    RELEASED = "released"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    DISPUTED = "disputed"
    RESOLVED = "resolved"


class Party(Vocabulary):
    OWNER = "owner"
    SURVEYOR = "surveyor"


class CheckInResult(Vocabulary):
    """The answer to a surveyor who scans the code of an appointment."""

    CHECKED_IN = "CHECKED_IN"
    DUPLICATE = "DUPLICATE"
    UNPAID = "UNPAID"
    NOT_FOUND = "NOT_FOUND"
    WRONG_PLACE = "WRONG_PLACE"
    EXPIRED = "EXPIRED"


class DisputeStatus(Vocabulary):
    OPEN = "open"
    RESOLVED = "resolved"


class Outcome(Vocabulary):
    """What the owner gets back when a dispute of an appointment is decided."""

    FULL = "full", "full refund"
    PART = "part", "refund in part"
    NONE = "none", "no refund"


class ReviewState(Vocabulary):
    VISIBLE = "visible"
    HIDDEN = "hidden"
