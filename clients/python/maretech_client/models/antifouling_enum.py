from enum import StrEnum


class AntifoulingEnum(StrEnum):
    PRESENT = "present"
    REMOVED = "removed"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return str(self.value)
