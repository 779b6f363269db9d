"""The refundable money of an order, and the credits that it represents."""

from typing import Final

from billing.ledger import journal
from billing.models import Order
from billing.orders.transitions import DISPUTED, FULFILLED, PAID
from billing.vocabulary import Account, EntryKind

WITH_MONEY: Final = (PAID, FULFILLED, DISPUTED)
# A store reports a partial refund in thousandths of a per cent, and amounts are whole minor units. This fraction of a
# price is rounding, not a part of a product.
_FINEST: Final = 100_000


def refundable(order: Order) -> int:
    """Returns the amount of the payment that is not refunded, in minor units."""
    if order.status not in WITH_MONEY:
        return 0
    went_back = journal.posted_amount(EntryKind.REFUND, EntryKind.REFUND_REVERSAL, order=order, account=Account.CASH)
    return order.price_minor + went_back


def credits_due(order: Order) -> int:
    """Returns the credits of an order that is not refunded: its quantity minus the credits with a refunded price.

    The last credit goes with the last of the money. A free order has no price to refund in part.
    """
    gone = order.price_minor - refundable(order)
    if not gone:
        return order.quantity
    rounding = order.quantity + order.price_minor // _FINEST
    return max(1, order.quantity - (gone + rounding) * order.quantity // order.price_minor)
