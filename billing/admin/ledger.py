"""Admin pages of the ledger, read only."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.lookups import IsNull
from django.http import HttpRequest

from billing.admin.money_format import amount
from billing.models import LedgerEntry, LedgerTransaction
from maretech.common.staff.object_actions import ReadOnlyAdmin, StaffPageAdmin, link_to


@admin.register(LedgerTransaction)
class LedgerTransactionAdmin(StaffPageAdmin[LedgerTransaction]):
    change_form_template = "admin/billing/ledgertransaction/change_form.html"
    linked_filters = ("owner__id__exact",)
    list_display = ("booked_at", "kind", "owner", "source")
    list_filter = ("kind", "booked_at")
    list_select_related = ("owner",)
    search_fields = ("owner__email", "source")
    search_help_text = "E-mail of the owner, or the id of an order or an inspection."
    ordering = ("-booked_at",)
    fields = ("id", "kind", "source", "owner_link", "order_link", "booked_at")

    @admin.display(description="owner")
    def owner_link(self, row: LedgerTransaction) -> str:
        return link_to(row.owner) if row.owner else "none"

    @admin.display(description="order")
    def order_link(self, row: LedgerTransaction) -> str:
        return link_to(row.order) if row.order else "none"

    def sections(self, request: HttpRequest, row: LedgerTransaction) -> dict[str, Any]:
        return {"entries": row.entries.order_by("pk")}


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin[LedgerEntry]):
    """List the ledger entries like a bank statement: newest first, with the running balance of the account.

    The running balance is per owner; entries without an owner share one balance per account.
    """

    list_display = ("booked_at", "account", "moved", "running_balance", "kind", "source", "owner")
    list_filter = ("unit", "account", "transaction__kind")
    list_select_related = ("transaction__owner",)
    search_fields = ("transaction__owner__email", "transaction__source")
    search_help_text = "E-mail of the owner, or the id of an order or an inspection."
    ordering = ("-pk",)
    fields = ("id", "transaction", "account", "moved")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LedgerEntry]:
        owner = OuterRef("transaction__owner")
        same = Q(transaction__owner=owner) | (Q(transaction__owner=None) & Q(IsNull(owner, rhs=True)))
        before = LedgerEntry.objects.filter(
            same, account=OuterRef("account"), unit=OuterRef("unit"), pk__lte=OuterRef("pk")
        )
        running = before.order_by().values("account").annotate(total=Sum("amount")).values("total")
        return super().get_queryset(request).annotate(running=Subquery(running))

    @admin.display(description="amount", ordering="amount")
    def moved(self, row: LedgerEntry) -> str:
        return amount(row.amount, row.unit)

    @admin.display(description="balance of the owner's account")
    def running_balance(self, row: LedgerEntry) -> str:
        return amount(row.running, row.unit)  # type: ignore[attr-defined]  # annotated above

    @admin.display(description="booked at", ordering="pk")
    def booked_at(self, row: LedgerEntry) -> Any:
        return row.transaction.booked_at

    @admin.display
    def kind(self, row: LedgerEntry) -> str:
        return row.transaction.kind

    @admin.display
    def source(self, row: LedgerEntry) -> str:
        return row.transaction.source

    @admin.display
    def owner(self, row: LedgerEntry) -> Any:
        return row.transaction.owner
