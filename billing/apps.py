from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"

    def ready(self) -> None:
        from accounts.identity.address_changes import on_address_change
        from accounts.privacy.register import register
        from accounts.staff.permissions import let_support
        from billing.entitlements.entitlements import follow_address
        from billing.inbox.events import drop_bodies, with_bodies_kept_too_long
        from billing.privacy.personal_data import PART
        from maretech.common.retention import Rule, keep_no_longer

        register(PART)
        on_address_change(follow_address)
        keep_no_longer(Rule("bodies of provider events", with_bodies_kept_too_long, drop_bodies))

        for act in (
            "add_order",
            "add_product",
            "add_subscription",
            "change_dispute",
            "change_entitlement",
            "change_finding",
            "change_order",
            "change_providerevent",
        ):
            let_support(f"billing.{act}")
