from enum import StrEnum


class PendingEnum(StrEnum):
    PENDING = "pending"

    def __str__(self) -> str:
        return str(self.value)
