from django.apps import AppConfig


class CorrosionConfig(AppConfig):
    name = "corrosion"

    def ready(self) -> None:
        from accounts.privacy.register import register
        from accounts.staff.permissions import allow_support
        from corrosion.comparison.auto_requests import compare_delivered, compare_without
        from corrosion.ghosts.framing_check import compare_with_ghost
        from corrosion.privacy.personal_data import PERSONAL_DATA
        from corrosion.reminders.changes import check_again, end_due_date
        from inspections.lifecycle.hooks import on_deletion, on_delivery
        from inspections.vocabulary import Mode
        from inspections.work.framing import on_checked_photo

        allow_support("corrosion.change_comparison")
        on_delivery(Mode.CORROSION, compare_delivered)
        on_deletion(Mode.CORROSION, compare_without)
        on_delivery(Mode.CORROSION, end_due_date)
        on_deletion(Mode.CORROSION, check_again)
        on_checked_photo(Mode.CORROSION, compare_with_ghost)
        register(PERSONAL_DATA)
