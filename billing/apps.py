from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"

    def ready(self) -> None:
        from accounts.support import let_support

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
