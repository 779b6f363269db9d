"""Admin pages of payees, their shares and payouts. Staff keep the accounts, and pay again what failed."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from accounts.staff.audit import record_staff_action, staff_actions_on
from billing.admin.filters import BlockedFilter
from billing.admin.money_format import money
from billing.admin.orders import entries_of
from billing.models import Entitlement, Payee, PayeePayout, PayeeShare
from billing.payees import payouts, transitions
from billing.payees.register import change_payee, payee_of, register_payee
from billing.vocabulary import PayeePayoutState
from maretech.common.staff.object_actions import (
    ActionRefused,
    ObjectAction,
    ReadOnlyAdmin,
    ReasonForm,
    StaffPageAdmin,
    link_to,
)

NEWEST = 100
_TAKEN = "This account belongs to another payee."


class AccountForm(ReasonForm):
    country = forms.RegexField(r"^[A-Z]{2}$", help_text="Two letters, such as DE. Its business days count.")
    account_ref = forms.CharField(
        label="Account", max_length=100, required=False, help_text="The payee's account at the provider."
    )


class PayeeForm(AccountForm):
    currency = forms.RegexField(r"^[A-Z]{3}$", help_text="Three letters, such as EUR. It never changes.")


class RegisterPayee(ObjectAction[Entitlement]):
    """Make a user a payee, from the page of what the user may use."""

    name = "register_payee"
    label = "Make a payee"
    explanation = "This user can be paid for services from now on, in one currency."
    permission = "billing.add_payee"
    form_class = PayeeForm

    def refusal(self, row: Entitlement) -> str | None:
        return "This user is a payee already." if payee_of(row.user_id) else None

    def perform(self, *, staff: Any, row: Entitlement, data: Mapping[str, Any]) -> str:
        values = {name: data[name] for name in ("country", "currency", "account_ref")}
        try:
            with transaction.atomic():
                payee = register_payee(user=row.user, **values)
                record_staff_action(staff=staff, action=self.name, subject=payee, reason=data["reason"], detail=values)
        except ValidationError as error:
            raise ActionRefused(" ".join(error.messages)) from error
        except IntegrityError as error:
            raise ActionRefused(_TAKEN) from error
        return f"{row.user} is paid in {payee.currency}."


class ChangePayee(ObjectAction[Payee]):
    name = "change_payee"
    label = "Change the account"
    explanation = "The next payouts go there. Those that are sent already do not change."
    permission = "billing.change_payee"
    form_class = AccountForm

    def initial(self, row: Payee) -> dict[str, Any]:
        return {"country": row.country, "account_ref": row.account_ref}

    def confirmation(self, row: Payee, data: Mapping[str, Any]) -> list[str]:
        where = data["account_ref"] or "no account: payouts fail until there is one"
        return [f"{row.user} is paid at {where}.", f"The business days of {data['country']} count."]

    def perform(self, *, staff: Any, row: Payee, data: Mapping[str, Any]) -> str:
        try:
            with transaction.atomic():
                before = change_payee(row.pk, country=data["country"], account_ref=data["account_ref"])
                if not before:
                    raise ActionRefused("No change: these are the current values.")
                detail = {name: {"from": value, "to": data[name]} for name, value in before.items()}
                record_staff_action(staff=staff, action=self.name, subject=row, reason=data["reason"], detail=detail)
        except ValidationError as error:
            raise ActionRefused(" ".join(error.messages)) from error
        except IntegrityError as error:
            raise ActionRefused(_TAKEN) from error
        return f"{self.label}: done."


class PayAgain(ObjectAction[PayeePayout]):
    name = "pay_again"
    label = "Pay again"
    explanation = "Schedules another payout of what is owed for the order, for the payee's next business day."
    permission = "billing.change_payeepayout"

    def refusal(self, row: PayeePayout) -> str | None:
        return None if row.state == PayeePayoutState.FAILED else f"The payout is {row.state}: it did not fail."

    def perform(self, *, staff: Any, row: PayeePayout, data: Mapping[str, Any]) -> str:
        with transaction.atomic():
            again = payouts.pay_again(row.pk)
            if again is None:
                raise ActionRefused("Nothing is owed for this order, or another payout is scheduled already.")
            detail = {"payout": str(again.pk)}
            record_staff_action(staff=staff, action=self.name, subject=row, reason=data["reason"], detail=detail)
        return f"{money(again.amount_minor, again.currency)} is scheduled for {again.scheduled_for}."


@admin.register(Payee)
class PayeeAdmin(StaffPageAdmin[Payee]):
    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (ChangePayee(),)
    change_form_template = "admin/billing/payee/change_form.html"
    list_display = ("user", "country", "currency", "provider", "account_ref", "created_at")
    list_filter = ("country", "currency", "provider")
    list_select_related = ("user",)
    search_fields = ("user__email", "account_ref")
    search_help_text = "E-mail of the payee, or the account at the provider."
    ordering = ("-created_at",)
    fields = (
        "id",
        "user_link",
        ("country", "currency"),
        ("provider", "account_ref"),
        "debt",
        ("created_at", "updated_at"),
    )

    @admin.display(description="user")
    def user_link(self, row: Payee) -> SafeString:
        return link_to(row.user)

    @admin.display(description="owes us")
    def debt(self, row: Payee) -> str:
        return money(transitions.debt_of(row), row.currency)

    def sections(self, request: HttpRequest, row: Payee) -> dict[str, Any]:
        newest = row.payouts.select_related("share__order").order_by("-created_at")
        return {"payouts": newest[:NEWEST], "staff_actions": staff_actions_on(row)}


@admin.register(PayeeShare)
class PayeeShareAdmin(ReadOnlyAdmin[PayeeShare]):
    """Admin page of the orders that are shared. The page of the order shows the entries."""

    list_display = ("created_at", "payee_user", "fee", "blocked_at")
    list_filter = (("blocked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("payee__user",)
    search_fields = ("payee__user__email", "order__id")
    search_help_text = "E-mail of the payee, or the order's id."
    ordering = ("-created_at",)
    fields = ("id", ("payee_link", "order_link"), "fee", ("created_at", "blocked_at"))

    @admin.display(description="payee")
    def payee_user(self, row: PayeeShare) -> str:
        return str(row.payee.user)

    @admin.display(description="payee")
    def payee_link(self, row: PayeeShare) -> SafeString:
        return link_to(row.payee, row.payee.user)

    @admin.display(description="order")
    def order_link(self, row: PayeeShare) -> SafeString:
        return link_to(row.order)

    @admin.display(description="our fee", ordering="fee_basis_points")
    def fee(self, row: PayeeShare) -> str:
        return f"{row.fee_basis_points / 100:g} %"


@admin.register(PayeePayout)
class PayeePayoutAdmin(StaffPageAdmin[PayeePayout]):
    """Admin page of payouts to payees, those that failed or are due first."""

    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (PayAgain(),)
    change_form_template = "admin/billing/payeepayout/change_form.html"
    date_hierarchy = "scheduled_for"
    linked_filters = ("payee__user__id__exact",)
    list_display = ("scheduled_for", "state", "payee_user", "amount", "netted", "settles_by", "provider_ref")
    list_filter = ("state", BlockedFilter, "currency", "scheduled_for")
    list_select_related = ("payee__user",)
    search_fields = ("payee__user__email", "provider_ref", "share__order__id", "id")
    search_help_text = "E-mail of the payee, the id of the payout or the order, or the provider's reference."
    ordering = ("-scheduled_for", "-created_at")
    fields = (
        "id",
        ("payee_link", "order_link"),
        ("state", "waits_for"),
        ("amount", "netted", "sent"),
        ("scheduled_for", "settles_by"),
        "provider_ref",
        "reason",
        ("created_at", "paid_at", "settled_at", "failed_at"),
        ("attempts", "due_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[PayeePayout]:
        return super().get_queryset(request).select_related("payee__user", "share__order")

    @admin.display(description="payee")
    def payee_user(self, row: PayeePayout) -> str:
        return str(row.payee.user)

    @admin.display(description="payee")
    def payee_link(self, row: PayeePayout) -> SafeString:
        return link_to(row.payee, row.payee.user)

    @admin.display(description="order")
    def order_link(self, row: PayeePayout) -> SafeString:
        return link_to(row.share.order)

    @admin.display(description="waits for")
    def waits_for(self, row: PayeePayout) -> str:
        is_blocked = PayeePayout.blocked().filter(pk=row.pk).exists()
        return "the end of a dispute, a complaint or a refund" if is_blocked else "–"

    @admin.display(description="owed", ordering="amount_minor")
    def amount(self, row: PayeePayout) -> str:
        return money(row.amount_minor, row.currency)

    @admin.display(description="kept for debts")
    def netted(self, row: PayeePayout) -> str:
        return money(row.netted_minor, row.currency)

    @admin.display(description="sent")
    def sent(self, row: PayeePayout) -> str:
        return money(row.sent_minor, row.currency) if row.paid_at else "–"

    def sections(self, request: HttpRequest, row: PayeePayout) -> dict[str, Any]:
        return {"entries": entries_of(row.share.order), "staff_actions": staff_actions_on(row)}
