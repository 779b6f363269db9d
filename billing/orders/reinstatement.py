"""Where an order stands once money has come back, or a bank has decided."""

from django.utils import timezone

from billing.ledger import inspection_credits
from billing.models import Order
from billing.orders.money import credits_due
from billing.orders.revenue import earn_delivered
from billing.orders.transitions import FULFILLED, PAID, move, status_with_money


def reinstate(order: Order, *, source: str, cause: str) -> None:
    """Take the order where its money puts it, and give again what was bought, if it is the owner's.

    One that the owner called off is to be refunded: that is tried again.
    """
    stands = status_with_money(order)
    if stands == PAID and order.refund_asked_at is not None:
        order.look_at = timezone.now()
    if stands != order.status:
        move(order, stands, cause=cause)
    if stands in (PAID, FULFILLED) and order.refund_asked_at is None:
        inspection_credits.restore(order=order, source=source, up_to=credits_due(order))
        earn_delivered(order.owner_id, cause=cause)
