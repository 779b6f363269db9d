"""The life of an order: the only module that writes its status, and what each change books.

Every change runs under the owner's entitlement row and the order's own, by allowed transitions only, and leaves an
event with its cause. Asked twice, everything happens once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from billing import credits, entitlements, ledger
from billing.catalogue import product_in_force
from billing.choices import Account, Booking, OrderStatus, ProductCode, Provider
from billing.errors import BadTransition, OrderNotCancellable, RefundTooHigh
from billing.ledger import Move
from billing.models import Order, OrderEvent, Product
from maretech.common.errors import NotFound

CREATED, PENDING, PAID, FULFILLED, FAILED, EXPIRED, CANCELLED, REFUNDED, DISPUTED, LOST = OrderStatus
UNPAID: Final = frozenset({CREATED, PENDING, FAILED, EXPIRED, CANCELLED})
# A provider may say "paid" long after we gave an order up: the money is in, so the order is paid.
TRANSITIONS: Final[Mapping[OrderStatus, frozenset[OrderStatus]]] = {
    CREATED: frozenset({PENDING, PAID, FAILED, EXPIRED, CANCELLED}),
    PENDING: frozenset({PAID, FAILED, EXPIRED, CANCELLED}),
    FAILED: frozenset({PAID}),
    EXPIRED: frozenset({PAID}),
    CANCELLED: frozenset({PAID}),
    PAID: frozenset({FULFILLED, REFUNDED, DISPUTED}),
    FULFILLED: frozenset({REFUNDED, DISPUTED}),
    DISPUTED: frozenset({PAID, FULFILLED, REFUNDED, LOST}),
    REFUNDED: frozenset(),
    LOST: frozenset(),
}
# Whose money we give back ourselves. What a store sold, the store refunds.
REFUNDED_BY_US: Final = frozenset({Provider.MOCK})


@dataclass(frozen=True, slots=True)
class Purchase:
    """What a provider vouches for: that this was bought from it, under this name of its own."""

    provider: Provider
    provider_ref: str
    product: ProductCode


@transaction.atomic
def open_order(*, owner: Any, product: Product, provider: Provider, cause: str) -> Order:
    """Write the order down, at the price and under the policy of this moment, before anybody is asked for money."""
    order = _written_for(owner, product, provider=provider)
    order.save(force_insert=True)
    OrderEvent.objects.create(order=order, to_status=order.status, cause=cause)
    return order


@transaction.atomic
def record_purchase(*, owner: Any, purchase: Purchase, cause: str) -> Order | None:
    """Return the paid order of a purchase made elsewhere, new or known; None where it is somebody else's."""
    entitlements.lock(owner)
    product = product_in_force(purchase.product)
    offered = _written_for(owner, product, provider=purchase.provider, provider_ref=purchase.provider_ref)
    Order.objects.bulk_create([offered], ignore_conflicts=True)
    kept = Order.objects.get(provider=purchase.provider, provider_ref=purchase.provider_ref)
    if kept.owner_id != owner.pk:
        return None
    if kept.pk == offered.pk:
        OrderEvent.objects.create(order=kept, to_status=kept.status, cause=cause)
        pay(kept.pk, cause=cause)
    return kept


@transaction.atomic
def pay(order_id: UUID, *, cause: str) -> bool:
    """The money is in: book it and grant what was bought. False where that happened before."""
    order = _locked(order_id)
    if order.status not in UNPAID:
        return False
    order.paid_at = timezone.now()
    _move(order, PAID, cause=cause)
    _book(Booking.PAYMENT_HOLD, order, order.price_minor, Account.UNEARNED, Account.CASH)
    if order.product.code == ProductCode.OSMOSIS_INSPECTION:
        credits.grant(owner=order.owner_id, source=source_of(order))
    return True


@transaction.atomic
def close_unpaid(order_id: UUID, *, to: OrderStatus, cause: str) -> bool:
    """It was not paid: failed, expired or cancelled. False where it already stands so, or was paid meanwhile."""
    order = _locked(order_id)
    if order.status not in (CREATED, PENDING):
        return False
    _move(order, to, cause=cause)
    return True


@transaction.atomic
def refund(order_id: UUID, *, amount_minor: int, refund_ref: str, cause: str) -> bool:
    """Book money that went back, all or in part; False where this refund was booked before.

    With the last of it goes what was bought: a credit that is used already becomes a debt. Raises `RefundTooHigh` for
    more than what is left, `BadTransition` for an order that was never paid.
    """
    order = _locked(order_id)
    source = f"{source_of(order)}/refund:{refund_ref}"
    if ledger.is_booked(Booking.REFUND, source=source):
        return False
    if order.status not in (PAID, FULFILLED):
        raise BadTransition(f"{order.status} → {REFUNDED}")
    left = refundable(order)
    if not 0 < amount_minor <= left:
        raise RefundTooHigh(left)
    unearned = min(amount_minor, _unearned(order))
    moves = [(unearned, Account.UNEARNED), (amount_minor - unearned, Account.REFUNDS)]
    ledger.book(
        Booking.REFUND,
        source=source,
        owner=order.owner_id,
        order=order,
        moves=[Move(amount, order.currency, Account.CASH, into) for amount, into in moves if amount],
    )
    if amount_minor == left:
        _move(order, REFUNDED, cause=cause)
        credits.revoke(owner=order.owner_id, source=source_of(order))
    return True


