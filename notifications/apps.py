from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from anymail.signals import tracking

        from accounts.identity.security_events import on_security_event
        from accounts.notifications.port import register_channel
        from accounts.privacy.register import register
        from accounts.staff.permissions import allow_support
        from maretech.common.work.retention import register_retention
        from notifications.account_notices import notify_of_security_event
        from notifications.mail_reports import receive_report
        from notifications.mails.account_mails import AccountMailChannel
        from notifications.privacy.personal_data import PERSONAL_DATA
        from notifications.privacy.retention import RULES

        allow_support("notifications.change_delivery")
        register_channel(AccountMailChannel())
        on_security_event(notify_of_security_event)
        tracking.connect(receive_report)
        register(PERSONAL_DATA)
        register_retention(*RULES)
