from billing.api.checkout_views import CheckoutViewSet
from billing.api.entitlement_views import EntitlementViewSet, SubscriptionViewSet
from billing.api.order_views import OrderViewSet
from billing.api.payment_views import PaymentViewSet
from billing.api.product_views import ProductViewSet
from billing.api.webhooks import WebhookViewSet
from maretech.common.http.viewsets import routes

urlpatterns = routes(
    {
        "products": ProductViewSet,
        "checkout/sessions": CheckoutViewSet,
        "webhooks": WebhookViewSet,
        "orders": OrderViewSet,
        "entitlements": EntitlementViewSet,
        "payments": PaymentViewSet,
        "subscriptions": SubscriptionViewSet,
    }
)
