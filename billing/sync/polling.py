"""Polling: query the provider about events, orders and subscriptions when no message arrives."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from billing import orders
from billing.entitlements import subscriptions
from billing.models import Order, ProviderEvent, Subscription
from billing.provider_registry import can
from billing.providers.base import EventSubject, ProviderRefused
from billing.providers.capabilities import Can
from billing.sync import checkout, hosted_orders, receipts
from billing.vocabulary import EventOutcome, OrderStatus, Provider


def sync_event(event: ProviderEvent) -> EventOutcome:
    """Query the subject of an event. Raises the errors of the provider."""
    if can(event.provider, Can.HOST_CHECKOUT):
        return hosted_orders.sync_subject(Provider(event.provider), EventSubject(event.about), event.ref)
    return receipts.sync_purchase(Provider(event.provider), event.ref) if event.about else EventOutcome.SYNCED


def due_orders() -> QuerySet[Order]:
    return Order.objects.filter(look_at__lte=timezone.now()).order_by("look_at")


def sync_order(order_id: UUID) -> None:
    """Resolve one order. Whatever the result, it is polled again at growing intervals until it is done."""
    orders.schedule_poll(order_id)
    order = Order.objects.select_related("product").get(pk=order_id)
    if can(order.provider, Can.HOST_CHECKOUT):
        checkout.sync_order(order)
    elif can(order.provider, Can.SELL_IN_APP):
        receipts.sync_order(order)


def overdue_subscriptions() -> QuerySet[Subscription]:
    return subscriptions.overdue()


def sync_subscription(subscription_id: UUID) -> None:
    """Check a subscription past its end for a renewal that was not reported. Without one, it lapses."""
    subscriptions.note_query(subscription_id)
    subscription, cause = Subscription.objects.get(pk=subscription_id), "its end has come"
    try:
        if can(subscription.provider, Can.HOST_CHECKOUT):
            checkout.sync_subscription(subscription)
        elif can(subscription.provider, Can.SELL_IN_APP):
            receipts.sync_subscription(subscription)
    except (ProviderRefused, receipts.UnmatchedPurchase) as error:
        cause = f"{cause}, and the provider says {type(error).__name__}"
    subscriptions.lapse(subscription_id, cause=cause)


def stop_subscription(subscription_id: UUID) -> None:
    """Stop billing a subscription after its money was refunded or lost."""
    subscriptions.note_query(subscription_id)
    checkout.stop_subscription(Subscription.objects.get(pk=subscription_id))


def periods_to_end() -> QuerySet[Order]:
    paid = Order.objects.filter(status=OrderStatus.PAID, refund_asked_at=None)
    return paid.filter(period_ends_at__lte=timezone.now()).order_by("period_ends_at")
