from enum import StrEnum


class PayoutStatusEnum(StrEnum):
    CANCELLED = "cancelled"
    FAILED = "failed"
    PAID = "paid"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SETTLED = "settled"

    def __str__(self) -> str:
        return str(self.value)
