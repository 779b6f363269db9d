from enum import StrEnum


class AngleEnum(StrEnum):
    CLOSE = "close"
    MID = "mid"
    WIDE = "wide"

    def __str__(self) -> str:
        return str(self.value)
