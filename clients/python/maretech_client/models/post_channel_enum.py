from enum import StrEnum


class PostChannelEnum(StrEnum):
    POST = "post"

    def __str__(self) -> str:
        return str(self.value)
