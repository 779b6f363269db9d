from enum import StrEnum


class CheckInResultEnum(StrEnum):
    CHECKED_IN = "CHECKED_IN"
    DUPLICATE = "DUPLICATE"
    EXPIRED = "EXPIRED"
    NOT_FOUND = "NOT_FOUND"
    UNPAID = "UNPAID"
    WRONG_PLACE = "WRONG_PLACE"

    def __str__(self) -> str:
        return str(self.value)
