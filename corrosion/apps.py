from django.apps import AppConfig


class CorrosionConfig(AppConfig):
    name = "corrosion"

    def ready(self) -> None:
        from accounts.privacy.register import register
        from accounts.staff.permissions import allow_support
        from corrosion.comparison.auto_requests import compare_delivered, compare_without
        from corrosion.privacy.personal_data import PERSONAL_DATA
        from corrosion.reminders.changes import check_again
        from inspections.lifecycle.hooks import on_deletion, on_delivery
        from inspections.vocabulary import Mode

        allow_support("corrosion.change_comparison")
        on_delivery(Mode.CORROSION, compare_delivered)
        on_deletion(Mode.CORROSION, compare_without)
        on_delivery(Mode.CORROSION, check_again)
        on_deletion(Mode.CORROSION, check_again)
        register(PERSONAL_DATA)
