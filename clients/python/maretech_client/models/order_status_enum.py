from enum import StrEnum


class OrderStatusEnum(StrEnum):
    CANCELLED = "cancelled"
    CREATED = "created"
    DISPUTED = "disputed"
    EXPIRED = "expired"
    FAILED = "failed"
    FULFILLED = "fulfilled"
    LOST = "lost"
    PAID = "paid"
    PENDING = "pending"
    REFUNDED = "refunded"

    def __str__(self) -> str:
        return str(self.value)
