from enum import StrEnum


class MaintenanceKindEnum(StrEnum):
    ANODES = "anodes"
    BLASTED = "blasted"
    CLEANED = "cleaned"
    PAINTED = "painted"

    def __str__(self) -> str:
        return str(self.value)
