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
from prometheus_client.samples import Sample
from prometheus_client.values import MultiProcessValue

from maretech.common.observability.heartbeat import last_beats

NEVER: Final = float("inf")
RECENT: Final = timedelta(hours=1)
# Renamed metrics have both names for one release, so that dashboards and alerts of the release before still work.
FORMER_NAMES: Final = {
    "maretech_backlog": "maretech_waiting",
    "maretech_backlog_age_seconds": "maretech_waiting_oldest_seconds",
    "maretech_queue_idle_seconds": "maretech_queue_silent_seconds",
    "maretech_isolated_failures": "maretech_passed_over",
    "maretech_differences_open": "maretech_findings_open",
}
METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


def _this_process() -> str:
    """Return a unique id, because containers that share the folder have the same few process ids."""
    return f"{socket.gethostname()}-{os.getpid()}"


# Set before the first metric is made.
prometheus_client.values.ValueClass = MultiProcessValue(_this_process)  # type: ignore[no-untyped-call]

REQUESTS: Final = Histogram(
    "maretech_http_request_seconds",
    "Seconds that requests took, by route template.",
    ["method", "route", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=None,
)
STORE_ERRORS: Final = Counter(
    "maretech_object_store_errors",
    "Failed calls to the object store: refused, or without an answer.",
    ["kind"],
    registry=None,
)
for _kind in ("refused", "unreachable"):
    STORE_ERRORS.labels(_kind)  # exported from the start at 0, so that even the first error is an increase
# Without labels, for the same reason.
ISOLATED_FAILURES: Final = Counter(
    "maretech_isolated_failures",
    "Rows and rules that failed alone: the round continued with the rest, and the log names them.",
    registry=None,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
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


def of_queues(backlogs: Iterable[Backlog]) -> Iterator[Metric]:
    labels = ("queue", "work")
    counts = GaugeMetricFamily("maretech_backlog", "Rows that wait for a worker.", labels=labels)
    ages = GaugeMetricFamily(
        "maretech_backlog_age_seconds", "Seconds that the oldest of them has waited; 0 for none.", labels=labels
    )
    for each in backlogs:
        counts.add_metric((each.queue, each.work), each.count)
        ages.add_metric((each.queue, each.work), age_seconds(each.oldest_at))
    beats = GaugeMetricFamily(
        "maretech_queue_idle_seconds", "Seconds since a worker last took work from the queue.", labels=["queue"]
    )
    for queue, beat_at in last_beats().items():
        beats.add_metric([queue], NEVER if beat_at is None else age_seconds(beat_at))
    yield from (counts, ages, beats)


def with_former_names(families: Sequence[Metric]) -> Iterator[Metric]:
    """Yield the metrics, and again under their former names those that were renamed in this release.

    Processes of the release before, and those that have ended, count under the former name: both names have the sum.
    """
    counted_now = {FORMER_NAMES.get(family.name) for family in families}
    former_families = {family.name: family for family in families if family.name in counted_now}
    for family in families:
        if family.name in former_families:
            continue
        former_name = FORMER_NAMES.get(family.name)
        if former_name is None:
            yield family
            continue
        former = former_families.get(former_name)
        counted = _by_labels(former, of=former_name) if former else {}
        samples = [
            sample._replace(value=sample.value + counted.get(_key_of(sample, of=family.name), 0))
            for sample in family.samples
        ]
        yield _copy(family, family.name, samples, family.documentation)
        documentation = f"Former name of {family.name}, for one release."
        renamed = [sample._replace(name=sample.name.replace(family.name, former_name, 1)) for sample in samples]
        yield _copy(family, former_name, renamed, documentation)


def _copy(family: Metric, name: str, samples: list[Sample], documentation: str) -> Metric:
    copied = Metric(name, documentation, family.type)
    copied.samples = samples
    return copied


def _by_labels(family: Metric, *, of: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {_key_of(sample, of=of): sample.value for sample in family.samples}


def _key_of(sample: Sample, *, of: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    return sample.name.removeprefix(of), tuple(sorted(sample.labels.items()))


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
