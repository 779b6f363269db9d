from enum import StrEnum


class CoverageBandEnum(StrEnum):
    HEAVY = "heavy"
    LIGHT = "light"
    MODERATE = "moderate"
    NONE = "none"
    TRACE = "trace"

    def __str__(self) -> str:
        return str(self.value)
