"""What the provider keeps of the money, and in which currency it holds the rest."""

from uuid import UUID

from django.db import transaction

from billing.ledger import journal
from billing.ledger.journal import Move
from billing.models import Order
from billing.orders.transitions import locked, source_of
from billing.providers.base import Settled
from billing.vocabulary import Account, Booking


@transaction.atomic
def book_fee(order_id: UUID, *, amount_minor: int, currency: str = "", what: str = "") -> None:
    """What the provider kept so far of a payment (or, named by `what`, charged beside it), in whatever currency.

    Below zero it was given back. Each time what is new of it is booked.
    """
    order = locked(order_id)
    total = Move(amount_minor, currency or order.currency, Account.CASH, Account.FEES)
    source = f"{source_of(order)}/{what}" if what else source_of(order)
    journal.post_rest(Booking.PROVIDER_FEE, source=source, owner=order.owner_id, order=order, total=total)


@transaction.atomic
def convert(order_id: UUID, line: Settled) -> None:
    """What came or went in the order's currency is held in another one: so is our cash from now on. Once for a line.

    Amounts of two currencies are never added: each side is balanced by what was exchanged in its own.
    """
    order = locked(order_id)
    sides = [
        Move(line.paid_minor, order.currency, Account.CASH, Account.EXCHANGE),
        Move(line.amount_minor, line.currency, Account.EXCHANGE, Account.CASH),
    ]
    moves = [side for side in sides if side.amount]
    source = settled_of(order, line.ref)
    if moves:
        journal.book(Booking.CONVERSION, source=source, owner=order.owner_id, order=order, moves=moves)


def settled_of(order: Order, line_ref: str) -> str:
    """What the ledger calls a line of the provider's balance."""
    return f"{source_of(order)}/settled:{line_ref}"
