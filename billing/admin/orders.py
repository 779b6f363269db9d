"""Admin pages of orders with their history and ledger entries. Staff can refund an order."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from billing import orders
from billing.admin.filters import WaitsForProviderFilter
from billing.admin.money_format import AmountField, as_decimal, as_minor, money, staff_actions_with_money
from billing.models import LedgerEntry, Order, PayeePayout
from billing.sync import staff_refunds
from billing.vocabulary import Grant
from maretech.common.staff.object_actions import (
    ActionRefused,
    ActionUnfinished,
    IdempotentForm,
    ObjectAction,
    StaffPageAdmin,
    link_to,
)

_LONGEST_REF = 28
# Effects of a refund (ADR 0025).
_OF_CREDITS = (
    "A refund of the price of a credit revokes the credit; a full refund revokes every credit of the order. A used "
    "credit becomes a debt."
)
_OF_A_SUBSCRIPTION = (
    "A refund in part changes neither access nor renewal. A full refund of the newest period ends the access that it "
    "paid for, and the subscription is not renewed. A full refund of an earlier period changes neither."
)

_OF_A_SERVICE = (
    "The payee of a delivered service gives up the same part of its share; what was paid out already is a debt, which "
    "the next payouts settle. A full refund ends a service that is not delivered."
)
_EFFECTS = {
    Grant.INSPECTION_CREDIT: _OF_CREDITS,
    Grant.SUBSCRIPTION: _OF_A_SUBSCRIPTION,
    Grant.SERVICE: _OF_A_SERVICE,
}


class RefundForm(IdempotentForm):
    amount = AmountField()

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["amount"].label = f"Amount in {currency}"
        self.fields["amount"].help_text = "The proposal is all that is left, or a refund with an unknown outcome."

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if as_minor(amount, self.currency) < 1:
            raise forms.ValidationError("The amount must be above zero.")
        return amount


class Refund(ObjectAction[Order]):
    """Refund an order. Proposes the amount left, or after an unknown outcome the same refund with the same key."""

    name = "refund"
    label = "Refund"
    explanation = "The money returns to the original payment method at once."
    permission = "billing.change_order"
    form_class = RefundForm

    def refusal(self, row: Order) -> str | None:
        return staff_refunds.refusal_reason(row)

    def explained(self, row: Order) -> str:
        return f"{self.explanation} {_EFFECTS[Grant(row.product.grants)]}"

    def initial(self, row: Order) -> dict[str, Any]:
        begun = staff_refunds.unfinished(row)
        if begun is not None:
            proposed = as_decimal(begun.detail["amount_minor"], row.currency)
            return {"amount": proposed, "key": begun.detail["key"], "reason": begun.reason}
        return {"amount": as_decimal(orders.refundable(row), row.currency)}

    def form(self, row: Order, data: Any) -> RefundForm:
        return RefundForm(data, initial=self.initial(row), currency=row.currency)

    def confirmation(self, row: Order, data: Mapping[str, Any]) -> list[str]:
        amount = as_minor(data["amount"], row.currency)
        left = orders.refundable(row) - amount
        if left < 0 and staff_refunds.unfinished(row) is None:
            raise ActionRefused(f"No more than {money(orders.refundable(row), row.currency)} is left to refund.")
        return [
            f"{money(amount, row.currency)} of {money(row.price_minor, row.currency)} goes back to {row.owner}.",
            f"Afterwards {money(max(left, 0), row.currency)} can still be refunded."
            if left > 0
            else f"Nothing is left to refund afterwards, and {_effect_of_full_refund(row)}.",
            f"Order {row.pk}, {row.product.code}, paid through {row.get_provider_display()}.",
        ]

    def perform(self, *, staff: Any, row: Order, data: Mapping[str, Any]) -> str:
        amount = as_minor(data["amount"], row.currency)
        try:
            left = staff_refunds.refund_by_staff(
                staff=staff, order=row, amount_minor=amount, key=data["key"], reason=data["reason"]
            )
        except staff_refunds.RefundRefused as error:
            raise ActionRefused(str(error)) from error
        except staff_refunds.RefundUnfinished as error:
            raise ActionUnfinished(str(error)) from error
        return f"{money(amount, row.currency)} goes back. Left to refund: {money(left, row.currency)}."


@admin.register(Order)
class OrderAdmin(StaffPageAdmin[Order]):
    """Admin page of orders. Find a payment by its date (above the list) or by the provider's reference."""

    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (Refund(),)
    change_form_template = "admin/billing/order/change_form.html"
    date_hierarchy = "paid_at"
    linked_filters = ("owner__id__exact",)
    list_display = ("created_at", "status", "owner", "product", "price", "is_test", "paid_at", "provider", "payment")
    list_filter = ("status", "provider", "is_test", WaitsForProviderFilter, "product__code", "paid_at", "created_at")
    list_select_related = ("owner", "product")
    search_fields = ("owner__email", "payment_ref", "provider_ref", "id")
    search_help_text = "E-mail of the owner, the order's id, or the provider's reference of the purchase or payment."
    ordering = ("-created_at",)
    fields = (
        "id",
        "owner_link",
        ("product", "quantity", "delivered"),
        "is_test",
        ("price", "left_to_refund"),
        "cancel_within_hours",
        "provider",
        ("provider_ref", "payment_ref"),
        ("subscription_link", "period_ends_at"),
        "status",
        ("created_at", "paid_at", "updated_at"),
        ("look_at", "asked_at", "refund_asked_at", "accepted_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        return super().get_queryset(request).select_related("owner", "product", "subscription")

    @admin.display(description="owner")
    def owner_link(self, row: Order) -> str:
        return link_to(row.owner)

    @admin.display(description="subscription")
    def subscription_link(self, row: Order) -> str:
        return link_to(row.subscription) if row.subscription else "none"

    @admin.display(description="price", ordering="price_minor")
    def price(self, row: Order) -> str:
        return money(row.price_minor, row.currency)

    @admin.display(description="left to refund")
    def left_to_refund(self, row: Order) -> str:
        return money(orders.refundable(row), row.currency)

    @admin.display(description="provider's reference")
    def payment(self, row: Order) -> str:
        ref = row.payment_ref or row.provider_ref or "–"
        return ref if len(ref) <= _LONGEST_REF else f"{ref[: _LONGEST_REF - 1]}…"

    def sections(self, request: HttpRequest, row: Order) -> dict[str, Any]:
        return {
            "events": row.events.all(),
            "entries": entries_of(row),
            "disputes": row.disputes.order_by("opened_at"),
            "refund_requests": row.refund_requests.order_by("requested_at"),
            "payouts": PayeePayout.objects.filter(share__order=row).order_by("created_at"),
            "staff_actions": staff_actions_with_money(row, row.currency),
        }


def _effect_of_full_refund(row: Order) -> str:
    """Returns the effect of a full refund as a clause within a sentence."""
    if not row.product.plan:
        return "the purchase is revoked"
    return "the access that this period paid for ends; the newest period's also stops the renewal"


def entries_of(order: Order) -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(transaction__order=order).select_related("transaction").order_by("pk")
