"""Thin Celery tasks: an id in, one rule called, safe to run twice."""

import uuid
from typing import Final

import structlog
from celery import shared_task

from billing import orders
from billing.entitlements import subscriptions
from billing.inbox import events
from billing.reconciliation import reconcile
from billing.reconciliation.days import days_to_compare
from billing.sync import polling, receipts
from maretech.common.work.isolation import for_each_isolated
from maretech.common.work.queue import enqueue_on_commit

SHARE_SECONDS: Final = 15

log = structlog.get_logger(__name__)


@shared_task
def deal_with_event(event_id: str) -> None:
    events.process_event(uuid.UUID(event_id))


@shared_task
def look_after_payments() -> None:
    """What no message brought about: events that are due, orders and subscriptions that nobody heard of.

    Each in its share of a minute; what is left over is due in the next round.
    """
    for rows, rule in (
        (polling.periods_to_end(), orders.end_period),
        (events.due(), events.process_event),
        (polling.orders_to_follow(), polling.follow_order),
        (polling.subscriptions_to_follow(), polling.follow_subscription),
        (subscriptions.unsettled(), subscriptions.settle_owner_of),
        (subscriptions.to_stop(), polling.stop_subscription),
    ):
        for_each_isolated(rows.values_list("pk", flat=True), rule, within_seconds=SHARE_SECONDS)


@shared_task
def reconcile_yesterday() -> None:
    """Yesterday, the day before again (what came late is in order then), and days that no night could compare."""
    for provider, day in days_to_compare():
        try:
            reconcile(provider, day)
        except Exception:
            log.exception("day not compared", provider=provider, day=str(day))


@shared_task
def look_for_voided_purchases() -> None:
    """What Google Play took back, and no notification told of."""
    found = receipts.voided()

    def follow_voided(order_id: uuid.UUID) -> None:
        receipts.follow_voided(order_id, found[order_id])

    for_each_isolated(found, follow_voided)


def send_event(event_id: uuid.UUID) -> None:
    enqueue_on_commit(deal_with_event, str(event_id), queue="payments", expires_seconds=60)
