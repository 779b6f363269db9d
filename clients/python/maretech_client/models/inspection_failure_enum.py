from enum import StrEnum


class InspectionFailureEnum(StrEnum):
    DELETED_BY_OWNER = "deleted_by_owner"
    EXPIRED = "expired"
    TECHNICAL_FAILURE = "technical_failure"

    def __str__(self) -> str:
        return str(self.value)
