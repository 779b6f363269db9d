"""The owner calls it off."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from billing.entitlements import subscriptions
from billing.errors import OrderNotCancellable
from billing.ledger import inspection_credits
from billing.models import Order
from billing.orders.refunds import refund
from billing.orders.transitions import CANCELLED, CREATED, PAID, PENDING, locked, move, source_of
from billing.vocabulary import ProductCode, Provider
from maretech.common.http.errors import NotFound

# Whose money we give back ourselves. What a store sold, the store refunds.
REFUNDED_BY_US: Final = frozenset({Provider.MOCK, Provider.STRIPE})
_BY_OWNER: Final = "cancelled by the owner"


@transaction.atomic
def cancel(*, owner: Any, order_id: UUID) -> Order:
    """An unpaid order ends; a paid one is refunded within its hours and while unused. No provider is asked.

    Again is as once. Raises `NotFound` for what is not the owner's, `OrderNotCancellable` for what is too late.
    """
    if not Order.objects.filter(pk=order_id, owner=owner).exists():
        raise NotFound
    order = locked(order_id)
    if order.status in (CREATED, PENDING):
        order.look_at = None
        move(order, CANCELLED, cause=_BY_OWNER)
    elif order.status != CANCELLED and ask_refund(order_id):
        refund(order.pk, amount_minor=None, refund_ref="owner", cause=_BY_OWNER)
    order.refresh_from_db()
    return order


@transaction.atomic
def ask_refund(order_id: UUID) -> bool:
    """Take what was bought back, so that it cannot be used while the money is on its way; True while it is.

    False where all of it has gone back. Raises `OrderNotCancellable` for what is used, in use or too late.
    """
    order = locked(order_id)
    if order.refund_asked_at is None:
        if not _may_be_refunded(order):
            raise OrderNotCancellable
        order.refund_asked_at = order.look_at = timezone.now()
        order.save(update_fields=["refund_asked_at", "look_at", "updated_at"])
        inspection_credits.revoke(order=order, source=f"{source_of(order)}/cancelled")
    return order.status == PAID


@transaction.atomic
def call_off(order_id: UUID) -> bool:
    """A payment that should not have been taken: it gives nothing from now on, and is refunded as soon as it can be.

    False where it is called off already, or its money is not ours any more.
    """
    order = locked(order_id)
    if order.status != PAID or order.refund_asked_at is not None:
        return False
    order.refund_asked_at = order.look_at = timezone.now()
    order.save(update_fields=["refund_asked_at", "look_at", "updated_at"])
    subscriptions.settle(order.owner_id)
    return True


def may_be_cancelled(order: Order) -> bool:
    """Whether `cancel` would do something."""
    return order.status in (CREATED, PENDING) or _may_be_refunded(order)


def _may_be_refunded(order: Order) -> bool:
    """Paid, unused, within its hours, and sold by somebody whose money we can give back."""
    if order.status != PAID or order.paid_at is None or order.refund_asked_at is not None:
        return False
    in_time = timezone.now() <= order.paid_at + timedelta(hours=order.cancel_within_hours)
    unused = (
        order.product.code == ProductCode.OSMOSIS_INSPECTION
        and inspection_credits.balance_of(order.owner_id).available > 0
    )
    return in_time and unused and order.provider in REFUNDED_BY_US
