"""What was bought is delivered: the money is earned."""

from typing import Any
from uuid import UUID

from django.db import transaction

from billing import credits, entitlements
from billing.choices import ProductCode
from billing.models import Order
from billing.orders.transitions import DISPUTED, FULFILLED, PAID, locked, move, release, source_of, unearned


@transaction.atomic
def spend_credit(*, owner: Any, inspection_id: UUID) -> bool:
    """A result was delivered: the credit is spent, and the oldest paid order that is not delivered yet is earned."""
    entitlements.lock(owner)
    if not credits.spend(owner=owner, inspection_id=inspection_id):
        return False
    earn_delivered(owner, cause=f"inspection {inspection_id}")
    return True


def earn_delivered(owner: Any, *, cause: str) -> None:
    """Of orders and credits there are as many: with a credit fewer, the oldest order has been delivered.

    So it is when a credit is spent, and when money comes (back) for what was used meanwhile. Runs in the caller's
    transaction, under the owner's lock.
    """
    waiting = Order.objects.filter(owner=owner, product__code=ProductCode.OSMOSIS_INSPECTION, refund_asked_at=None)
    oldest_first = waiting.filter(status__in=(PAID, DISPUTED)).order_by("paid_at", "id")
    owed = [order for order in oldest_first if _is_owed(order)]
    balance = credits.balance_of(owner)
    for order in owed[: max(0, len(owed) - max(0, balance.available + balance.held))]:
        _deliver(locked(order.pk), cause=cause)


@transaction.atomic
def end_period(order_id: UUID) -> bool:
    """The period of a subscription is over, and so its price is earned. False where it was, or is not ours any more."""
    order = locked(order_id)
    if order.status != PAID or order.refund_asked_at is not None:
        return False
    _fulfil(order, cause="the period is over")
    return True


def _is_owed(order: Order) -> bool:
    """Not delivered yet; of what a bank looks at, only while the owner still has the credit."""
    return order.status == PAID or (credits.is_out(order) and unearned(order) > 0)


def _deliver(order: Order, *, cause: str) -> None:
    """What a bank looks at stays disputed; if the bank finds for us, it is fulfilled then."""
    if order.status == DISPUTED:
        release(order, source=source_of(order))
    else:
        _fulfil(order, cause=cause)


def _fulfil(order: Order, *, cause: str) -> None:
    move(order, FULFILLED, cause=cause)
    release(order, source=source_of(order))
