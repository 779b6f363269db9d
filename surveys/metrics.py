"""Metrics of appointments for `/metrics`."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client.core import Metric

from maretech.common.observability.metrics import Backlog, gauge
from surveys.disputes import cases
from surveys.models import UPCOMING, Appointment


def backlogs() -> Iterator[Backlog]:
    holds = Appointment.objects.overdue_holds().aggregate(count=Count("pk"), oldest_at=Min("held_until"))
    yield Backlog(queue="housekeeping", work="appointment_hold", **holds)
    before = timezone.now() - timedelta(hours=settings.APPOINTMENT_MARK_HOURS)
    unmarked = Appointment.objects.filter(status__in=UPCOMING, ends_at__lte=before)
    yield Backlog(
        queue="housekeeping", work="appointment_mark", **unmarked.aggregate(count=Count("pk"), oldest_at=Min("ends_at"))
    )


def figures() -> Iterator[Metric]:
    yield gauge(
        "maretech_appointment_disputes_overdue",
        "Disputes of appointments past their next deadline.",
        cases.overdue().count(),
    )
