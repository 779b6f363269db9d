"""The osmosis credit account: orders grant and revoke credits; inspections hold, spend and return them.

Every call runs in the caller's transaction with the owner's entitlement row locked (`entitlements.lock`), so that a
balance is still valid when the journal entry is written.
"""

from dataclasses import dataclass
from uuid import UUID

from accounts.models import Owner
from billing.errors import OsmosisCreditRequired
from billing.ledger import journal
from billing.ledger.journal import CREDIT, Transfer
from billing.models import Order
from billing.vocabulary import Account, EntryKind

_SETTLED = (EntryKind.CREDIT_SPEND, EntryKind.CREDIT_GIVE_BACK)


@dataclass(frozen=True, slots=True)
class Balance:
    """A credit balance. `available` below zero is a debt: the refund came after the credit was used."""

    available: int
    held: int


def balance_of(owner: Owner) -> Balance:
    """Compute the balance from the ledger, without a cache."""
    found = journal.balances_of_owner(owner, unit=CREDIT)
    return Balance(found[Account.CREDITS_AVAILABLE], found[Account.CREDITS_HELD])


def grant(*, order: Order, source: str, count: int | None = None) -> bool:
    """Grant `count` credits, by default the order's quantity. Returns False if this source granted before."""
    return _post(
        EntryKind.CREDIT_GRANT,
        source,
        order.owner_id,
        Account.CREDITS_ISSUED,
        Account.CREDITS_AVAILABLE,
        order=order,
        count=order.quantity if count is None else count,
    )


def revoke(*, order: Order, source: str, down_to: int = 0) -> bool:
    """Revoke the order's credits until `down_to` remain, even below zero available.

    Returns False if they are already revoked or were never granted.
    """
    surplus = out_of(order) - down_to
    return surplus > 0 and _post(
        EntryKind.CREDIT_REVOKE,
        source,
        order.owner_id,
        Account.CREDITS_AVAILABLE,
        Account.CREDITS_ISSUED,
        order=order,
        count=surplus,
    )


def restore(*, order: Order, source: str, up_to: int) -> bool:
    """Grant the order's credits again until `up_to` are out. Returns False if they are, or if none was ever granted."""
    issued = journal.posted_amount(EntryKind.CREDIT_GRANT, order=order, account=Account.CREDITS_ISSUED, unit=CREDIT)
    missing = up_to - out_of(order)
    return issued < 0 and missing > 0 and grant(order=order, source=source, count=missing)


def out_of(order: Order) -> int:
    """Returns how many credits of the order the owner has, used or unused."""
    return -journal.posted_amount(*EntryKind, order=order, account=Account.CREDITS_ISSUED, unit=CREDIT)


def hold(*, owner: Owner, inspection_id: UUID) -> None:
    """Reserve one credit for an inspection. Raises `OsmosisCreditRequired` when none is available."""
    if balance_of(owner).available < 1:
        raise OsmosisCreditRequired
    _post(EntryKind.CREDIT_HOLD, _inspection(inspection_id), owner, Account.CREDITS_AVAILABLE, Account.CREDITS_HELD)


def is_held(*, owner: Owner, inspection_id: UUID) -> bool:
    """Returns whether the inspection holds a valid credit. An owner in debt holds none."""
    return _holds(inspection_id) and balance_of(owner).available >= 0


def spend(*, owner: Owner, inspection_id: UUID) -> bool:
    """Spend the held credit. Returns False without one (an inspection under a pass)."""
    return _settle(EntryKind.CREDIT_SPEND, inspection_id, owner, Account.CREDITS_SPENT)


def give_back(*, owner: Owner, inspection_id: UUID) -> bool:
    """Release the held credit for use. Returns False without one."""
    return _settle(EntryKind.CREDIT_GIVE_BACK, inspection_id, owner, Account.CREDITS_AVAILABLE)


def transfer(*, payer: Owner, payee: Owner, count: int, source: str) -> bool:
    """Move credits from one owner to another, even below zero available. Returns False if this source moved them.

    A journal entry has one owner, so each owner gets one, and a clearing account joins them: it holds nothing once both
    are written. The caller has locked both owners.
    """
    out = Transfer(count, CREDIT, Account.CREDITS_AVAILABLE, Account.CREDITS_CLEARING)
    into = Transfer(count, CREDIT, Account.CREDITS_CLEARING, Account.CREDITS_AVAILABLE)
    is_new = journal.post(EntryKind.CREDIT_TRANSFER_OUT, source=source, owner=payer, transfers=[out])
    return is_new and journal.post(EntryKind.CREDIT_TRANSFER_IN, source=source, owner=payee, transfers=[into])


def _settle(kind: EntryKind, inspection_id: UUID, owner: Owner, debit: Account) -> bool:
    return _holds(inspection_id) and _post(kind, _inspection(inspection_id), owner, Account.CREDITS_HELD, debit)


def _holds(inspection_id: UUID) -> bool:
    source = _inspection(inspection_id)
    settled = any(journal.is_posted(kind, source=source) for kind in _SETTLED)
    return journal.is_posted(EntryKind.CREDIT_HOLD, source=source) and not settled


def _post(
    kind: EntryKind,
    source: str,
    owner: Owner,
    credit: Account,
    debit: Account,
    *,
    order: Order | None = None,
    count: int = 1,
) -> bool:
    transfer = Transfer(count, CREDIT, credit, debit)
    return journal.post(kind, source=source, owner=owner, transfers=[transfer], order=order)


def _inspection(inspection_id: UUID) -> str:
    return f"inspection:{inspection_id}"
