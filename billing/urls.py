from rest_framework.routers import SimpleRouter

from billing.api.checkout_views import CheckoutViewSet
from billing.api.entitlement_views import EntitlementViewSet, SubscriptionViewSet
from billing.api.order_views import OrderViewSet
from billing.api.payment_views import PaymentViewSet
from billing.api.product_views import ProductViewSet
from billing.api.webhooks import WebhookViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("products", ProductViewSet, basename="product")
router.register("checkout/sessions", CheckoutViewSet, basename="checkout")
router.register("webhooks", WebhookViewSet, basename="webhook")
router.register("orders", OrderViewSet, basename="order")
router.register("entitlements", EntitlementViewSet, basename="entitlement")
router.register("payments", PaymentViewSet, basename="payment")
router.register("subscriptions", SubscriptionViewSet, basename="subscription")

urlpatterns = router.urls
