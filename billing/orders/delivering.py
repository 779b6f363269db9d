"""What was bought is delivered: the money is earned."""

from typing import Any
from uuid import UUID

from django.db import transaction

from billing import credits, entitlements
from billing.choices import ProductCode
from billing.models import Order
from billing.orders.transitions import FULFILLED, PAID, locked, move, release, source_of


@transaction.atomic
def spend_credit(*, owner: Any, inspection_id: UUID) -> bool:
    """A result was delivered: the credit is spent, and the oldest paid order that is not delivered yet is earned."""
    entitlements.lock(owner)
    if not credits.spend(owner=owner, inspection_id=inspection_id):
        return False
    waiting = Order.objects.filter(owner=owner, status=PAID, product__code=ProductCode.OSMOSIS_INSPECTION)
    oldest = waiting.filter(refund_asked_at=None).order_by("paid_at", "id").first()
    if oldest is not None:
        _fulfil(locked(oldest.pk), cause=f"inspection {inspection_id}")
    return True


@transaction.atomic
def end_period(order_id: UUID) -> bool:
    """The period of a subscription is over, and so its price is earned. False where it was, or is not ours any more."""
    order = locked(order_id)
    if order.status != PAID:
        return False
    _fulfil(order, cause="the period is over")
    return True


def _fulfil(order: Order, *, cause: str) -> None:
    move(order, FULFILLED, cause=cause)
    release(order, source=source_of(order))
