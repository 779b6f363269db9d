"""The osmosis credit account: granted and revoked by orders; held, spent and given back by inspections.

Every call runs inside the caller's transaction, with the owner's entitlement row locked (`entitlements.lock`), so that
a balance that was read is still true when the booking is written.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from billing import ledger
from billing.choices import Account, Booking
from billing.errors import OsmosisCreditRequired
from billing.ledger import CREDIT, Move
from billing.models import Order

_SETTLED = (Booking.CREDIT_SPEND, Booking.CREDIT_GIVE_BACK)


@dataclass(frozen=True, slots=True)
class Balance:
    """`available` below zero is a debt: a credit was refunded after it had been taken."""

    available: int
    held: int


def balance_of(owner: Any) -> Balance:
    """Computed from the books; nothing is cached."""
    found = ledger.balances_of_owner(owner, unit=CREDIT)
    return Balance(found[Account.CREDITS_AVAILABLE], found[Account.CREDITS_HELD])


def grant(*, order: Order, source: str) -> bool:
    """One credit to use, for an order; False where this source granted it already."""
    return _book(
        Booking.CREDIT_GRANT, source, order.owner_id, Account.CREDITS_ISSUED, Account.CREDITS_AVAILABLE, order=order
    )


def revoke(*, order: Order, source: str) -> bool:
    """Take an order's credit away, even if none is left; False where it is taken already, or never was granted."""
    if not is_out(order):
        return False
    return _book(
        Booking.CREDIT_REVOKE, source, order.owner_id, Account.CREDITS_AVAILABLE, Account.CREDITS_ISSUED, order=order
    )


def restore(*, order: Order, source: str) -> bool:
    """Give an order's credit again after it was taken away; False where it is not, or never was granted."""
    was_granted = ledger.booked(Booking.CREDIT_GRANT, order=order, account=Account.CREDITS_ISSUED, unit=CREDIT) < 0
    return was_granted and not is_out(order) and grant(order=order, source=source)


def is_out(order: Order) -> bool:
    """Whether the owner has the credit of the order, used or not."""
    return ledger.booked(*Booking, order=order, account=Account.CREDITS_ISSUED, unit=CREDIT) < 0


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
    settled = any(ledger.is_booked(kind, source=source) for kind in _SETTLED)
    return ledger.is_booked(Booking.CREDIT_HOLD, source=source) and not settled


def _book(
    kind: Booking, source: str, owner: Any, out_of: Account, into: Account, *, order: Order | None = None
) -> bool:
    return ledger.book(kind, source=source, owner=owner, moves=[Move(1, CREDIT, out_of, into)], order=order)


def _inspection(inspection_id: UUID) -> str:
    return f"inspection:{inspection_id}"
