"""Admin pages of the rules by which a purchase needs a step-up. Staff change their numbers, with a reason."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts.staff.audit import record_staff_action, staff_actions_on
from billing.admin.money_format import AmountField, as_decimal, as_minor, money
from billing.models import StepUpRule
from billing.step_up.rules import NUMBERS_OF, add_currency, change_rule
from billing.vocabulary import StepUpRuleKind
from maretech.common.staff.object_actions import ActionRefused, ObjectAction, ReasonForm, StaffPageAdmin

MOST_FAILED = 1000
MOST_DAYS = 365
MOST_HOURS = 24 * MOST_DAYS
_AMOUNT_HELP = "This price or more is high. In the rule's currency, such as 500.00."
_AGE_HELP = "A sign-in is new for so many hours."


class FailedPaymentsForm(ReasonForm):
    is_enabled = forms.BooleanField(label="Enabled", required=False)
    failed_payments = forms.IntegerField(
        min_value=1, max_value=MOST_FAILED, help_text="So many failed payments, or more, ask for a step-up."
    )
    window_days = forms.IntegerField(min_value=1, max_value=MOST_DAYS, help_text="Days in which they are counted.")


class AmountForm(ReasonForm):
    """Takes an amount in decimal notation; the cleaned data has it in minor units."""

    device_age_hours = forms.IntegerField(min_value=1, max_value=MOST_HOURS, help_text=_AGE_HELP)
    amount = AmountField(help_text=_AMOUNT_HELP)

    def currency_of(self, cleaned: Mapping[str, Any]) -> str:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "amount" in cleaned and "currency" not in self.errors:
            try:
                cleaned["amount_minor"] = as_minor(cleaned["amount"], self.currency_of(cleaned))
            except ValidationError as error:
                self.add_error("amount", error)
        return cleaned


class NewDeviceForm(AmountForm):
    is_enabled = forms.BooleanField(label="Enabled", required=False)
    field_order = ("is_enabled", "device_age_hours", "amount")

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._currency = currency

    def currency_of(self, cleaned: Mapping[str, Any]) -> str:
        return self._currency


class CurrencyForm(AmountForm):
    currency = forms.RegexField(r"^[A-Z]{3}$", help_text="Three letters, such as EUR.")
    field_order = ("currency", "device_age_hours", "amount")

    def currency_of(self, cleaned: Mapping[str, Any]) -> str:
        return str(cleaned["currency"])


class ChangeRule(ObjectAction[StepUpRule]):
    name = "change_rule"
    label = "Change the rule"
    explanation = "It holds from the next purchase on."
    permission = "billing.change_stepuprule"

    def explained(self, row: StepUpRule) -> str:
        if row.kind == StepUpRuleKind.FAILED_PAYMENTS or row.currency:
            return self.explanation
        return f"{self.explanation} The currencies have no common amount: leave 0 to mean any price."

    def initial(self, row: StepUpRule) -> dict[str, Any]:
        known = {name: getattr(row, name) for name in ("is_enabled", *NUMBERS_OF[row.kind])}
        if row.amount_minor is not None:
            known["amount"] = as_decimal(row.amount_minor, row.currency)
        return known

    def form(self, row: StepUpRule, data: Any) -> ReasonForm:
        if row.kind == StepUpRuleKind.FAILED_PAYMENTS:
            return FailedPaymentsForm(data, initial=self.initial(row))
        return NewDeviceForm(data, initial=self.initial(row), currency=row.currency)

    def perform(self, *, staff: Any, row: StepUpRule, data: Mapping[str, Any]) -> str:
        with transaction.atomic():
            try:
                before = change_rule(row.pk, data)
            except ValidationError as error:
                raise ActionRefused(" ".join(error.messages)) from error
            if not before:
                raise ActionRefused("No change: these are the current values.")
            detail = {name: {"from": value, "to": data[name]} for name, value in before.items()}
            record_staff_action(staff=staff, action=self.name, subject=row, reason=data["reason"], detail=detail)
        return f"{self.label}: done."


class AddCurrency(ObjectAction[StepUpRule]):
    name = "add_currency"
    label = "Add a currency"
    explanation = "Adds the rule for a currency that has none, enabled. It holds from the next purchase on."
    permission = "billing.add_stepuprule"
    form_class = CurrencyForm

    def refusal(self, row: StepUpRule) -> str | None:
        has_amount = row.kind == StepUpRuleKind.NEW_DEVICE_AND_HIGH_AMOUNT
        return None if has_amount else "This rule is the same for every currency."

    def initial(self, row: StepUpRule) -> dict[str, Any]:
        return {"device_age_hours": row.device_age_hours}

    def perform(self, *, staff: Any, row: StepUpRule, data: Mapping[str, Any]) -> str:
        values = {name: data[name] for name in ("currency", "device_age_hours", "amount_minor")}
        try:
            with transaction.atomic():
                added = add_currency(**values)
                record_staff_action(staff=staff, action=self.name, subject=added, reason=data["reason"], detail=values)
        except (ValidationError, IntegrityError) as error:
            raise ActionRefused("There is a rule for this currency already.") from error
        return f"{added}: added."


@admin.register(StepUpRule)
class StepUpRuleAdmin(StaffPageAdmin[StepUpRule]):
    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (ChangeRule(), AddCurrency())
    change_form_template = "admin/billing/stepuprule/change_form.html"
    list_display = ("__str__", "is_enabled", "failed_payments", "window_days", "device_age_hours", "amount")
    list_filter = ("kind", "is_enabled")
    ordering = ("kind", "currency")
    fields = (
        ("kind", "is_enabled"),
        ("failed_payments", "window_days"),
        ("device_age_hours", "amount"),
        ("created_at", "updated_at"),
    )

    @admin.display(description="price from", ordering="amount_minor")
    def amount(self, row: StepUpRule) -> str:
        return money(row.amount_minor, row.currency or "of any other currency")

    def sections(self, request: HttpRequest, row: StepUpRule) -> dict[str, Any]:
        return {"staff_actions": staff_actions_on(row)}
