from enum import StrEnum


class DossierObstacleEnum(StrEnum):
    NOT_COMPLETED = "not_completed"
    NO_USABLE_PHOTOS = "no_usable_photos"
    TOO_OLD = "too_old"

    def __str__(self) -> str:
        return str(self.value)
