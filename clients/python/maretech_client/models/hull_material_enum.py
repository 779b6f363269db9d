from enum import StrEnum


class HullMaterialEnum(StrEnum):
    ALUMINIUM = "aluminium"
    GRP = "grp"
    OTHER = "other"
    STEEL = "steel"

    def __str__(self) -> str:
        return str(self.value)
