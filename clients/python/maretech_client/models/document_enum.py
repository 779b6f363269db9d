from enum import StrEnum


class DocumentEnum(StrEnum):
    DISCLAIMER = "disclaimer"
    STATEMENT_SENDING = "statement_sending"

    def __str__(self) -> str:
        return str(self.value)
