"""Celery tasks: each takes an id or nothing, calls one function and is safe to run twice."""

import uuid
from typing import Final

from celery import shared_task

from billing import orders
from billing.entitlements import end_notices, subscriptions
from billing.inbox import events
from billing.payees import payouts
from billing.reconciliation import reconcile
from billing.reconciliation.days import days_to_compare
from billing.sync import polling, receipts, requested_refunds
from maretech.common.work.isolation import for_each_isolated, log_and_continue
from maretech.common.work.queue import enqueue_on_commit

SHARE_SECONDS: Final = 15


@shared_task(name="billing.tasks.deal_with_event")
def process_event(event_id: str) -> None:
    events.process_event(uuid.UUID(event_id))


@shared_task(name="billing.tasks.look_after_payments")
def sweep_payments() -> None:
    """Process due events, and poll orders and subscriptions without recent news.

    Each kind has its share of a minute; the rest is due in the next round.
    """
    for rows, rule in (
        (polling.periods_to_end(), orders.end_period),
        (events.due(), events.process_event),
        (polling.due_orders(), polling.sync_order),
        (orders.unanswered_payments(), orders.answer_payment),
        (requested_refunds.due_refunds(), requested_refunds.carry_out),
        (payouts.due_payouts(), payouts.carry_out),
        (polling.overdue_subscriptions(), polling.sync_subscription),
        (subscriptions.unsettled(), subscriptions.settle_owner_of),
        (subscriptions.to_stop(), polling.stop_subscription),
    ):
        for_each_isolated(rows.values_list("pk", flat=True), rule, within_seconds=SHARE_SECONDS)


@shared_task
def remind_of_ending_subscriptions() -> None:
    for_each_isolated(end_notices.ending_subscriptions(), end_notices.notify_of_end)


@shared_task
def reconcile_yesterday() -> None:
    """Reconcile yesterday, the day before again (late data is complete by then), and days that failed before."""
    for provider, day in days_to_compare():
        with log_and_continue("day not compared", provider=provider, day=str(day)):
            reconcile(provider, day)


@shared_task(name="billing.tasks.look_for_voided_purchases")
def sync_voided_purchases() -> None:
    """Find refunds by Google Play that no notification reported."""
    found = receipts.voided()

    def sync_voided(order_id: uuid.UUID) -> None:
        receipts.sync_voided(order_id, found[order_id])

    for_each_isolated(found, sync_voided)


def send_event(event_id: uuid.UUID) -> None:
    enqueue_on_commit(process_event, str(event_id), queue="payments", expires_seconds=60)
