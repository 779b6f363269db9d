from django.urls import path
from rest_framework.routers import SimpleRouter

from inspections.api import entitlement_views, inspection_views, photo_views, policy_views, poll_views

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("inspections", inspection_views.InspectionViewSet, basename="inspection")
router.register("slots", photo_views.SlotViewSet, basename="slot")
router.register("assets", photo_views.AssetViewSet, basename="asset")
router.register("capture-policy", policy_views.CapturePolicyViewSet, basename="capture-policy")
router.register("entitlements", entitlement_views.EntitlementViewSet, basename="entitlement")
router.register("subscriptions", entitlement_views.SubscriptionViewSet, basename="subscription")

urlpatterns = [
    # First, because it gets more requests than all others together.
    path("inspections/<uuid:inspection_id>/status", poll_views.StatusView.as_view()),
    path("assets/<uuid:asset_id>", poll_views.AssetView.as_view(), name="asset"),
    *router.urls,
]
