"""The apps that deliver services. Each registers what happens to its own rows when the money of an order moves."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from billing.models import Order
from billing.vocabulary import SERVICES, OrderStatus, ProductCode


def _nothing(order_id: UUID) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceHooks:
    """How an app follows the orders of one service. `name` is its name on the payment page.

    Each function gets the id of an order. It runs in the transaction of the change, which has locked the owner and
    the order: it locks its own rows after them, changes only these, and may run twice.

    - `paid` takes the payment and returns True, or returns False if it is too late: the money is refunded.
    - `closed`: the order will not be paid, unless a late payment arrives.
    - `contested`: a bank asks for the money. `restored`: the money is ours again.
    - `money_back`: the money is gone for good, refunded or lost.
    """

    name: str
    paid: Callable[[UUID], bool]
    closed: Callable[[UUID], None] = _nothing
    contested: Callable[[UUID], None] = _nothing
    restored: Callable[[UUID], None] = _nothing
    money_back: Callable[[UUID], None] = _nothing


_hooks: dict[ProductCode, ServiceHooks] = {}
_CLOSED = (OrderStatus.FAILED, OrderStatus.EXPIRED, OrderStatus.CANCELLED)
_GONE = (OrderStatus.REFUNDED, OrderStatus.LOST)


def register_service(code: ProductCode, hooks: ServiceHooks) -> None:
    """Register the app that delivers a service. The app calls this in `ready`. Raises `ValueError` for no service."""
    if code not in SERVICES:
        raise ValueError(f"{code} is no service")
    _hooks[code] = hooks


def hooks_of(code: str) -> ServiceHooks | None:
    """Return the hooks of a service, or None if no app delivers it here."""
    return _hooks.get(ProductCode(code))


def tell_restored(order: Order) -> None:
    """Call the hook of a service for money that is ours again without a move of the order: a part of it."""
    hooks = hooks_of(order.product.code)
    if hooks is not None:
        hooks.restored(order.pk)


def tell(order: Order, *, before: OrderStatus) -> None:
    """Call the hook for the order's move from the status `before`. Payments call `paid` in `orders.services`."""
    hooks = hooks_of(order.product.code)
    if hooks is None:
        return
    if order.status in _CLOSED:
        hooks.closed(order.pk)
    elif order.status == OrderStatus.DISPUTED:
        hooks.contested(order.pk)
    elif order.status in _GONE:
        hooks.money_back(order.pk)
    elif before in (OrderStatus.DISPUTED, *_GONE):
        hooks.restored(order.pk)
