from enum import StrEnum


class CheckoutStatusEnum(StrEnum):
    CANCELLED = "cancelled"
    DISPUTED = "disputed"
    EXPIRED = "expired"
    FAILED = "failed"
    LOST = "lost"
    OPEN = "open"
    PAID = "paid"
    REFUNDED = "refunded"

    def __str__(self) -> str:
        return str(self.value)
