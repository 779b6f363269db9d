from django.urls import path

from billing.api import checkout_views, order_views, views, webhooks

urlpatterns = [
    path("products", order_views.ProductsView.as_view()),
    path("checkout/sessions", checkout_views.CheckoutSessionsView.as_view()),
    path("checkout/sessions/<uuid:session_id>", checkout_views.CheckoutSessionView.as_view()),
    path("webhooks/stripe", webhooks.StripeWebhookView.as_view()),
    path("webhooks/app-store", webhooks.AppStoreWebhookView.as_view()),
    path("webhooks/play-store", webhooks.PlayStoreWebhookView.as_view()),
    path("orders", order_views.OrdersView.as_view()),
    path("orders/<uuid:order_id>", order_views.OrderView.as_view()),
    path("orders/<uuid:order_id>/cancel", order_views.CancelOrderView.as_view()),
    path("entitlements/osmosis", views.OsmosisEntitlementView.as_view()),
    path("payments/osmosis/mock", views.OsmosisMockView.as_view()),
    path("payments/validate", views.ReceiptValidationView.as_view()),
    path("subscriptions/status", views.SubscriptionStatusView.as_view()),
]
