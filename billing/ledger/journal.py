"""Double entry: what happened to money and credits, and what there is of them. Only this module adds to the books.

Every call runs in the caller's transaction, with the owner's entitlement row locked (`entitlements.lock`) where a
balance decides what may be booked. That the books balance and never change is the database's to enforce.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q, QuerySet, Sum

from billing.catalogue import currencies
from billing.models import LedgerEntry, LedgerTransaction, Order
from billing.vocabulary import Account, Booking

CREDIT = currencies.CREDIT


@dataclass(frozen=True, slots=True)
class Move:
    """So much of `unit` from one account to another. Money is in minor units."""

    amount: int
    unit: str
    out_of: Account
    into: Account


def book(kind: Booking, *, source: str, owner: Any, moves: Iterable[Move], order: Order | None = None) -> bool:
    """Write one transaction; False, and nothing, where this source was booked as this kind before.

    An owner is given as a user or as a user's id; None for what is nobody's.
    """
    if is_booked(kind, source=source):
        return False
    entries = [
        LedgerEntry(account=account, unit=move.unit, amount=amount)
        for move in moves
        for account, amount in ((move.out_of, -move.amount), (move.into, move.amount))
    ]
    _write(kind, source=source, owner_id=_id(owner), order_id=order.pk if order else None, entries=entries)
    return True


def post_rest(kind: Booking, *, source: str, owner: Any, total: Move, order: Order | None = None) -> int:
    """Book what is missing until, under this source, so much was moved altogether; returns how much that was.

    Less than was moved, as an older answer may say, books nothing. What comes later is booked as `source#2`, and so on.
    """
    before = parts_of(kind, source=source, account=total.into, unit=total.unit)
    missing = total.amount - sum(before.values())
    if missing * total.amount <= 0:
        return 0
    named = f"{source}#{len(before) + 1}" if before else source
    book(kind, source=named, owner=owner, order=order, moves=[replace(total, amount=missing)])
    return missing


def reverse(kind: Booking, *, source: str, as_kind: Booking) -> bool:
    """Book the opposite of what was booked; False where nothing was, or it was reversed as this kind before."""
    former = LedgerTransaction.objects.filter(kind=kind, source=source).first()
    if former is None or is_booked(as_kind, source=source):
        return False
    taken = [LedgerEntry(account=row.account, unit=row.unit, amount=-row.amount) for row in former.entries.all()]
    _write(as_kind, source=source, owner_id=former.owner_id, order_id=former.order_id, entries=taken)
    return True


def is_booked(kind: Booking, *, source: str) -> bool:
    return LedgerTransaction.objects.filter(kind=kind, source=source).exists()


def sources(kind: Booking, *, order: Order) -> set[str]:
    """What was booked as this kind for one order."""
    return set(LedgerTransaction.objects.filter(kind=kind, order=order).values_list("source", flat=True))


def balances_of_owner(owner: Any, *, unit: str) -> dict[Account, int]:
    """Computed from the entries; nothing is cached. Every account is told, also what nothing moved on."""
    entries = LedgerEntry.objects.filter(transaction__owner_id=_id(owner), unit=unit)
    moved = {row["account"]: row["total"] for row in entries.values("account").annotate(total=Sum("amount"))}
    return {account: moved.get(account, 0) for account in Account}


def totals() -> dict[str, int]:
    """What all entries of each unit sum to: zero, or the books are wrong."""
    return {row["unit"]: row["total"] for row in LedgerEntry.objects.values("unit").annotate(total=Sum("amount"))}


def booked(*kinds: Booking, order: Order, account: Account, unit: str = "") -> int:
    """What bookings of these kinds moved on one account, for one order; in its currency unless a unit is named."""
    entries = LedgerEntry.objects.filter(
        transaction__order=order, transaction__kind__in=kinds, account=account, unit=unit or order.currency
    )
    return _total(entries)


def moved(kind: Booking, *, source: str, account: Account, unit: str) -> int:
    """What one booking moved on one account; 0 where nothing was booked."""
    entries = LedgerEntry.objects.filter(transaction__kind=kind, transaction__source=source)
    return _total(entries.filter(account=account, unit=unit))


def parts_of(kind: Booking, *, source: str, account: Account, unit: str) -> dict[str, int]:
    """What was booked under one source, at once or by and by: of each booking, what it moved on one account."""
    entries = LedgerEntry.objects.filter(transaction__kind=kind, account=account, unit=unit)
    named = entries.filter(Q(transaction__source=source) | Q(transaction__source__startswith=f"{source}#"))
    return dict(named.order_by("pk").values_list("transaction__source", "amount"))


def _write(
    kind: Booking, *, source: str, owner_id: UUID | None, order_id: UUID | None, entries: list[LedgerEntry]
) -> None:
    transaction = LedgerTransaction(pk=uuid4(), kind=kind, source=source, owner_id=owner_id, order_id=order_id)
    for entry in entries:
        entry.transaction = transaction
    # Entries first: the row of the transaction seals them, and the database counts them then.
    LedgerEntry.objects.bulk_create(entries)
    transaction.save(force_insert=True)


def _total(entries: QuerySet[LedgerEntry]) -> int:
    return int(entries.aggregate(total=Sum("amount"))["total"] or 0)


def _id(owner: Any) -> UUID | None:
    return owner if owner is None or isinstance(owner, UUID) else owner.pk
