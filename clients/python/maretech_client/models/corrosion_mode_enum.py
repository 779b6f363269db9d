from enum import StrEnum


class CorrosionModeEnum(StrEnum):
    CORROSION = "corrosion"

    def __str__(self) -> str:
        return str(self.value)
