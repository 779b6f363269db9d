"""Admin pages of the catalogue. Staff change a product by adding a version, with a reason."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from accounts.staff.audit import record_staff_action
from billing.admin.money_format import AmountField, as_decimal, as_minor, money, staff_actions_with_money
from billing.catalogue.products import CHANGEABLE, add_version, product_in_force
from billing.models import Product
from billing.vocabulary import PRICED_PER_ORDER
from maretech.common.staff.object_actions import ActionRefused, ObjectAction, ReasonForm, StaffPageAdmin

MOST_HOURS = 24 * 366


class ProductVersionForm(ReasonForm):
    price = AmountField(help_text="In the currency below, such as 49.00.")
    currency = forms.RegexField(r"^[A-Z]{3}$", help_text="Three letters, such as EUR.")
    cancel_within_hours = forms.IntegerField(
        min_value=0,
        max_value=MOST_HOURS,
        help_text="Hours after payment in which an unused purchase can be cancelled; 0 for never.",
    )
    on_sale = forms.BooleanField(required=False)

    def __init__(self, *args: Any, is_priced: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_priced = is_priced

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "price" in cleaned and "currency" in cleaned:
            try:
                cleaned["price_minor"] = as_minor(cleaned["price"], cleaned["currency"])
            except ValidationError as error:
                self.add_error("price", error)
            else:
                if self.is_priced and cleaned["price_minor"] < 1:
                    self.add_error("price", "The price must be above zero.")
                elif not self.is_priced and cleaned["price_minor"]:
                    self.add_error("price", "The price comes with each order: it must be zero here.")
        return cleaned


class AddProductVersion(ObjectAction[Product]):
    name = "add_version"
    label = "New version"
    explanation = "It is in force at once. Earlier orders keep their price and policy."
    permission = "billing.add_product"

    def refusal(self, row: Product) -> str | None:
        newest = product_in_force(row.code)
        return None if newest == row else f"Version {newest.version} is in force: change that one."

    def initial(self, row: Product) -> dict[str, Any]:
        known = {name: getattr(row, name) for name in CHANGEABLE}
        return known | {"price": as_decimal(row.price_minor, row.currency)}

    def form(self, row: Product, data: Any) -> ProductVersionForm:
        is_priced = row.code not in PRICED_PER_ORDER
        return ProductVersionForm(data, initial=self.initial(row), is_priced=is_priced)

    def confirmation(self, row: Product, data: Mapping[str, Any]) -> list[str]:
        price, before = money(data["price_minor"], data["currency"]), money(row.price_minor, row.currency)
        return [
            f"{row.code} costs {price} from now on; it costs {before} now.",
            f"It can be cancelled while unused for {data['cancel_within_hours']} hours after payment.",
            "It is on sale." if data["on_sale"] else "It is not on sale: it cannot be bought.",
        ]

    def perform(self, *, staff: Any, row: Product, data: Mapping[str, Any]) -> str:
        values = {name: data[name] for name in CHANGEABLE}
        with transaction.atomic():
            try:
                added = add_version(row.code, values)
            except ValidationError as error:
                raise ActionRefused(" ".join(error.messages)) from error
            detail = {"from": row.version, "to": added.version, **values}
            record_staff_action(staff=staff, action=self.name, subject=added, reason=data["reason"], detail=detail)
        return f"Version {added.version} of {added.code} is in force."


@admin.register(Product)
class ProductAdmin(StaffPageAdmin[Product]):
    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (AddProductVersion(),)
    change_form_template = "admin/billing/product/change_form.html"
    list_display = ("code", "version", "price", "cancel_within_hours", "on_sale", "created_at")
    list_filter = ("code", "on_sale")
    ordering = ("code", "-version")
    fields = ("code", "version", "plan", "price", "cancel_within_hours", "on_sale", "created_at")

    @admin.display(ordering="price_minor")
    def price(self, row: Product) -> str:
        return money(row.price_minor, row.currency)

    def sections(self, request: HttpRequest, row: Product) -> dict[str, Any]:
        return {"staff_actions": staff_actions_with_money(row, row.currency)}
