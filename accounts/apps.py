from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    label = "accounts"

    def ready(self) -> None:
        from django.db.models.signals import post_save

        from accounts.api import openapi  # noqa: F401
        from accounts.identity.passwords import end_sessions_on_password_save
        from accounts.privacy.personal_data import PERSONAL_DATA
        from accounts.privacy.register import register
        from accounts.privacy.retention import RULES
        from accounts.staff.permissions import allow_support
        from maretech.common.work.retention import register_retention

        register(PERSONAL_DATA)
        post_save.connect(end_sessions_on_password_save, sender="accounts.User")
        register_retention(*RULES)
        for codename in ("add_stepupflag", "change_stepupflag"):
            allow_support(f"accounts.{codename}")
