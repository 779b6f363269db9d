from enum import StrEnum


class SurfaceEnum(StrEnum):
    DRY = "dry"
    WET = "wet"

    def __str__(self) -> str:
        return str(self.value)
