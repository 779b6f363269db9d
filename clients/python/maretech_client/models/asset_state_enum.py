from enum import StrEnum


class AssetStateEnum(StrEnum):
    CREATED = "created"
    READY = "ready"
    REJECTED = "rejected"
    UPLOADED = "uploaded"

    def __str__(self) -> str:
        return str(self.value)
