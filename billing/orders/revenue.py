"""What was bought is delivered: the money is earned."""

from typing import Any
from uuid import UUID

from django.db import transaction

from billing.entitlements import entitlements
from billing.ledger import inspection_credits
from billing.models import Order
from billing.orders.transitions import DISPUTED, FULFILLED, PAID, locked, move, release, source_of, unearned
from billing.vocabulary import ProductCode


@transaction.atomic
def spend_credit(*, owner: Any, inspection_id: UUID) -> bool:
    """A result was delivered: the credit is spent, and the oldest paid order that is not delivered yet is earned."""
    entitlements.lock(owner)
    if not inspection_credits.spend(owner=owner, inspection_id=inspection_id):
        return False
    earn_delivered(owner, cause=f"inspection {inspection_id}")
    return True


def earn_delivered(owner: Any, *, cause: str) -> None:
    """Of what is undelivered and of credits there are as many: with a credit fewer, the oldest order delivered one.

    So it is when a credit is spent, and when money comes (back) for what was used meanwhile. Runs in the caller's
    transaction, under the owner's lock.
    """
    waiting = Order.objects.filter(owner=owner, product__code=ProductCode.OSMOSIS_INSPECTION, refund_asked_at=None)
    oldest_first = waiting.filter(status__in=(PAID, DISPUTED)).order_by("paid_at", "id")
    owed = [(order, undelivered(order)) for order in oldest_first]
    balance = inspection_credits.balance_of(owner)
    used = sum(left for _, left in owed) - max(0, balance.available + balance.held)
    for order, left in owed:
        count = min(left, max(0, used))
        used -= count
        is_delivered_since_a_part_went_back = order.status == PAID and not left and order.delivered
        if count or is_delivered_since_a_part_went_back:
            _deliver(locked(order.pk), count, left=left, cause=cause)


def undelivered(order: Order) -> int:
    """How many of it the owner has and has not used; of what a bank looks at, only while money for it is unearned."""
    if order.status == PAID or (order.status == DISPUTED and unearned(order) > 0):
        return max(0, inspection_credits.out_of(order) - order.delivered)
    return 0


def untransferable_credits(owner: Any) -> int:
    """How many credits come from test purchases: they may be used, and nothing else may be done with them."""
    bought = Order.objects.filter(owner=owner, is_test=True, product__code=ProductCode.OSMOSIS_INSPECTION)
    return sum(undelivered(order) for order in bought.filter(status=PAID))


@transaction.atomic
def end_period(order_id: UUID) -> bool:
    """The period of a subscription is over, and so its price is earned. False where it was, or is not ours any more."""
    order = locked(order_id)
    if order.status != PAID or order.refund_asked_at is not None:
        return False
    _fulfil(order, cause="the period is over")
    return True


def _deliver(order: Order, count: int, *, left: int, cause: str) -> None:
    """What a bank looks at stays disputed; if the bank finds for us, it is fulfilled then."""
    order.delivered = min(order.quantity, order.delivered + count)
    order.save(update_fields=["delivered", "updated_at"])
    if count < left:
        release(order, source=f"{source_of(order)}/delivered:{order.delivered}", part=count, of=left)
    elif order.status == DISPUTED:
        release(order, source=source_of(order))
    else:
        _fulfil(order, cause=cause)


def _fulfil(order: Order, *, cause: str) -> None:
    move(order, FULFILLED, cause=cause)
    release(order, source=source_of(order))
