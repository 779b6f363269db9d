from enum import StrEnum


class DeliveryStatusEnum(StrEnum):
    CREATED = "created"
    DELIVERED = "delivered"
    EXPIRED = "expired"
    FAILED = "failed"
    IN_TRANSIT = "in_transit"
    PAID = "paid"
    RETURNED = "returned"
    SUBMITTED = "submitted"

    def __str__(self) -> str:
        return str(self.value)
