from enum import StrEnum


class QueuedEnum(StrEnum):
    QUEUED = "queued"

    def __str__(self) -> str:
        return str(self.value)
