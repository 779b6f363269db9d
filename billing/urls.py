from django.urls import path
from rest_framework.routers import SimpleRouter

from billing.api import webhooks
from billing.api.checkout_views import CheckoutViewSet
from billing.api.entitlement_views import EntitlementViewSet, SubscriptionViewSet
from billing.api.order_views import OrderViewSet
from billing.api.payment_views import PaymentViewSet
from billing.api.product_views import ProductViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("products", ProductViewSet, basename="product")
router.register("checkout/sessions", CheckoutViewSet, basename="checkout")
router.register("orders", OrderViewSet, basename="order")
router.register("entitlements", EntitlementViewSet, basename="entitlement")
router.register("payments", PaymentViewSet, basename="payment")
router.register("subscriptions", SubscriptionViewSet, basename="subscription")

urlpatterns = [
    *router.urls,
    path("webhooks/stripe", webhooks.StripeWebhookView.as_view()),
    path("webhooks/app-store", webhooks.AppStoreWebhookView.as_view()),
    path("webhooks/play-store", webhooks.PlayStoreWebhookView.as_view()),
]
