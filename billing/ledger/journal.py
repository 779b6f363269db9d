"""The double-entry journal of money and credits, and its balances. Only this module adds to the ledger.

Every call runs in the caller's transaction, with the owner's entitlement row locked (`entitlements.lock`) where a
balance decides what may be posted. The database enforces that the ledger balances and never changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from django.db.models import Q, QuerySet, Sum

from accounts.models import Owner
from billing.catalogue import currencies
from billing.models import LedgerEntry, LedgerTransaction, Order
from billing.vocabulary import Account, EntryKind

CREDIT = currencies.CREDIT


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer of `amount` in `unit` between two accounts. Money is in minor units."""

    amount: int
    unit: str
    credit: Account
    debit: Account


def post(
    kind: EntryKind, *, source: str, owner: Owner | None, transfers: Iterable[Transfer], order: Order | None = None
) -> bool:
    """Write one journal entry. Returns False, without writing, if this kind of entry exists for the source.

    `owner` is None for an entry without one.
    """
    if is_posted(kind, source=source):
        return False
    entries = [
        LedgerEntry(account=account, unit=transfer.unit, amount=amount)
        for transfer in transfers
        for account, amount in ((transfer.credit, -transfer.amount), (transfer.debit, transfer.amount))
    ]
    _write(kind, source=source, owner_id=_id(owner), order_id=order.pk if order else None, entries=entries)
    return True


def post_rest(kind: EntryKind, *, source: str, owner: Owner, total: Transfer, order: Order | None = None) -> int:
    """Post the difference between `total` and the amount already moved under this source. Returns that difference.

    A total below the moved amount, for example from an older answer, posts nothing. Later parts use the sources
    `source#2`, `source#3` and so on.
    """
    before = parts_of(kind, source=source, account=total.debit, unit=total.unit)
    missing = total.amount - sum(before.values())
    if missing * total.amount <= 0:
        return 0
    named = f"{source}#{len(before) + 1}" if before else source
    post(kind, source=named, owner=owner, order=order, transfers=[replace(total, amount=missing)])
    return missing


def reverse(kind: EntryKind, *, source: str, as_kind: EntryKind) -> bool:
    """Post the opposite of an entry. Returns False if there is none, or if it is already reversed as this kind."""
    former = LedgerTransaction.objects.filter(kind=kind, source=source).first()
    if former is None or is_posted(as_kind, source=source):
        return False
    taken = [LedgerEntry(account=row.account, unit=row.unit, amount=-row.amount) for row in former.entries.all()]
    _write(as_kind, source=source, owner_id=former.owner_id, order_id=former.order_id, entries=taken)
    return True


def is_posted(kind: EntryKind, *, source: str) -> bool:
    return LedgerTransaction.objects.filter(kind=kind, source=source).exists()


def sources(kind: EntryKind, *, order: Order) -> set[str]:
    """Returns the sources of this kind of entry for one order."""
    return set(LedgerTransaction.objects.filter(kind=kind, order=order).values_list("source", flat=True))


def balances_of_owner(owner: Owner, *, unit: str) -> dict[Account, int]:
    """Compute the balances from the postings, without a cache. Includes every account, also those without postings."""
    entries = LedgerEntry.objects.filter(transaction__owner_id=_id(owner), unit=unit)
    moved = {row["account"]: row["total"] for row in entries.values("account").annotate(total=Sum("amount"))}
    return {account: moved.get(account, 0) for account in Account}


def totals() -> dict[str, int]:
    """Returns the sum of all postings per unit. A sum other than zero is a ledger fault."""
    return {row["unit"]: row["total"] for row in LedgerEntry.objects.values("unit").annotate(total=Sum("amount"))}


def posted_amount(*kinds: EntryKind, order: Order, account: Account, unit: str = "") -> int:
    """Returns the sum of these kinds of entry on one account for one order, by default in the order's currency."""
    entries = LedgerEntry.objects.filter(
        transaction__order=order, transaction__kind__in=kinds, account=account, unit=unit or order.currency
    )
    return _total(entries)


def moved(kind: EntryKind, *, source: str, account: Account, unit: str) -> int:
    """Returns the amount that one entry moved on one account; 0 without an entry."""
    entries = LedgerEntry.objects.filter(transaction__kind=kind, transaction__source=source)
    return _total(entries.filter(account=account, unit=unit))


def parts_of(kind: EntryKind, *, source: str, account: Account, unit: str) -> dict[str, int]:
    """Returns the amount per entry on one account under one source, including its later parts."""
    entries = LedgerEntry.objects.filter(transaction__kind=kind, account=account, unit=unit)
    named = entries.filter(Q(transaction__source=source) | Q(transaction__source__startswith=f"{source}#"))
    return dict(named.order_by("pk").values_list("transaction__source", "amount"))


def _write(
    kind: EntryKind, *, source: str, owner_id: UUID | None, order_id: UUID | None, entries: list[LedgerEntry]
) -> None:
    transaction = LedgerTransaction(pk=uuid4(), kind=kind, source=source, owner_id=owner_id, order_id=order_id)
    for entry in entries:
        entry.transaction = transaction
    # Postings first: the row of the transaction seals them, and the database counts them at that point.
    LedgerEntry.objects.bulk_create(entries)
    transaction.save(force_insert=True)


def _total(entries: QuerySet[LedgerEntry]) -> int:
    return int(entries.aggregate(total=Sum("amount"))["total"] or 0)


def _id(owner: Owner | None) -> UUID | None:
    return owner if owner is None or isinstance(owner, UUID) else owner.pk
