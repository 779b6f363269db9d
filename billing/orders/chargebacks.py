"""Money that a buyer's bank withdraws during a dispute, and the outcome.

During the dispute the money is not ours and the purchase is not the owner's: a used credit is a debt until the
decision.
"""

from uuid import UUID

from django.db import transaction

from billing.errors import BadTransition
from billing.ledger import inspection_credits, journal
from billing.ledger.journal import Transfer
from billing.models import Order
from billing.orders.reinstatement import reinstate
from billing.orders.shares import settle_share
from billing.orders.transitions import (
    DISPUTED,
    FULFILLED,
    LOST,
    PAID,
    UNPAID,
    locked,
    move,
    recognise_revenue,
    source_of,
    unearned,
)
from billing.vocabulary import Account, EntryKind


@transaction.atomic
def open_dispute(
    order_id: UUID, *, dispute_ref: str, withdrawn_minor: int, cause: str, is_inquiry: bool = False
) -> None:
    """Open a dispute of a payment, with `withdrawn_minor` of its money taken so far. Idempotent.

    A dispute revokes what was bought, also before the money is taken. An inquiry is a question and revokes nothing.

    Raises `BadTransition` for an unpaid order: the payment must be recorded first.
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
    total = Transfer(withdrawn_minor, order.currency, Account.CASH, Account.DISPUTE_RECEIVABLE)
    if journal.post_rest(EntryKind.DISPUTE_OPEN, source=source, owner=order.owner_id, order=order, total=total):
        inspection_credits.revoke(order=order, source=source)
    elif not is_inquiry:  # own source: a dispute won in the meantime may restore it before this money goes
        inspection_credits.revoke(order=order, source=f"{source}/opened")


@transaction.atomic
def close_dispute(order_id: UUID, *, dispute_ref: str, is_won: bool, cause: str) -> None:
    """Record the bank's decision once. Won: restore the previous state. Lost: the money and the purchase are gone."""
    order = locked(order_id)
    source = _dispute_of(order, dispute_ref)
    if _is_closed(source) or (
        order.status != DISPUTED and not journal.is_posted(EntryKind.DISPUTE_OPEN, source=source)
    ):
        return
    for part, withdrawn in _withdrawn(order, source).items():
        if is_won:
            journal.reverse(EntryKind.DISPUTE_OPEN, source=part, as_kind=EntryKind.DISPUTE_CLOSE)
        else:
            _post_loss(order, withdrawn, source=part)
    if order.status == DISPUTED:
        # With several disputes, the last one to close ends this state. One lost dispute makes the order lost, in any
        # order of closing.
        reinstate(order, source=f"{source}/won", cause=cause)
        if order.status == LOST:  # the unearned rest of the order is no longer owed
            recognise_revenue(order, source=source)
    settle_share(order)


def _post_loss(order: Order, withdrawn: int, *, source: str) -> None:
    """Post the loss: first against unearned money, the rest against losses, because it was already earned."""
    owed = min(withdrawn, unearned(order))
    parts = [(owed, Account.DEFERRED_REVENUE), (withdrawn - owed, Account.CHARGEBACK_LOSSES)]
    transfers = [Transfer(part, order.currency, Account.DISPUTE_RECEIVABLE, into) for part, into in parts if part]
    journal.post(EntryKind.LOSS_BOOKING, source=source, owner=order.owner_id, order=order, transfers=transfers)


def _withdrawn(order: Order, source: str) -> dict[str, int]:
    return journal.parts_of(
        EntryKind.DISPUTE_OPEN, source=source, account=Account.DISPUTE_RECEIVABLE, unit=order.currency
    )


def _is_closed(source: str) -> bool:
    return any(journal.is_posted(kind, source=source) for kind in (EntryKind.DISPUTE_CLOSE, EntryKind.LOSS_BOOKING))


def _dispute_of(order: Order, dispute_ref: str) -> str:
    return f"{source_of(order)}/dispute:{dispute_ref}"
