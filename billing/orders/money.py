"""What is left of the money of an order, and how many credits that stands for."""

from typing import Final

from billing.ledger import journal
from billing.models import Order
from billing.orders.transitions import DISPUTED, FULFILLED, PAID
from billing.vocabulary import Account, Booking

WITH_MONEY: Final = (PAID, FULFILLED, DISPUTED)
# A store tells a part in thousandths of a per cent, and amounts are whole: so much of a price is no part of a product.
_FINEST: Final = 100_000


def refundable(order: Order) -> int:
    """What is left of what was paid, in minor units."""
    if order.status not in WITH_MONEY:
        return 0
    went_back = journal.booked(Booking.REFUND, Booking.REFUND_REVERSAL, order=order, account=Account.CASH)
    return order.price_minor + went_back


def credits_due(order: Order) -> int:
    """Of an order that is not refunded: all but those whose price has gone back. The last one goes with the last money.

    What costs nothing has no part that could have gone back in money.
    """
    gone = order.price_minor - refundable(order)
    if not gone:
        return order.quantity
    rounding = order.quantity + order.price_minor // _FINEST
    return max(1, order.quantity - (gone + rounding) * order.quantity // order.price_minor)
