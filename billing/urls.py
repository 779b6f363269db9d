from billing.api.checkout_views import CheckoutViewSet
from billing.api.entitlement_views import EntitlementViewSet, SubscriptionViewSet
from billing.api.order_views import OrderViewSet
from billing.api.payment_views import PaymentViewSet
from billing.api.product_views import ProductViewSet
from billing.api.webhooks import webhook_viewset
from maretech.common.http.viewsets import routes

urlpatterns = routes(
    {
        "products": ProductViewSet,
        "checkout/sessions": CheckoutViewSet,
        "webhooks": webhook_viewset(),
        "orders": OrderViewSet,
        "entitlements": EntitlementViewSet,
        "payments": PaymentViewSet,
        "subscriptions": SubscriptionViewSet,
    }
)
