from enum import StrEnum


class AppointmentOutcomeEnum(StrEnum):
    FULL = "full"
    NONE = "none"
    PART = "part"

    def __str__(self) -> str:
        return str(self.value)
