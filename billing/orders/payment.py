"""Orders up to their payment: opened before a provider is called, paid when the provider confirms it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from billing.catalogue.products import product_in_force
from billing.entitlements import entitlements, subscriptions
from billing.ledger import inspection_credits, journal
from billing.ledger.journal import Transfer
from billing.models import Order, OrderEvent, Product, Subscription
from billing.notices import notify_of_payment
from billing.orders.revenue import earn_delivered
from billing.orders.services import offer_payment
from billing.orders.transitions import CREATED, PAID, PENDING, UNPAID, locked, move, source_of
from billing.provider_registry import can, providers_that
from billing.providers.capabilities import Can
from billing.vocabulary import Account, EntryKind, Grant, OrderStatus, ProductCode, Provider

_PATIENCE: Final = 10


@dataclass(frozen=True, slots=True)
class Purchase:
    """A purchase that a provider confirms, with the provider's reference.

    `amount_minor` is the total for all units, in `currency`; without it, the price in force counts. `is_polled` means
    that the provider must still learn that the purchase was granted.
    """

    provider: Provider
    provider_ref: str
    product: ProductCode
    payment_ref: str = ""
    amount_minor: int | None = None
    currency: str = ""
    subscription: Subscription | None = None
    period_ends_at: datetime | None = None
    quantity: int = 1
    is_test: bool = False
    is_polled: bool = False


@transaction.atomic
def open_order(
    *, owner: User, product: Product, provider: Provider, cause: str, price: tuple[int, str] | None = None
) -> Order:
    """Create the order at the current price and policy, before asking for money.

    `price` is the amount in minor units and its currency, for a product that gets its price with each order.
    """
    order = _written_for(owner, product, provider=provider)
    if price is not None:
        order.price_minor, order.currency = price
    order.begins_subscription = bool(product.plan)
    order.save(force_insert=True)
    OrderEvent.objects.create(order=order, to_status=order.status, cause=cause)
    return order


def open_subscription_orders(owner: User) -> QuerySet[Order]:
    """Returns the owner's unpaid checkout orders that would begin a subscription, oldest first."""
    unpaid = Order.objects.filter(owner=owner, status__in=(CREATED, PENDING))
    unpaid = unpaid.filter(provider__in=providers_that(Can.HOST_CHECKOUT))
    return unpaid.exclude(product__plan="").select_related("product").order_by("created_at", "id")


@transaction.atomic
def record_purchase(*, owner: User, purchase: Purchase, cause: str) -> Order | None:
    """Returns the paid order of a purchase made elsewhere, new or known, or None if another owner has it."""
    entitlements.lock(owner)
    offered = _written_for(owner, product_in_force(purchase.product), provider=purchase.provider)
    offered.provider_ref, offered.payment_ref = purchase.provider_ref, purchase.payment_ref
    offered.subscription, offered.period_ends_at = purchase.subscription, purchase.period_ends_at
    offered.quantity, offered.is_test = purchase.quantity, purchase.is_test
    offered.price_minor *= purchase.quantity
    if purchase.amount_minor is not None:
        offered.price_minor, offered.currency = purchase.amount_minor, purchase.currency or offered.currency
    if purchase.is_test:
        offered.price_minor = 0
    Order.objects.bulk_create([offered], ignore_conflicts=True)
    stored = Order.objects.get(provider=purchase.provider, provider_ref=purchase.provider_ref)
    if stored.owner_id != offered.owner_id:
        return None
    if stored.pk == offered.pk:
        OrderEvent.objects.create(order=stored, to_status=stored.status, cause=cause)
        pay(stored.pk, cause=cause)
        if purchase.is_polled:
            Order.objects.filter(pk=stored.pk).update(look_at=_first_poll())
        stored.refresh_from_db()
    return stored


