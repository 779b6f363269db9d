from django.urls import path

from inspections.api import entitlement_views, inspection_views, photo_views, policy_views, poll_views
from maretech.common.http.viewsets import routes

urlpatterns = [
    # First, because it gets more requests than all others together.
    path("inspections/<uuid:inspection_id>/status", poll_views.StatusView.as_view()),
    path("assets/<uuid:asset_id>", poll_views.AssetView.as_view(), name="asset"),
    *routes(
        {
            "inspections": inspection_views.InspectionViewSet,
            "slots": photo_views.SlotViewSet,
            "assets": photo_views.AssetViewSet,
            "capture-policy": policy_views.CapturePolicyViewSet,
            "entitlements": entitlement_views.EntitlementViewSet,
            "subscriptions": entitlement_views.SubscriptionViewSet,
        }
    ),
]
