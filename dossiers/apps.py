from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "dossiers"

    def ready(self) -> None:
        from accounts.privacy.register import register
        from accounts.staff.permissions import allow_support
        from billing.services.hooks import register_service
        from billing.vocabulary import ProductCode
        from dossiers.deliveries.address_retention import RULES as ADDRESS_RULES
        from dossiers.deliveries.payments import HOOKS
        from dossiers.deliveries.reports import note_bounce
        from dossiers.lifecycle.deletion import leave_out_deleted
        from dossiers.lifecycle.vessel_links import VESSEL_USE
        from dossiers.privacy.personal_data import PERSONAL_DATA
        from dossiers.recordings.discarding import RULES
        from inspections.lifecycle.hooks import on_deletion
        from inspections.vocabulary import Mode
        from maretech.common.work.retention import register_retention
        from notifications.mail_reports import on_bounce
        from vessels.uses import register_use

        allow_support("dossiers.change_dossier")
        allow_support("dossiers.change_delivery")
        register_service(ProductCode.DOSSIER_BY_POST, HOOKS)
        for mode in Mode:
            on_deletion(mode, leave_out_deleted)
        on_bounce(note_bounce)
        register(PERSONAL_DATA)
        register_retention(*RULES, *ADDRESS_RULES)
        register_use(VESSEL_USE)
