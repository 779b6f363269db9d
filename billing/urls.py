from django.urls import path

from billing import views

urlpatterns = [
    path("entitlements/osmosis", views.OsmosisEntitlementView.as_view()),
    path("payments/osmosis/mock", views.OsmosisMockView.as_view()),
    path("payments/validate", views.ReceiptValidationView.as_view()),
    path("subscriptions/status", views.SubscriptionStatusView.as_view()),
]
