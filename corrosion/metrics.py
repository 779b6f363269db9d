"""Metrics of comparisons for `/metrics`."""

from collections.abc import Iterator

from django.db.models import Count, Min

from corrosion.models import Comparison
from maretech.common.observability.metrics import Backlog


def backlogs() -> Iterator[Backlog]:
    comparisons = Comparison.awaited().aggregate(count=Count("pk"), oldest_at=Min("requested_at"))
    yield Backlog(queue="analyses", work="comparison", **comparisons)
