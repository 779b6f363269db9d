"""Orders of services, as the apps that deliver them use them: open, release, fulfil, refund, and read.

An app keeps the id of the order in a row of its own and never an order. It locks the order first (`lock_service_order`)
and its own rows after, as the hooks do. No function calls a provider: what has to be asked is asked by workers.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.models import User
from billing import orders
from billing.models import Order
from billing.services.hooks import hooks_of
from billing.sync.checkout import web_offer
from billing.vocabulary import PRICED_PER_ORDER, SERVICES, OrderStatus, ProductCode
from maretech.common.http.errors import Invalid

_RELEASED: Final = "no longer wanted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceMoney:
    """The money of an order. `refundable_minor` is what no refund has returned or is about to return."""

    order_id: UUID
    status: OrderStatus
    price_minor: int
    currency: str
    refundable_minor: int
    paid_at: datetime | None
    is_accepted: bool
    is_delivered: bool


@transaction.atomic
def open_service_order(
    *, owner: User, product_code: ProductCode, price_minor: int | None = None, currency: str | None = None
) -> Order:
    """Write the order of a service at its price, or at the given one if the price comes with each order.

    `billing.api.checkout_views.present_page` opens its page, after the caller's transaction.

    Raises `Invalid` if it is not sold on the web here, `ValueError` for a price where there is none to give, or none
    where there should be one.
    """
    if product_code not in SERVICES:
        raise ValueError(f"{product_code} is no service")
    if (product_code in PRICED_PER_ORDER) != (price_minor is not None and currency is not None):
        raise ValueError(f"{product_code} has {'no price' if price_minor is None else 'a price'} of its own")
    if price_minor is not None and price_minor < 1:
        raise ValueError(f"a price of {price_minor}")
    if hooks_of(product_code) is None:
        raise Invalid(product="This product is not on sale.")
    product, provider = web_offer(product_code, currency=currency or "")
    price = (price_minor, currency) if price_minor is not None and currency is not None else None
    return orders.open_order(owner=owner, product=product, provider=provider, cause="checkout", price=price)


def lock_service_order(order_id: UUID) -> None:
    """Lock the owner and the order until the transaction ends. An app calls this before it locks its own rows."""
    orders.locked(order_id)


@transaction.atomic
def release_service_order(order_id: UUID) -> bool:
    """Close an order that is not paid. Its page is closed with the next poll; a payment made until then is offered.

    Returns False if it is paid, or closed already.
    """
    if not orders.close_unpaid(order_id, to=OrderStatus.CANCELLED, cause=_RELEASED):
        return False
    orders.poll_soon(order_id)
    return True


def fulfil_service(order_id: UUID, *, cause: str, payee_id: UUID | None = None) -> bool:
    """Earn the money of a delivered service, and share it with the payee who delivered it. Idempotent.

    Returns False if no money of the order is ours. Raises `PayeeNotPayable`.
    """
    return orders.deliver_service(order_id, cause=cause, payee_id=payee_id)


def refund_service(order_id: UUID, *, cause: str, amount_minor: int | None = None) -> bool:
    """Return the money of a service, or a part of it, delivered or not. Workers ask the provider until it is done.

    Idempotent: once per order and cause. Returns False if nothing is left to return.
    """
    return orders.request_refund(order_id, cause=cause, amount_minor=amount_minor) is not None


def service_money(order_id: UUID) -> ServiceMoney:
    order = Order.objects.get(pk=order_id)
    return ServiceMoney(
        order_id=order.pk,
        status=OrderStatus(order.status),
        price_minor=order.price_minor,
        currency=order.currency,
        refundable_minor=max(0, orders.unrequested(order)),
        paid_at=order.paid_at,
        is_accepted=order.accepted_at is not None,
        is_delivered=bool(order.delivered),
    )
