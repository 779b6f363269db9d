"""Metrics of notifications for `/metrics`: deliveries that are due, and dead letters."""

from collections.abc import Iterator

from django.db.models import Count, Min
from prometheus_client.core import Metric

from maretech.common.observability.metrics import Backlog, gauges
from notifications.delivery import dead_letters
from notifications.models import Delivery
from notifications.vocabulary import Channel


def backlogs() -> Iterator[Backlog]:
    """Yield the deliveries that are due: not those that wait for the end of quiet hours or for their next attempt."""
    due = Delivery.due().aggregate(count=Count("pk"), oldest_at=Min("due_at"))
    yield Backlog(queue="notifications", work="delivery", **due)


def figures() -> Iterator[Metric]:
    dead = dead_letters().values_list("channel").annotate(Count("pk"))
    yield gauges(
        "maretech_deliveries_dead",
        "Deliveries of notifications that were given up and not replayed.",
        ["channel"],
        (((channel,), count) for channel, count in dead),
        always=[(channel.value,) for channel in (Channel.PUSH, Channel.EMAIL, Channel.OPS)],
    )
