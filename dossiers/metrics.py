"""Metrics of dossiers for `/metrics`."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric

from dossiers.models import Delivery, Dossier, Recording, Refinement
from dossiers.vocabulary import RecordingFailure, RefinementState, RenderingFailure
from maretech.common.observability.metrics import Backlog

_RECENT: Final = timedelta(days=1)


def backlogs() -> Iterator[Backlog]:
    for queue, work, model in (
        ("dossiers", "dossier", Dossier),
        ("dossiers", "recording", Recording),
        ("dossiers", "refinement", Refinement),
        ("notifications", "dossier_mail", Delivery),
    ):
        due = model.due().aggregate(count=Count("pk"), oldest_at=Min("due_at"))
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
