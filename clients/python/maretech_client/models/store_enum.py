from enum import StrEnum


class StoreEnum(StrEnum):
    APP_STORE = "app_store"
    PLAY_STORE = "play_store"

    def __str__(self) -> str:
        return str(self.value)
