"""`/metrics` for Prometheus. It is for operations alone and no part of the API."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Final

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare
from drf_spectacular.utils import extend_schema
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

import accounts.metrics
import billing.metrics
import corrosion.metrics
import dossiers.metrics
import inspections.metrics
import notifications.metrics
import osmosis.metrics
import surveys.metrics
import vessels.metrics
from maretech.common.http.errors import AuthenticationRequired
from maretech.common.observability import metrics
from maretech.common.observability.metrics import Backlog

LOOPBACK: Final = ("127.0.0.1", "::1")
# Monitoring must not slow the database down: after this time the row gauges are reported as unreadable.
ROWS_WITHIN_SECONDS: Final = 3
BACKLOGS: Final[tuple[Callable[[], Iterator[Backlog]], ...]] = (
    inspections.metrics.backlogs,
    corrosion.metrics.backlogs,
    osmosis.metrics.backlogs,
    dossiers.metrics.backlogs,
    vessels.metrics.backlogs,
    surveys.metrics.backlogs,
    billing.metrics.backlogs,
    accounts.metrics.backlogs,
    notifications.metrics.backlogs,
)
FIGURES: Final[tuple[Callable[[], Iterator[Metric]], ...]] = (
    inspections.metrics.figures,
    billing.metrics.figures,
    notifications.metrics.figures,
    dossiers.metrics.figures,
    surveys.metrics.figures,
)
# They read whole tables, so each fails alone: a large table must not remove all other figures.
SUMS: Final[tuple[Callable[[], Iterator[Metric]], ...]] = (billing.metrics.sums,)

log = structlog.get_logger(__name__)


class MetricsView(APIView):
    """Requires METRICS_TOKEN. In development without a token, answers this machine alone."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        if not _may_read(request):
            raise AuthenticationRequired("The metrics need the operations token.")
        registry = CollectorRegistry()
        registry.register(Everything())
        return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Everything(Collector):
    """The counters of the processes, also while the database does not answer, and the gauges of the rows."""

    def describe(self) -> list[Metric]:
        return []  # registering must not query the database

    def collect(self) -> Iterator[Metric]:
        yield from metrics.with_former_names(list(self._families()))

    def _families(self) -> Iterator[Metric]:
        yield from metrics.of_processes()
        rows = _read(_of_rows)
        yield from rows
        for source in SUMS if rows else ():
            yield from _read(source)
        documentation = "1 if the database answered in time; otherwise the gauges of rows are missing."
        yield metrics.gauge("maretech_database_readable", documentation, bool(rows))


def _may_read(request: Request) -> bool:
    if settings.METRICS_TOKEN:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}")
    # Behind a proxy every caller has this machine's address.
    is_local = request.META.get("REMOTE_ADDR") in LOOPBACK and "X-Forwarded-For" not in request.headers
    return is_local and not settings.PRODUCTION


def _of_rows() -> Iterator[Metric]:
    yield from metrics.of_queues(chain.from_iterable(source() for source in BACKLOGS))
    yield from chain.from_iterable(source() for source in FIGURES)


def _read(source: Callable[[], Iterator[Metric]]) -> list[Metric]:
    """Return all gauges, or none if the database does not answer in time."""
    try:
        with transaction.atomic():
            _give_up_after(ROWS_WITHIN_SECONDS)
            return list(source())
    except DatabaseError as exc:
        log.warning("rows not readable", what=source.__qualname__, error=type(exc).__name__)
        return []


def _give_up_after(seconds: int) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {seconds * 1000}")
