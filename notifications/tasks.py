"""Tasks of this app: each takes an id or nothing, calls one rule, and is safe to run twice."""

import uuid

from celery import shared_task

from maretech.common.work.isolation import ROUND_SECONDS, for_each_isolated
from notifications import delivery


@shared_task(name="notifications.tasks.send_notification", soft_time_limit=60, time_limit=75)
def send_notification(notification_id: str) -> None:
    """Make the due deliveries of a notification within one round; the sweep makes the rest."""
    due = delivery.deliveries_of(uuid.UUID(notification_id))
    for_each_isolated(due, delivery.deliver, within_seconds=ROUND_SECONDS)


@shared_task(name="notifications.tasks.send_due_deliveries")
def send_due_deliveries() -> None:
    """Make all due deliveries: after a lost message, a failed attempt, or the end of quiet hours."""
    for_each_isolated(delivery.due_deliveries(), delivery.deliver, within_seconds=ROUND_SECONDS)
