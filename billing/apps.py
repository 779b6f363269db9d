from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"

    def ready(self) -> None:
        from accounts.identity.address_changes import on_address_change
        from accounts.privacy.register import register
        from accounts.staff.permissions import allow_support
        from billing.entitlements.entitlements import move_to_new_address
        from billing.inbox.events import delete_bodies, events_past_retention
        from billing.privacy.personal_data import PERSONAL_DATA
        from maretech.common.work.retention import RetentionRule, register_retention

        register(PERSONAL_DATA)
        on_address_change(move_to_new_address)
        register_retention(RetentionRule("bodies of provider events", events_past_retention, delete_bodies))

        for codename in (
            "add_order",
            "add_product",
            "add_stepuprule",
            "add_subscription",
            "change_dispute",
            "change_entitlement",
            "change_finding",
            "change_order",
            "change_payeepayout",
            "change_providerevent",
            "change_refundrequest",
            "change_stepuprule",
        ):
            allow_support(f"billing.{codename}")
