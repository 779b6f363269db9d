"""Result and totals of comparing a day."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import QuerySet, Sum

from billing.models import LedgerTransaction
from billing.reconciliation.differences import Difference
from billing.vocabulary import Account, EntryKind, Provider


@dataclass(frozen=True, slots=True)
class Compared:
    """Result of a comparison. Totals are minor units per currency: movements at the provider and of our cash there."""

    differences: list[Difference]
    provider_totals: dict[str, int]
    ledger_totals: dict[str, int]


def journal_entries_of(provider: Provider, day: date, *kinds: EntryKind) -> QuerySet[LedgerTransaction]:
    """Returns the journal entries of that day (UTC) for a provider's orders."""
    start = datetime.combine(day, time.min, UTC)
    found = LedgerTransaction.objects.filter(order__provider=provider, kind__in=kinds)
    return found.filter(booked_at__gte=start, booked_at__lt=start + timedelta(days=1)).select_related("order")


def cash_moved(journal_entries: QuerySet[LedgerTransaction]) -> dict[str, int]:
    entries = journal_entries.filter(entries__account=Account.CASH).values("entries__unit")
    moved = {row["entries__unit"]: row["total"] for row in entries.annotate(total=Sum("entries__amount"))}
    return {unit: total for unit, total in moved.items() if total}


def summed(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for currency, amount in amounts:
        total[currency] += amount
    return {currency: amount for currency, amount in total.items() if amount}
