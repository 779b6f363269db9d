from enum import StrEnum


class DeliveryChannelEnum(StrEnum):
    EMAIL = "email"
    POST = "post"

    def __str__(self) -> str:
        return str(self.value)
