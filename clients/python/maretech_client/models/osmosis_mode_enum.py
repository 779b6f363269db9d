from enum import StrEnum


class OsmosisModeEnum(StrEnum):
    OSMOSIS = "osmosis"

    def __str__(self) -> str:
        return str(self.value)
