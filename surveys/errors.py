"""Refusals of surveyors and appointments."""

from maretech.common.http.errors import APIError, Forbidden, NotEligible


class SlotTaken(APIError):
    status = 409
    error_code = "SLOT_TAKEN"
    message = "Somebody else has this time, or it is not offered any more. Choose another one."


class AppointmentRefused(NotEligible):
    """The appointment cannot do this now."""


class ReviewExists(AppointmentRefused):
    def __init__(self) -> None:
        super().__init__("ALREADY_REVIEWED", "You have reviewed this appointment already.")


class ReportedToday(AppointmentRefused):
    def __init__(self) -> None:
        super().__init__("ALREADY_REPORTED", "You have reported this review today already.")


class NotASurveyor(Forbidden):
    message = "This is for surveyors."
