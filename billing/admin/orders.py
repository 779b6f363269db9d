"""What owners bought: every order with its history and what it booked."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from billing import orders
from billing.models import LedgerEntry, Order
from maretech.common.admin import StaffPageAdmin, link_to


@admin.register(Order)
class OrderAdmin(StaffPageAdmin[Order]):
    change_form_template = "admin/billing/order/change_form.html"
    list_display = ("created_at", "owner", "product", "price_minor", "currency", "provider", "status")
    list_filter = ("status", "provider", "product__code", "created_at")
    list_select_related = ("owner", "product")
    search_fields = ("owner__email", "provider_ref", "id")
    search_help_text = "E-mail of the owner, the order's id, or the provider's own name for it."
    ordering = ("-created_at",)
    fields = (
        "id",
        "owner_link",
        "product",
        ("price_minor", "currency", "refundable_minor"),
        "cancel_within_hours",
        ("provider", "provider_ref"),
        "status",
        ("created_at", "paid_at", "updated_at"),
    )

    @admin.display(description="owner")
    def owner_link(self, row: Order) -> str:
        return link_to(row.owner)

    @admin.display(description="left to refund")
    def refundable_minor(self, row: Order) -> int:
        return orders.refundable(row)

    def sections(self, request: HttpRequest, row: Order) -> dict[str, Any]:
        entries = LedgerEntry.objects.filter(transaction__order=row).select_related("transaction").order_by("pk")
        return {"events": row.events.all(), "entries": entries}
