"""Money that goes back, and what the provider keeps of a payment."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from billing import credits, ledger
from billing.choices import Account, Booking
from billing.errors import BadTransition, RefundTooHigh
from billing.ledger import Move
from billing.models import Order
from billing.orders.transitions import (
    DISPUTED,
    FULFILLED,
    PAID,
    REFUNDED,
    locked,
    move,
    source_of,
    status_with_money,
    unearned,
)

_WITH_MONEY = (PAID, FULFILLED, DISPUTED)


@transaction.atomic
def refund(order_id: UUID, *, amount_minor: int | None, refund_ref: str, cause: str) -> bool:
    """Book money that went back, all that is left (None) or part of it; False where this refund was booked before.

    With the last of it goes what was bought: a credit that is used already becomes a debt. Raises `RefundTooHigh` for
    more than what is left, `BadTransition` for an order that was never paid.
    """
    order = locked(order_id)
    source = _refund_of(order, refund_ref)
    if ledger.is_booked(Booking.REFUND, source=source):
        return False
    if order.status not in _WITH_MONEY:
        raise BadTransition(f"{order.status} → {REFUNDED}")
    left = refundable(order)
    amount = left if amount_minor is None else amount_minor
    if not 0 < amount <= left:
        raise RefundTooHigh(left)
    owed = min(amount, unearned(order))
    parts = [(owed, Account.UNEARNED), (amount - owed, Account.REFUNDS)]
    moves = [Move(part, order.currency, Account.CASH, into) for part, into in parts if part]
    ledger.book(Booking.REFUND, source=source, owner=order.owner_id, order=order, moves=moves)
    if amount == left:
        order.look_at = None
        move(order, REFUNDED, cause=cause)
        credits.revoke(order=order, source=source)
    return True


@transaction.atomic
def reverse_refund(order_id: UUID, *, refund_ref: str, cause: str) -> bool:
    """A refund failed or was taken back: the money is ours again, and the owner has what was bought. Once.

    False where there was no such refund, or it was reversed before.
    """
    order = locked(order_id)
    source = _refund_of(order, refund_ref)
    if not ledger.reverse(Booking.REFUND, source=source, as_kind=Booking.REFUND_REVERSAL):
        return False
    if order.status == REFUNDED:
        if order.refund_asked_at is None:
            credits.restore(order=order, source=f"{source}/reversal")
        else:  # the owner called it off, so it is to be tried again
            order.look_at = timezone.now()
        move(order, status_with_money(order), cause=cause)
    return True


@transaction.atomic
def book_fee(order_id: UUID, *, amount_minor: int, what: str = "") -> None:
    """What the provider kept of a payment (or, named by `what`, charged beside it), once."""
    order = locked(order_id)
    moves = [Move(amount_minor, order.currency, Account.CASH, Account.FEES)]
    source = f"{source_of(order)}/{what}" if what else source_of(order)
    ledger.book(Booking.PROVIDER_FEE, source=source, owner=order.owner_id, order=order, moves=moves)


def refundable(order: Order) -> int:
    """What is left of what was paid, in minor units."""
    if order.status not in _WITH_MONEY:
        return 0
    went_back = ledger.booked(Booking.REFUND, Booking.REFUND_REVERSAL, order=order, account=Account.CASH)
    return order.price_minor + went_back


def _refund_of(order: Order, refund_ref: str) -> str:
    return f"{source_of(order)}/refund:{refund_ref}"
