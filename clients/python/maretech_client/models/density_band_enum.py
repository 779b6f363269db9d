from enum import StrEnum


class DensityBandEnum(StrEnum):
    FEW = "few"
    MANY = "many"
    NONE = "none"
    SEVERAL = "several"

    def __str__(self) -> str:
        return str(self.value)
