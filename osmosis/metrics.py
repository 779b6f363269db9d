"""Metrics of lift-outs for `/metrics`."""

from collections.abc import Iterator

from django.db.models import Count, Min

from maretech.common.observability.metrics import Backlog
from osmosis.models import LiftOut


def backlogs() -> Iterator[Backlog]:
    due = LiftOut.due().aggregate(count=Count("pk"), oldest_at=Min("due_at"))
    yield Backlog(queue="housekeeping", work="lift_out_notice", **due)
