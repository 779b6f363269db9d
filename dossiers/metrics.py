"""Metrics of dossiers for `/metrics`."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric

from dossiers.models import Delivery, Dossier, Recording, Refinement
from dossiers.vocabulary import (
    DeliveryChannel,
    DeliveryFailure,
    DeliveryStatus,
    RecordingFailure,
    RefinementState,
    RenderingFailure,
)
from maretech.common.observability.metrics import Backlog

_RECENT: Final = timedelta(days=1)
# Other reasons are somebody's wish: the owner's, staff's or a bank's.
LETTER_FAULTS: Final = (
    DeliveryFailure.REFUSED,
    DeliveryFailure.NOT_ACCEPTED,
    DeliveryFailure.TOO_MANY_PAGES,
    DeliveryFailure.NOT_PRINTED,
    DeliveryFailure.UNDELIVERABLE,
)
ACCEPTED_WITHIN: Final = timedelta(hours=6)
SCANNED_WITHIN: Final = timedelta(days=14)


def backlogs() -> Iterator[Backlog]:
    for queue, work, rows in (
        ("dossiers", "dossier", Dossier.due()),
        ("dossiers", "recording", Recording.due()),
        ("dossiers", "refinement", Refinement.due()),
        ("dossiers", "letter", Delivery.due_letters()),
        ("notifications", "dossier_mail", Delivery.due_mails()),
    ):
        due = rows.aggregate(count=Count("pk"), oldest_at=Min("due_at"))
        yield Backlog(queue=queue, work=work, **due)


def figures() -> Iterator[Metric]:
    """Yield how much work was given up within a day, by its kind."""
    given_up = GaugeMetricFamily(
        "maretech_dossier_work_given_up", "Work on dossiers that was given up within a day.", labels=["work"]
    )
    since = timezone.now() - _RECENT
    for work, rows in (
        ("dossier", Dossier.objects.filter(failure_reason=RenderingFailure.COULD_NOT_BE_RENDERED)),
        ("recording", Recording.objects.filter(failure_reason=RecordingFailure.COULD_NOT_BE_TRANSCRIBED)),
        ("refinement", Refinement.objects.filter(state=RefinementState.FAILED)),
    ):
        given_up.add_metric([work], rows.filter(due_at__gt=since).count())
    yield given_up
    yield from _letters(since)


def _letters(since: datetime) -> Iterator[Metric]:
    """Yield the letters that failed within a day by their reason, and those without a report for too long."""
    letters = Delivery.objects.filter(channel=DeliveryChannel.POST)
    failed = GaugeMetricFamily(
        "maretech_letters_failed", "Paid letters that failed or came back within a day.", labels=["reason"]
    )
    ended = letters.filter(ended_at__gt=since, failure_reason__in=LETTER_FAULTS).order_by()
    counts = dict(ended.values_list("failure_reason").annotate(count=Count("pk")))
    for reason in LETTER_FAULTS:
        failed.add_metric([reason], counts.get(reason, 0))
    yield failed
    late = GaugeMetricFamily(
        "maretech_letters_late", "Letters that were not accepted or not scanned for too long.", labels=["status"]
    )
    now = timezone.now()
    is_unaccepted = Q(status=DeliveryStatus.PAID, paid_at__lt=now - ACCEPTED_WITHIN)
    followed_from = now - timedelta(days=settings.RETENTION_LETTER_DAYS)  # an older one is not followed any more
    is_unscanned = Q(
        status=DeliveryStatus.SUBMITTED, submitted_at__gt=followed_from, submitted_at__lt=now - SCANNED_WITHIN
    )
    for status, is_late in ((DeliveryStatus.PAID, is_unaccepted), (DeliveryStatus.SUBMITTED, is_unscanned)):
        late.add_metric([status], letters.filter(is_late).count())
    yield late
