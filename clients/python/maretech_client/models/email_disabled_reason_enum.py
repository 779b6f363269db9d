from enum import StrEnum


class EmailDisabledReasonEnum(StrEnum):
    BOUNCED = "bounced"
    COMPLAINED = "complained"

    def __str__(self) -> str:
        return str(self.value)
