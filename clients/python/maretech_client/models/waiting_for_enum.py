from enum import StrEnum


class WaitingForEnum(StrEnum):
    PAYMENT = "payment"
    PHOTOS = "photos"
    RETRY = "retry"
    WORKER = "worker"

    def __str__(self) -> str:
        return str(self.value)
