"""Admin pages of the daily reconciliation. Staff settle the differences; everything else is read only."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from accounts.staff.audit import record_staff_action, staff_actions_on
from billing import reconciliation
from billing.admin.filters import SettledFilter
from billing.admin.money_format import money
from billing.errors import FindingSettled
from billing.models import Finding, Payout, Reconciliation
from maretech.common.staff.object_actions import ActionRefused, ObjectAction, ReadOnlyAdmin, StaffPageAdmin

_SETTLED = "This difference is already settled."


class Settle(ObjectAction[Finding]):
    name = "settle"
    label = "Settle"
    explanation = "Record the cause and what was done about it. Settling posts nothing."
    permission = "billing.change_finding"

    def refusal(self, row: Finding) -> str | None:
        return None if row.settled_at is None else _SETTLED

    def perform(self, *, staff: Any, row: Finding, data: Mapping[str, Any]) -> str:
        with transaction.atomic():
            try:
                reconciliation.resolve(row.pk, staff=staff, resolution=data["reason"])
            except FindingSettled as error:
                raise ActionRefused(_SETTLED) from error
            record_staff_action(staff=staff, action=self.name, subject=row, reason=data["reason"])
        return "The difference is settled."


@admin.register(Finding)
class FindingAdmin(StaffPageAdmin[Finding]):
    """Admin page of reconciliation differences, unsettled ones first."""

    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (Settle(),)
    change_form_template = "admin/billing/finding/change_form.html"
    date_hierarchy = "day"
    list_display = ("day", "provider", "kind", "ref", "in_ledger", "at_provider", "detail", "is_settled", "settled_by")
    list_filter = (SettledFilter, "provider", "kind", "day")
    list_select_related = ("settled_by",)
    search_fields = ("ref", "detail")
    search_help_text = "The provider's reference."
    ordering = (F("settled_at").asc(nulls_first=True), "-day")
    fields = (
        "id",
        ("provider", "day"),
        ("kind", "ref"),
        ("in_ledger", "at_provider"),
        "detail",
        "found_at",
        ("settled_at", "settled_by"),
        "resolution",
    )

    @admin.display(description="in the ledger")
    def in_ledger(self, row: Finding) -> str:
        return money(row.expected_minor, row.currency)

    @admin.display(description="at the provider")
    def at_provider(self, row: Finding) -> str:
        return money(row.found_minor, row.currency)

    @admin.display(description="settled", boolean=True)
    def is_settled(self, row: Finding) -> bool:
        return row.settled_at is not None

    def sections(self, request: HttpRequest, row: Finding) -> dict[str, Any]:
        return {"staff_actions": staff_actions_on(row)}


@admin.register(Reconciliation)
class ReconciliationAdmin(StaffPageAdmin[Reconciliation]):
    change_form_template = "admin/billing/reconciliation/change_form.html"
    date_hierarchy = "day"
    list_display = ("day", "provider", "compared_at", "agrees")
    list_filter = ("provider", "day")
    ordering = ("-day", "provider")
    fields = (("provider", "day"), "compared_at", "agrees")

    @admin.display(description="totals agree", boolean=True)
    def agrees(self, row: Reconciliation) -> bool:
        return bool(row.provider_totals == row.ledger_totals)

    def sections(self, request: HttpRequest, row: Reconciliation) -> dict[str, Any]:
        ours, theirs = row.ledger_totals, row.provider_totals
        found = Finding.objects.filter(provider=row.provider, day=row.day).order_by("settled_at", "ref")
        return {
            "totals": [(name, ours.get(name), theirs.get(name)) for name in sorted({*ours, *theirs})],
            "found": found,
        }


@admin.register(Payout)
class PayoutAdmin(ReadOnlyAdmin[Payout]):
    """Admin page of payouts, sorted by the date of arrival at the bank."""

    date_hierarchy = "arrives_on"
    list_display = ("arrives_on", "provider", "state", "amount", "provider_ref", "created_at", "seen_at")
    list_filter = ("state", "provider", "arrives_on")
    search_fields = ("provider_ref",)
    search_help_text = "The provider's reference."
    ordering = ("-arrives_on",)
    fields = ("id", ("provider", "provider_ref"), "state", "amount", "arrives_on", ("created_at", "seen_at"))

    @admin.display(ordering="amount_minor")
    def amount(self, row: Payout) -> str:
        return money(row.amount_minor, row.currency)
