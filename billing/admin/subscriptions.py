"""Admin pages of subscriptions with the last known state from the provider, read only."""

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from billing.admin.filters import SurplusFilter
from billing.entitlements import paid_periods
from billing.models import Subscription
from maretech.common.staff.object_actions import StaffPageAdmin, link_to

NEWEST = 100


@admin.register(Subscription)
class SubscriptionAdmin(StaffPageAdmin[Subscription]):
    change_form_template = "admin/billing/subscription/change_form.html"
    linked_filters = ("owner__id__exact",)
    list_display = (
        "owner",
        "plan",
        "state",
        "ends_at",
        "is_test",
        "provider",
        "is_current",
        "surplus_at",
        "created_at",
    )
    list_filter = ("state", "is_current", SurplusFilter, "provider", "is_test", "plan", "ends_at")
    search_fields = ("owner__email", "provider_ref")
    search_help_text = "E-mail of the owner, or the provider's reference of the subscription."
    ordering = ("-created_at",)
    fields = (
        "id",
        "owner_link",
        "plan",
        ("state", "ends_at", "is_test"),
        "access",
        ("is_current", "surplus_at"),
        ("provider", "provider_ref"),
        "asked_at",
        ("created_at", "updated_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscription]:
        return super().get_queryset(request).select_related("owner")

    @admin.display(description="owner")
    def owner_link(self, row: Subscription) -> str:
        return link_to(row.owner)

    @admin.display(description="access")
    def access(self, row: Subscription) -> str:
        """Returns the access that the payments give, for comparison with the provider's state."""
        found = paid_periods.running().filter(pk=row.pk).values_list(F("money"), F("access_ends_at")).first()
        money, ends_at = found or ("", None)
        until = f"until {ends_at:%Y-%m-%d %H:%M:%S} UTC" if ends_at is not None and ends_at > timezone.now() else "none"
        return f"{until}; the money for the newest period is {money}" if money else until

    def sections(self, request: HttpRequest, row: Subscription) -> dict[str, Any]:
        paid = row.orders.select_related("product").order_by("-created_at")[:NEWEST]
        return {"events": row.events.all(), "orders": paid}
