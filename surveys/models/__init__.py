from surveys.models.appointments import (
    ENDED_EARLY,
    OCCUPYING,
    OVER,
    UPCOMING,
    Appointment,
    AppointmentDispute,
    AppointmentEvent,
    AppointmentOrder,
    CheckIn,
    RecoveryAttempt,
)
from surveys.models.reviews import MAX_REASON, MAX_TEXT, Review, ReviewReport
from surveys.models.surveyors import MAX_NAME, Place, Slot, Surveyor, surveyor_of

__all__ = [
    "ENDED_EARLY",
    "MAX_NAME",
    "MAX_REASON",
    "MAX_TEXT",
    "OCCUPYING",
    "OVER",
    "UPCOMING",
    "Appointment",
    "AppointmentDispute",
    "AppointmentEvent",
    "AppointmentOrder",
    "CheckIn",
    "Place",
    "RecoveryAttempt",
    "Review",
    "ReviewReport",
    "Slot",
    "Surveyor",
    "surveyor_of",
]
