from django.apps import AppConfig


class VesselsConfig(AppConfig):
    name = "vessels"

    def ready(self) -> None:
        from accounts.privacy.register import register
        from accounts.staff.permissions import allow_support
        from maretech.common.work.retention import register_retention
        from vessels.privacy.personal_data import PERSONAL_DATA
        from vessels.privacy.retention import RULES

        allow_support("vessels.change_handover")
        register(PERSONAL_DATA)
        register_retention(*RULES)
