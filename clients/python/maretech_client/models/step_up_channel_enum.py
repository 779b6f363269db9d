from enum import StrEnum


class StepUpChannelEnum(StrEnum):
    AUTHENTICATOR = "authenticator"
    MAIL = "mail"

    def __str__(self) -> str:
        return str(self.value)