@transaction.atomic
def grant_by_staff(*, owner: User, product: Product, cause: str) -> Order:
    """Create a grant by staff: an order with the price 0, paid at once."""
    order = _written_for(owner, product, provider=Provider.STAFF)
    order.price_minor = 0
    order.save(force_insert=True)
    OrderEvent.objects.create(order=order, to_status=order.status, cause=cause)
    pay(order.pk, cause=cause)
    order.refresh_from_db()
    return order


@transaction.atomic
def note_page(order_id: UUID, *, provider_ref: str, payment_ref: str) -> None:
    """Store the provider's references for the payment page and, if known, the payment."""
    order = locked(order_id)
    named = {"provider_ref": provider_ref, "payment_ref": payment_ref}
    new = [name for name, ref in named.items() if ref and getattr(order, name) != ref]
    for name in new:
        setattr(order, name, named[name])
    if new:
        order.save(update_fields=[*new, "updated_at"])
    if order.status == CREATED:
        move(order, PENDING, cause=f"{order.provider} {provider_ref}")


def note_subscription(order_id: UUID, subscription: Subscription) -> None:
    """Link the order to the subscription that it began. Runs in the caller's transaction."""
    order = locked(order_id)
    if order.subscription_id is None:
        order.subscription, order.period_ends_at = subscription, subscription.ends_at
        order.save(update_fields=["subscription", "period_ends_at", "updated_at"])
        subscriptions.settle(order.owner_id)


def schedule_poll(order_id: UUID) -> None:
    """Schedule the next query of the provider: soon for a young order, rarely for an old one."""
    order = Order.objects.get(pk=order_id)
    wait = max(timedelta(seconds=settings.ORDER_RECHECK_SECONDS), (timezone.now() - order.created_at) / _PATIENCE)
    Order.objects.filter(pk=order_id).exclude(look_at=None).update(look_at=timezone.now() + wait)


def poll_soon(order_id: UUID) -> None:
    """Have the provider queried about the order in the next round."""
    Order.objects.filter(pk=order_id).update(look_at=timezone.now())


def stop_polling(order_id: UUID) -> None:
    """Stop polling the provider about the order."""
    Order.objects.filter(pk=order_id).update(look_at=None)


@transaction.atomic
def pay(order_id: UUID, *, cause: str) -> bool:
    """Post the payment and grant the purchase. Returns False if that already happened."""
    order = locked(order_id)
    if order.status not in UNPAID:
        return False
    order.paid_at = timezone.now()
    if not can(order.provider, Can.ACKNOWLEDGE):
        order.look_at = None
    move(order, PAID, cause=cause)
    if order.price_minor:
        transfers = [Transfer(order.price_minor, order.currency, Account.DEFERRED_REVENUE, Account.CASH)]
        journal.post(
            EntryKind.PAYMENT_CAPTURED, source=source_of(order), owner=order.owner_id, order=order, transfers=transfers
        )
    if order.product.grants == Grant.INSPECTION_CREDIT:
        inspection_credits.grant(order=order, source=source_of(order))
        earn_delivered(order.owner_id, cause=cause)
    elif order.product.grants == Grant.SERVICE:
        offer_payment(order)
    notify_of_payment(order)
    return True


@transaction.atomic
def close_unpaid(order_id: UUID, *, to: OrderStatus, cause: str) -> bool:
    """Close an unpaid order as failed, expired or cancelled.

    Returns False if it is already closed or was paid meanwhile.
    """
    order = locked(order_id)
    if order.status not in (CREATED, PENDING):
        return False
    order.look_at = None
    move(order, to, cause=cause)
    return True


def _written_for(owner: User, product: Product, *, provider: Provider) -> Order:
    return Order(
        owner_id=getattr(owner, "pk", owner),
        product=product,
        price_minor=product.price_minor,
        currency=product.currency,
        cancel_within_hours=product.cancel_within_hours,
        provider=provider,
        look_at=_first_poll() if can(provider, Can.POLL) else None,
    )


def _first_poll() -> datetime:
    return timezone.now() + timedelta(seconds=settings.ORDER_RECHECK_SECONDS)
