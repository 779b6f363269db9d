"""Proof that each queue is consumed: written by the code that takes work and makes progress, never by a mere thread.

A thread would continue to beat while the work beside it hangs. `/health/ready` and `/metrics` read the heartbeats.
"""

import time
from datetime import datetime, timedelta
from typing import Any

from celery import Task
from celery.signals import task_prerun
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from maretech.common.models import QueueHeartbeat

_next_beat: dict[str, float] = {}


def beat(queue: str) -> None:
    """Record that work was taken from `queue`, or made progress, just now.

    One statement that commits itself: a process stopped in the middle holds no lock that others wait for.
    """
    now = timezone.now()
    if not QueueHeartbeat.objects.filter(queue=queue).update(beat_at=now):
        QueueHeartbeat.objects.bulk_create([QueueHeartbeat(queue=queue, beat_at=now)], ignore_conflicts=True)


@task_prerun.connect
def beat_when_a_task_starts(task: "Task[Any, Any]", **_: Any) -> None:
    """Record a heartbeat for any task: behind a backlog, the heartbeat's own message would expire unread."""
    queue = (task.request.delivery_info or {}).get("routing_key")
    if queue in settings.TASK_QUEUES and time.monotonic() >= _next_beat.get(queue, 0.0):
        _next_beat[queue] = time.monotonic() + settings.HEARTBEAT_SECONDS
        beat(queue)


def last_beats() -> dict[str, datetime | None]:
    """Return when work was last taken from each queue, in the order of the settings; None for never."""
    beats = dict(QueueHeartbeat.objects.values_list("queue", "beat_at"))
    return {queue: beats.get(queue) for queue in settings.TASK_QUEUES}


def silent_queues() -> list[str]:
    """Return the queues without a recent heartbeat, in the order of the settings."""
    horizon = timezone.now() - timedelta(seconds=settings.HEARTBEAT_STALE_SECONDS)
    return [queue for queue, beat_at in last_beats().items() if beat_at is None or beat_at < horizon]


def worked_queues() -> list[str]:
    """Return the queues with a recent heartbeat: their workers run."""
    silent = silent_queues()
    return [queue for queue in settings.TASK_QUEUES if queue not in silent]


def expired_heartbeats() -> QuerySet[QueueHeartbeat]:
    """Return heartbeats so old that their queues no longer exist."""
    horizon = timezone.now() - timedelta(days=settings.RETENTION_HEARTBEAT_DAYS)
    return QueueHeartbeat.objects.filter(beat_at__lt=horizon)
