"""Counters of this process, and the format of the metrics that apps derive from their rows.

Processes that share a folder count in its files, which `/metrics` sums. Rows are facts regardless of the process that
wrote them, so they are queried at each scrape. No label names a person, a row or a machine.
"""

import os
import socket
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import prometheus_client.values
from django.conf import settings
from django.utils import timezone
from prometheus_client import Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.values import MultiProcessValue

from maretech.common.observability.heartbeat import last_beats

NEVER: Final = float("inf")
RECENT: Final = timedelta(hours=1)
METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


def _this_process() -> str:
    """Return a unique id, because containers that share the folder have the same few process ids."""
    return f"{socket.gethostname()}-{os.getpid()}"


# Set before the first metric is made.
prometheus_client.values.ValueClass = MultiProcessValue(_this_process)  # type: ignore[no-untyped-call]

REQUESTS: Final = Histogram(
    "maretech_http_request_seconds",
    "How long requests took, by the route's template.",
    ["method", "route", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=None,
)
STORE_ERRORS: Final = Counter(
    "maretech_object_store_errors",
    "Calls to the object store that failed: it refused, or it did not answer.",
    ["kind"],
    registry=None,
)
for _kind in ("refused", "unreachable"):
    STORE_ERRORS.labels(_kind)  # exported from the start at 0, so that even the first error is an increase
# Without labels, for the same reason.
PASSED_OVER: Final = Counter(
    "maretech_passed_over",
    "What failed in a round that went on with the rest; the log says what.",
    registry=None,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Work of one kind that is stored in rows and waits for a worker of its queue."""

    queue: str
    work: str
    count: int
    oldest_at: datetime | None


def observe_request(*, method: str | None, route: str, status: int, seconds: float) -> None:
    REQUESTS.labels(method if method in METHODS else "other", route, str(status)).observe(seconds)


def count_store_error(kind: str) -> None:
    STORE_ERRORS.labels(kind).inc()


def of_processes() -> Iterator[Metric]:
    """Yield the sums over all processes that share the folder, including those that have ended."""
    files = [str(path) for path in settings.METRICS_DIR.glob("*.db")]
    yield from MultiProcessCollector.merge(files, accumulate=True)  # type: ignore[no-untyped-call]


def of_queues(waiting: Iterable[Waiting]) -> Iterator[Metric]:
    labels = ("queue", "work")
    counts = GaugeMetricFamily("maretech_waiting", "Work that waits for a worker.", labels=labels)
    ages = GaugeMetricFamily(
        "maretech_waiting_oldest_seconds", "How long the oldest of it has waited; 0 for none.", labels=labels
    )
    for each in waiting:
        counts.add_metric((each.queue, each.work), each.count)
        ages.add_metric((each.queue, each.work), age_seconds(each.oldest_at))
    beats = GaugeMetricFamily(
        "maretech_queue_silent_seconds", "How long ago work was last taken from the queue.", labels=["queue"]
    )
    for queue, beat_at in last_beats().items():
        beats.add_metric([queue], NEVER if beat_at is None else age_seconds(beat_at))
    yield from (counts, ages, beats)


def gauge(name: str, documentation: str, value: float) -> Metric:
    return GaugeMetricFamily(name, documentation, value=value)


def gauges(
    name: str,
    documentation: str,
    labels: Sequence[str],
    found: Iterable[tuple[tuple[str, ...], float]],
    *,
    always: Iterable[tuple[str, ...]] = (),
) -> Metric:
    """Return one value per combination of labels; the combinations in `always` are 0 if not found."""
    family = GaugeMetricFamily(name, documentation, labels=labels)
    for values, number in (dict.fromkeys(always, 0.0) | dict(found)).items():
        family.add_metric(values, number)
    return family


def age_seconds(at: datetime | None) -> float:
    return max(0.0, (timezone.now() - at).total_seconds()) if at else 0.0


def recently() -> datetime:
    """Return the start of the window for metrics per hour."""
    return timezone.now() - RECENT
