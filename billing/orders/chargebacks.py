"""Money that a buyer's bank takes back while it looks, and what becomes of it.

While the bank looks, neither the money is ours nor what was bought the owner's: a credit that is used already is a
debt until then.
"""

from uuid import UUID

from django.db import transaction

from billing.errors import BadTransition
from billing.ledger import inspection_credits, journal
from billing.ledger.journal import Move
from billing.models import Order
from billing.orders.reinstatement import reinstate
from billing.orders.transitions import (
    DISPUTED,
    FULFILLED,
    LOST,
    PAID,
    UNPAID,
    locked,
    move,
    release,
    source_of,
    unearned,
)
from billing.vocabulary import Account, Booking


@transaction.atomic
def open_dispute(
    order_id: UUID, *, dispute_ref: str, withdrawn_minor: int, cause: str, is_inquiry: bool = False
) -> None:
    """The payment is contested; of the money `withdrawn_minor` was taken so far. Again is as once.

    With a dispute goes what was bought, also before the money is taken; an inquiry is a question, and takes nothing.

    Raises `BadTransition` for an order that is not paid yet: what was paid is written down first.
    """
    order = locked(order_id)
    if order.status in UNPAID:
        raise BadTransition(f"{order.status} → {DISPUTED}")
    source = _dispute_of(order, dispute_ref)
    if _is_closed(source):
        return
    if order.status in (PAID, FULFILLED):
        order.look_at = None
        move(order, DISPUTED, cause=cause)
    total = Move(withdrawn_minor, order.currency, Account.CASH, Account.DISPUTED)
    if journal.post_rest(Booking.DISPUTE_OPEN, source=source, owner=order.owner_id, order=order, total=total):
        inspection_credits.revoke(order=order, source=source)
    elif not is_inquiry:  # under a name of its own: another dispute that is won may give it back before the money goes
        inspection_credits.revoke(order=order, source=f"{source}/opened")


@transaction.atomic
def close_dispute(order_id: UUID, *, dispute_ref: str, is_won: bool, cause: str) -> None:
    """The bank has decided. Won: all is as before. Lost: the money is gone, and with it what was bought. Once."""
    order = locked(order_id)
    source = _dispute_of(order, dispute_ref)
    if _is_closed(source) or (order.status != DISPUTED and not journal.is_booked(Booking.DISPUTE_OPEN, source=source)):
        return
    for part, withdrawn in _withdrawn(order, source).items():
        if is_won:
            journal.reverse(Booking.DISPUTE_OPEN, source=part, as_kind=Booking.DISPUTE_CLOSE)
        else:
            _book_loss(order, withdrawn, source=part)
    if order.status == DISPUTED:
        # Of several the last one ends it: whichever was lost, in whatever order they closed, lost it.
        reinstate(order, source=f"{source}/won", cause=cause)
        if order.status == LOST:  # nothing is owed any more for what is left of it
            release(order, source=source)


def _book_loss(order: Order, withdrawn: int, *, source: str) -> None:
    """What was not earned yet is owed no more; what was earned is lost."""
    owed = min(withdrawn, unearned(order))
    parts = [(owed, Account.UNEARNED), (withdrawn - owed, Account.LOSSES)]
    moves = [Move(part, order.currency, Account.DISPUTED, into) for part, into in parts if part]
    journal.book(Booking.LOSS_BOOKING, source=source, owner=order.owner_id, order=order, moves=moves)


def _withdrawn(order: Order, source: str) -> dict[str, int]:
    return journal.parts_of(Booking.DISPUTE_OPEN, source=source, account=Account.DISPUTED, unit=order.currency)


def _is_closed(source: str) -> bool:
    return any(journal.is_booked(kind, source=source) for kind in (Booking.DISPUTE_CLOSE, Booking.LOSS_BOOKING))


def _dispute_of(order: Order, dispute_ref: str) -> str:
    return f"{source_of(order)}/dispute:{dispute_ref}"
