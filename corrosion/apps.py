from django.apps import AppConfig


class CorrosionConfig(AppConfig):
    name = "corrosion"

    def ready(self) -> None:
        from accounts.privacy.register import register
        from accounts.staff.permissions import allow_support
        from corrosion.comparison.auto_requests import compare_delivered, compare_without
        from corrosion.handovers import VESSEL_USE
        from corrosion.privacy.personal_data import PERSONAL_DATA
        from corrosion.reminders.changes import follow_inspection
        from inspections.lifecycle.hooks import on_deletion, on_delivery
        from inspections.vocabulary import Mode
        from inspections.work.framing import on_checked_photo
        from vessels.uses import register_use

        allow_support("corrosion.change_comparison")
        on_delivery(Mode.CORROSION, compare_delivered)
        on_deletion(Mode.CORROSION, compare_without)
        on_delivery(Mode.CORROSION, follow_inspection)
        on_deletion(Mode.CORROSION, follow_inspection)
        on_checked_photo(Mode.CORROSION, "corrosion.ghosts.framing_check.compare_with_ghost")
        register(PERSONAL_DATA)
        register_use(VESSEL_USE)
