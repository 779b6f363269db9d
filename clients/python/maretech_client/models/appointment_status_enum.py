from enum import StrEnum


class AppointmentStatusEnum(StrEnum):
    CANCELLED = "cancelled"
    CHECKED_IN = "checked_in"
    COMPLETED = "completed"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    HELD = "held"
    NO_SHOW = "no_show"
    RELEASED = "released"
    RESOLVED = "resolved"

    def __str__(self) -> str:
        return str(self.value)
