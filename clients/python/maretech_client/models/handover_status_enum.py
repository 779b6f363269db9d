from enum import StrEnum


class HandoverStatusEnum(StrEnum):
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    DECLINED = "declined"
    DISPUTED = "disputed"
    EXPIRED = "expired"
    FAILED = "failed"
    INITIATED = "initiated"
    PENDING_CODES = "pending_codes"
    REVERSED = "reversed"

    def __str__(self) -> str:
        return str(self.value)
