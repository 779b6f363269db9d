from enum import StrEnum


class DossierStatusEnum(StrEnum):
    DRAFT = "draft"
    FINAL = "final"
    RENDERING = "rendering"
    REVOKED = "revoked"

    def __str__(self) -> str:
        return str(self.value)
