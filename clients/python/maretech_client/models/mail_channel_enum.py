from enum import StrEnum


class MailChannelEnum(StrEnum):
    EMAIL = "email"

    def __str__(self) -> str:
        return str(self.value)
