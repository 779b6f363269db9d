"""Metrics of appointments for `/metrics`."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Min
from django.utils import timezone

from maretech.common.observability.metrics import Backlog
from surveys.models import UPCOMING, Appointment


def backlogs() -> Iterator[Backlog]:
    holds = Appointment.objects.overdue_holds().aggregate(count=Count("pk"), oldest_at=Min("held_until"))
    yield Backlog(queue="housekeeping", work="appointment_hold", **holds)
    before = timezone.now() - timedelta(hours=settings.APPOINTMENT_MARK_HOURS)
    unmarked = Appointment.objects.filter(status__in=UPCOMING, ends_at__lte=before)
    yield Backlog(
        queue="housekeeping", work="appointment_mark", **unmarked.aggregate(count=Count("pk"), oldest_at=Min("ends_at"))
    )
