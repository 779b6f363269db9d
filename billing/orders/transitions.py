"""Allowed transitions of an order, and the one function that performs them."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from billing.entitlements import entitlements, subscriptions
from billing.errors import BadTransition
from billing.ledger import journal
from billing.ledger.journal import Transfer
from billing.models import Order, OrderEvent
from billing.services import hooks
from billing.vocabulary import Account, EntryKind, Grant, OrderStatus

CREATED, PENDING, PAID, FULFILLED, FAILED, EXPIRED, CANCELLED, REFUNDED, DISPUTED, LOST = OrderStatus
UNPAID: Final = frozenset({CREATED, PENDING, FAILED, EXPIRED, CANCELLED})
# A provider may report a payment long after we closed the order, or reverse a refund: the money is in, so it is paid.
TRANSITIONS: Final[Mapping[OrderStatus, frozenset[OrderStatus]]] = {
    CREATED: frozenset({PENDING, PAID, FAILED, EXPIRED, CANCELLED}),
    PENDING: frozenset({PAID, FAILED, EXPIRED, CANCELLED}),
    FAILED: frozenset({PAID}),
    EXPIRED: frozenset({PAID}),
    CANCELLED: frozenset({PAID}),
    PAID: frozenset({FULFILLED, REFUNDED, DISPUTED}),
    FULFILLED: frozenset({REFUNDED, DISPUTED}),
    DISPUTED: frozenset({PAID, FULFILLED, REFUNDED, LOST}),
    REFUNDED: frozenset({PAID, FULFILLED, DISPUTED, LOST}),
    LOST: frozenset(),
}


def move(order: Order, to: OrderStatus, *, cause: str) -> None:
    """Perform one transition and create its event. Raises `BadTransition`."""
    if to not in TRANSITIONS[OrderStatus(order.status)]:
        raise BadTransition(f"{order.status} → {to}")
    before, order.status = OrderStatus(order.status), to
    order.save(update_fields=["status", "paid_at", "look_at", "updated_at"])
    OrderEvent.objects.create(order=order, from_status=before, to_status=to, cause=cause)
    if order.subscription_id is not None:  # its money decides whether it is live and blocks another
        subscriptions.settle(order.owner_id)
    if order.product.grants == Grant.SERVICE:
        hooks.tell(order, before=before)


def locked(order_id: UUID) -> Order:
    """Lock the owner, then the order, always in this sequence. Returns the order."""
    owner_id = Order.objects.values_list("owner_id", flat=True).get(pk=order_id)
    entitlements.lock(owner_id)
    return Order.objects.select_for_update(of=("self",)).select_related("product").get(pk=order_id)


def source_of(order: Order) -> str:
    """Returns the ledger source of the order."""
    return f"order:{order.pk}"


def unearned(order: Order) -> int:
    """Returns the money received for the order and not yet earned, in minor units."""
    return -journal.posted_amount(*EntryKind, order=order, account=Account.DEFERRED_REVENUE)


def recognise_revenue(order: Order, *, source: str, part: int = 1, of: int = 1) -> None:
    """Recognise the order's unearned money as revenue, or the fraction `part`/`of` of it."""
    earned = unearned(order) * part // of
    if earned:
        transfers = [Transfer(earned, order.currency, Account.REVENUE, Account.DEFERRED_REVENUE)]
        journal.post(EntryKind.RELEASE, source=source, owner=order.owner_id, order=order, transfers=transfers)


def status_with_money(order: Order) -> OrderStatus:
    """Returns the status of an order that is not refunded: disputed while a bank holds money, lost if one kept some."""
    if journal.posted_amount(*EntryKind, order=order, account=Account.DISPUTE_RECEIVABLE):
        return DISPUTED
    if journal.posted_amount(EntryKind.LOSS_BOOKING, order=order, account=Account.DISPUTE_RECEIVABLE):
        return LOST
    is_delivered = order.delivered == order.quantity or journal.is_posted(EntryKind.RELEASE, source=source_of(order))
    return FULFILLED if is_delivered else PAID
