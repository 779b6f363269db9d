from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    label = "accounts"

    def ready(self) -> None:
        from accounts import openapi  # noqa: F401
        from accounts.own_part import PART
        from accounts.personal import register
        from accounts.retention import RULES
        from maretech.common.retention import keep_no_longer

        register(PART)
        keep_no_longer(*RULES)
