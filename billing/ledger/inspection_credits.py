"""The osmosis credit account: granted and revoked by orders; held, spent and given back by inspections.

Every call runs inside the caller's transaction, with the owner's entitlement row locked (`entitlements.lock`), so that
a balance that was read is still true when the booking is written.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from billing.errors import OsmosisCreditRequired
from billing.ledger import journal
from billing.ledger.journal import CREDIT, Move
from billing.models import Order
from billing.vocabulary import Account, Booking

_SETTLED = (Booking.CREDIT_SPEND, Booking.CREDIT_GIVE_BACK)


@dataclass(frozen=True, slots=True)
class Balance:
    """`available` below zero is a debt: a credit was refunded after it had been taken."""

    available: int
    held: int


def balance_of(owner: Any) -> Balance:
    """Computed from the books; nothing is cached."""
    found = journal.balances_of_owner(owner, unit=CREDIT)
    return Balance(found[Account.CREDITS_AVAILABLE], found[Account.CREDITS_HELD])


def grant(*, order: Order, source: str, count: int | None = None) -> bool:
    """Credits to use, as many as the order is of unless a count is given; False where this source granted before."""
    return _book(
        Booking.CREDIT_GRANT,
        source,
        order.owner_id,
        Account.CREDITS_ISSUED,
        Account.CREDITS_AVAILABLE,
        order=order,
        count=order.quantity if count is None else count,
    )


def revoke(*, order: Order, source: str, down_to: int = 0) -> bool:
    """Take an order's credits away until so many are out, even if fewer are left to use.

    False where they are taken already, or never were granted.
    """
    surplus = out_of(order) - down_to
    return surplus > 0 and _book(
        Booking.CREDIT_REVOKE,
        source,
        order.owner_id,
        Account.CREDITS_AVAILABLE,
        Account.CREDITS_ISSUED,
        order=order,
        count=surplus,
    )


def restore(*, order: Order, source: str, up_to: int) -> bool:
    """Give an order's credits again until so many are out; False where they are, or none was ever granted."""
    was_granted = journal.booked(Booking.CREDIT_GRANT, order=order, account=Account.CREDITS_ISSUED, unit=CREDIT) < 0
    missing = up_to - out_of(order)
    return was_granted and missing > 0 and grant(order=order, source=source, count=missing)


def out_of(order: Order) -> int:
    """How many credits of the order the owner has, used or not."""
    return -journal.booked(*Booking, order=order, account=Account.CREDITS_ISSUED, unit=CREDIT)


def hold(*, owner: Any, inspection_id: UUID) -> None:
    """Take one credit out of reach for an inspection. Raises `OsmosisCreditRequired` when none is available."""
    if balance_of(owner).available < 1:
        raise OsmosisCreditRequired
    _book(Booking.CREDIT_HOLD, _inspection(inspection_id), owner, Account.CREDITS_AVAILABLE, Account.CREDITS_HELD)


def is_held(*, owner: Any, inspection_id: UUID) -> bool:
    """Whether the inspection holds a credit that still counts: an owner in debt holds none."""
    return _holds(inspection_id) and balance_of(owner).available >= 0


def spend(*, owner: Any, inspection_id: UUID) -> bool:
    """The held credit is gone. Without one (an inspection under a pass) nothing happens, and False is returned."""
    return _settle(Booking.CREDIT_SPEND, inspection_id, owner, Account.CREDITS_SPENT)


def give_back(*, owner: Any, inspection_id: UUID) -> bool:
    """The held credit can be used again. Without one nothing happens, and False is returned."""
    return _settle(Booking.CREDIT_GIVE_BACK, inspection_id, owner, Account.CREDITS_AVAILABLE)


def _settle(kind: Booking, inspection_id: UUID, owner: Any, into: Account) -> bool:
    return _holds(inspection_id) and _book(kind, _inspection(inspection_id), owner, Account.CREDITS_HELD, into)


def _holds(inspection_id: UUID) -> bool:
    source = _inspection(inspection_id)
    settled = any(journal.is_booked(kind, source=source) for kind in _SETTLED)
    return journal.is_booked(Booking.CREDIT_HOLD, source=source) and not settled


def _book(
    kind: Booking,
    source: str,
    owner: Any,
    giving: Account,
    into: Account,
    *,
    order: Order | None = None,
    count: int = 1,
) -> bool:
    return journal.book(kind, source=source, owner=owner, moves=[Move(count, CREDIT, giving, into)], order=order)


def _inspection(inspection_id: UUID) -> str:
    return f"inspection:{inspection_id}"
