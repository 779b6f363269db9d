from enum import StrEnum


class ProviderEnum(StrEnum):
    APP_STORE = "app_store"
    MOCK = "mock"
    PLAY_STORE = "play_store"
    STAFF = "staff"
    STRIPE = "stripe"

    def __str__(self) -> str:
        return str(self.value)
