"""Cancellation of orders by the owner, and refunds of payments that must not be kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from billing.entitlements import subscriptions
from billing.errors import OrderNotCancellable
from billing.ledger import inspection_credits
from billing.models import Order
from billing.orders.refunds import refund
from billing.orders.transitions import CANCELLED, CREATED, PAID, PENDING, locked, move, source_of
from billing.provider_registry import can
from billing.providers.capabilities import Can
from billing.vocabulary import Grant
from maretech.common.http.errors import NotFound

_BY_OWNER: Final = "cancelled by the owner"
BalanceOf = Callable[[UUID], inspection_credits.Balance]


@transaction.atomic
def cancel(*, owner: User, order_id: UUID) -> Order:
    """Cancel an unpaid order; refund a paid one that is unused and within its hours. Calls no provider. Idempotent.

    Raises `NotFound` for an order of another owner, `OrderNotCancellable` when it is too late.
    """
    if not Order.objects.filter(pk=order_id, owner=owner).exists():
        raise NotFound
    order = locked(order_id)
    if order.product.grants == Grant.SERVICE:  # the app that delivers it cancels it
        raise OrderNotCancellable
    if order.status in (CREATED, PENDING):
        order.look_at = None
        move(order, CANCELLED, cause=_BY_OWNER)
    elif order.status != CANCELLED and ask_refund(order_id):
        refund(order.pk, amount_minor=None, refund_ref="owner", cause=_BY_OWNER)
    order.refresh_from_db()
    return order


@transaction.atomic
def ask_refund(order_id: UUID) -> bool:
    """Revoke what was bought, so that it cannot be used during the refund. Returns True while the refund is pending.

    Returns False once everything is refunded. Raises `OrderNotCancellable` for an order that is used, in use or too
    late.
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
    """Cancel a payment that should not have been taken. It gives nothing from now on, and a refund follows.

    Returns False if it is already cancelled, or if its money is no longer ours.
    """
    order = locked(order_id)
    if order.status != PAID or order.refund_asked_at is not None:
        return False
    order.refund_asked_at = order.look_at = timezone.now()
    order.save(update_fields=["refund_asked_at", "look_at", "updated_at"])
    subscriptions.settle(order.owner_id)
    return True


def may_be_cancelled(order: Order, *, balance_of: BalanceOf = inspection_credits.balance_of) -> bool:
    """Returns whether `cancel` would have an effect. A caller with many orders passes a cached `balance_of`."""
    if order.product.grants == Grant.SERVICE:
        return False
    return order.status in (CREATED, PENDING) or _may_be_refunded(order, balance_of=balance_of)


def _may_be_refunded(order: Order, *, balance_of: BalanceOf = inspection_credits.balance_of) -> bool:
    """Returns whether the order is paid, unused, within its hours, and sold through a provider that we can refund."""
    if order.status != PAID or order.paid_at is None or order.refund_asked_at is not None:
        return False
    in_time = timezone.now() <= order.paid_at + timedelta(hours=order.cancel_within_hours)
    unused = order.product.grants == Grant.INSPECTION_CREDIT and balance_of(order.owner_id).available > 0
    return in_time and unused and can(order.provider, Can.REFUND)
