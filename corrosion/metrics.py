"""Metrics of comparisons and reminders for `/metrics`."""

from collections.abc import Iterator

from django.db.models import Count, Min

from corrosion.models import Comparison, Reminder
from maretech.common.observability.metrics import Backlog


def backlogs() -> Iterator[Backlog]:
    comparisons = Comparison.awaited().aggregate(count=Count("pk"), oldest_at=Min("requested_at"))
    yield Backlog(queue="analyses", work="comparison", **comparisons)
    reminders = Reminder.due().aggregate(count=Count("pk"), oldest_at=Min("due_at"))
    yield Backlog(queue="housekeeping", work="reminder", **reminders)