@transaction.atomic
def spend_credit(*, owner: Any, inspection_id: UUID) -> bool:
    """A result was delivered: the credit is spent, and the oldest paid order that is not delivered yet is earned."""
    entitlements.lock(owner)
    if not credits.spend(owner=owner, inspection_id=inspection_id):
        return False
    waiting = Order.objects.filter(owner=owner, status=PAID, product__code=ProductCode.OSMOSIS_INSPECTION)
    oldest = waiting.order_by("paid_at", "id").first()
    if oldest is not None:
        _fulfil(_locked(oldest.pk), cause=f"inspection {inspection_id}")
    return True


@transaction.atomic
def cancel(*, owner: Any, order_id: UUID) -> Order:
    """The owner calls it off: an unpaid order ends; a paid one is refunded within its hours and while unused.

    Again is as once. Raises `NotFound` for what is not the owner's, `OrderNotCancellable` for what is too late.
    """
    if not Order.objects.filter(pk=order_id, owner=owner).exists():
        raise NotFound
    order = _locked(order_id)
    if order.status in (CREATED, PENDING):
        _move(order, CANCELLED, cause=_BY_OWNER)
    elif may_be_refunded_by_owner(order):
        refund(order.pk, amount_minor=refundable(order), refund_ref="owner", cause=_BY_OWNER)
    elif not (order.status == CANCELLED or (order.status == REFUNDED and was_cancelled_by_owner(order))):
        raise OrderNotCancellable
    order.refresh_from_db()
    return order


def may_be_cancelled(order: Order) -> bool:
    """Whether `cancel` would do something."""
    return order.status in (CREATED, PENDING) or may_be_refunded_by_owner(order)


def may_be_refunded_by_owner(order: Order) -> bool:
    """Paid, unused, within its hours, and sold by somebody whose money we can give back."""
    if order.status != PAID or order.paid_at is None or order.provider not in REFUNDED_BY_US:
        return False
    in_time = timezone.now() <= order.paid_at + timedelta(hours=order.cancel_within_hours)
    unused = order.product.code == ProductCode.OSMOSIS_INSPECTION and credits.balance_of(order.owner_id).available > 0
    return in_time and unused


def was_cancelled_by_owner(order: Order) -> bool:
    return order.events.filter(cause=_BY_OWNER).exists()


def refundable(order: Order) -> int:
    """What is left of what was paid, in minor units."""
    if order.status not in (PAID, FULFILLED):
        return 0
    return order.price_minor + ledger.booked(Booking.REFUND, order=order, account=Account.CASH)


def source_of(order: Order) -> str:
    """What the ledger calls it."""
    return f"order:{order.pk}"


def _fulfil(order: Order, *, cause: str) -> None:
    _move(order, FULFILLED, cause=cause)
    unearned = _unearned(order)
    if unearned:
        _book(Booking.RELEASE, order, unearned, Account.REVENUE, Account.UNEARNED)


def _unearned(order: Order) -> int:
    return -ledger.booked(*Booking, order=order, account=Account.UNEARNED)


def _written_for(owner: Any, product: Product, *, provider: Provider, provider_ref: str = "") -> Order:
    return Order(
        owner=owner,
        product=product,
        price_minor=product.price_minor,
        currency=product.currency,
        cancel_within_hours=product.cancel_within_hours,
        provider=provider,
        provider_ref=provider_ref,
    )


def _book(kind: Booking, order: Order, amount: int, out_of: Account, into: Account) -> None:
    moves = [Move(amount, order.currency, out_of, into)]
    ledger.book(kind, source=source_of(order), owner=order.owner_id, order=order, moves=moves)


def _move(order: Order, to: OrderStatus, *, cause: str) -> None:
    if to not in TRANSITIONS[OrderStatus(order.status)]:
        raise BadTransition(f"{order.status} → {to}")
    before, order.status = order.status, to
    order.save(update_fields=["status", "paid_at", "updated_at"])
    OrderEvent.objects.create(order=order, from_status=before, to_status=to, cause=cause)


def _locked(order_id: UUID) -> Order:
    """The order under its owner's lock and its own, always in that order."""
    owner_id = Order.objects.values_list("owner_id", flat=True).get(pk=order_id)
    entitlements.lock(owner_id)
    return Order.objects.select_for_update(of=("self",)).select_related("product").get(pk=order_id)


_BY_OWNER: Final = "cancelled by the owner"
