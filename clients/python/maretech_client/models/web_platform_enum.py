from enum import StrEnum


class WebPlatformEnum(StrEnum):
    WEB = "web"

    def __str__(self) -> str:
        return str(self.value)
