"""Metrics of handovers for `/metrics`."""

from collections.abc import Iterator

from django.db.models import Count, Min

from maretech.common.observability.metrics import Backlog
from vessels.models import Handover, HandoverCode


def backlogs() -> Iterator[Backlog]:
    codes = HandoverCode.due().aggregate(count=Count("pk"), oldest_at=Min("due_at"))
    yield Backlog(queue="housekeeping", work="handover_code", **codes)
    overdue = Handover.objects.overdue().aggregate(count=Count("pk"), oldest_at=Min("expires_at"))
    yield Backlog(queue="housekeeping", work="handover_expiry", **overdue)
