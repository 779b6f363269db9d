"""Restore an order's status after money has come back or a bank has decided."""

from django.utils import timezone

from billing.ledger import inspection_credits
from billing.models import Order
from billing.orders.money import credits_due
from billing.orders.revenue import earn_delivered
from billing.orders.transitions import FULFILLED, PAID, move, status_with_money


def reinstate(order: Order, *, source: str, cause: str) -> None:
    """Move the order to the status that its money implies, and restore the purchase if it belongs to the owner.

    If the owner cancelled the order, it must be refunded, so the refund is retried.
    """
    status = status_with_money(order)
    if status == PAID and order.refund_asked_at is not None:
        order.look_at = timezone.now()
    if status != order.status:
        move(order, status, cause=cause)
    if status in (PAID, FULFILLED) and order.refund_asked_at is None:
        inspection_credits.restore(order=order, source=source, up_to=credits_due(order))
        earn_delivered(order.owner_id, cause=cause)
