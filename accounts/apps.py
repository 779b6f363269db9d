from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    label = "accounts"

    def ready(self) -> None:
        from django.db.models.signals import post_save

        from accounts import openapi  # noqa: F401
        from accounts.own_part import PART
        from accounts.passwords import end_what_the_old_password_opened
        from accounts.personal import register
        from accounts.retention import RULES
        from maretech.common.retention import keep_no_longer

        register(PART)
        post_save.connect(end_what_the_old_password_opened, sender="accounts.User")
        keep_no_longer(*RULES)
