from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"

    def ready(self) -> None:
        from accounts.support import let_support

        let_support("billing.change_entitlement")
        let_support("billing.add_product")
