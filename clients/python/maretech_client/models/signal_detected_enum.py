from enum import StrEnum


class SignalDetectedEnum(StrEnum):
    INCONCLUSIVE = "inconclusive"
    NO = "no"
    YES = "yes"

    def __str__(self) -> str:
        return str(self.value)
