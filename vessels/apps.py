from django.apps import AppConfig


class VesselsConfig(AppConfig):
    name = "vessels"

    def ready(self) -> None:
        from accounts.privacy.register import register
        from vessels.privacy.personal_data import PERSONAL_DATA

        register(PERSONAL_DATA)
