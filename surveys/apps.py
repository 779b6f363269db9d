from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"

    def ready(self) -> None:
        from accounts.privacy.register import register
        from accounts.staff.permissions import allow_support
        from billing.services.hooks import register_service
        from billing.vocabulary import ProductCode
        from maretech.common.work.retention import register_retention
        from notifications.catalogue.attachments import register_attachment
        from notifications.catalogue.audiences import register_audience
        from notifications.vocabulary import Audience, KindName
        from surveys.appointments.calendar import cancellation_file, invitation_file
        from surveys.appointments.paying import HOOKS
        from surveys.models import surveyor_of
        from surveys.privacy.personal_data import PERSONAL_DATA
        from surveys.privacy.retention import RULES

        # Not add_surveyor: it decides where money goes, like registering a payee, which support may not do either.
        for right in ("change_surveyor", "add_slot", "change_slot"):
            allow_support(f"surveys.{right}")
        for right in ("change_appointment", "change_appointmentdispute", "change_review"):
            allow_support(f"surveys.{right}")
        register(PERSONAL_DATA)
        register_retention(*RULES)
        register_service(ProductCode.APPOINTMENT, HOOKS)
        register_audience(Audience.SURVEYOR, lambda user: surveyor_of(user) is not None)
        for kind in (KindName.APPOINTMENT_CONFIRMED, KindName.APPOINTMENT_BOOKED):
            register_attachment(kind, invitation_file)
        register_attachment(KindName.APPOINTMENT_CANCELLED, cancellation_file)
