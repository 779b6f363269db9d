from enum import StrEnum


class VerificationResultEnum(StrEnum):
    NOT_FOUND = "NOT_FOUND"
    REVOKED = "REVOKED"
    SUPERSEDED = "SUPERSEDED"
    VALID = "VALID"

    def __str__(self) -> str:
        return str(self.value)
