from enum import StrEnum


class ReadyEnum(StrEnum):
    READY = "ready"

    def __str__(self) -> str:
        return str(self.value)
