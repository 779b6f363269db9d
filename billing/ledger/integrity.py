"""Check the integrity of the ledger, after a restore or when a person may have bypassed the database's seals."""

from collections.abc import Iterator

from django.db.models import Count, Exists, OuterRef, Sum

from billing.models import LedgerEntry, LedgerTransaction, Order
from billing.vocabulary import Account


def faults_of_books() -> Iterator[str]:
    """Yield one sentence per fault; nothing for a consistent ledger."""
    sums = LedgerEntry.objects.values("transaction_id", "unit").annotate(total=Sum("amount")).order_by()
    for row in sums.exclude(total=0).iterator():
        yield f"transaction {row['transaction_id']} sums to {row['total']} {row['unit']}"
    own = LedgerTransaction.objects.filter(pk=OuterRef("transaction_id"))
    for transaction_id in LedgerEntry.objects.exclude(Exists(own)).values_list("transaction_id", flat=True).distinct():
        yield f"transaction {transaction_id} has entries and no row of its own"
    counted = LedgerTransaction.objects.annotate(count=Count("entries")).filter(count__lt=2)
    for transaction_id in counted.values_list("pk", flat=True):
        yield f"transaction {transaction_id} has fewer than two entries"
    clearing = LedgerEntry.objects.filter(account=Account.CREDITS_CLEARING).values("transaction__source")
    for left in clearing.annotate(total=Sum("amount")).exclude(total=0).order_by().iterator():
        yield f"{left['transaction__source']} leaves {left['total']} credits between two owners"
    paid = Order.objects.filter(paid_at__isnull=False, price_minor__gt=0, bookings=None)
    for order_id in paid.values_list("pk", flat=True):
        yield f"order {order_id} was paid and nothing is booked"


def counted() -> str:
    return f"{LedgerTransaction.objects.count()} transactions, {LedgerEntry.objects.count()} entries"
