from enum import StrEnum


class ModeEnum(StrEnum):
    CORROSION = "corrosion"
    OSMOSIS = "osmosis"

    def __str__(self) -> str:
        return str(self.value)
