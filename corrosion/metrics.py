"""Metrics of comparisons for `/metrics`."""

from collections.abc import Iterator

from django.db.models import Count, Min

from corrosion.comparison import work
from maretech.common.observability.metrics import Backlog


def backlogs() -> Iterator[Backlog]:
    comparisons = work.open_comparisons().aggregate(count=Count("pk"), oldest_at=Min("requested_at"))
    yield Backlog(queue="analyses", work="comparison", **comparisons)
