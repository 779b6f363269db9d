from enum import StrEnum


class AppointmentPartyEnum(StrEnum):
    OWNER = "owner"
    SURVEYOR = "surveyor"

    def __str__(self) -> str:
        return str(self.value)
