"""Proof that each queue is consumed: written by whoever takes work from it and gets on with it, never by a mere thread.

A thread goes on beating while the work beside it hangs. Read by `/health/ready` and by `/metrics`.
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
    """Note that work was taken from `queue`, or got on, just now.

    One statement that commits itself: a process that is stopped in the middle holds no lock that the others wait for.
    """
    now = timezone.now()
    if not QueueHeartbeat.objects.filter(queue=queue).update(beat_at=now):
        QueueHeartbeat.objects.bulk_create([QueueHeartbeat(queue=queue, beat_at=now)], ignore_conflicts=True)


@task_prerun.connect
def beat_for_what_is_taken(task: "Task[Any, Any]", **_: Any) -> None:
    """Any task counts: behind a backlog, the message that only asks for a sign of life would expire unread."""
    queue = (task.request.delivery_info or {}).get("routing_key")
    if queue in settings.TASK_QUEUES and time.monotonic() >= _next_beat.get(queue, 0.0):
        _next_beat[queue] = time.monotonic() + settings.HEARTBEAT_SECONDS
        beat(queue)


def last_beats() -> dict[str, datetime | None]:
    """When work was last taken from each queue, in the order of the settings; None for never."""
    beats = dict(QueueHeartbeat.objects.values_list("queue", "beat_at"))
    return {queue: beats.get(queue) for queue in settings.TASK_QUEUES}


def silent_queues() -> list[str]:
    """The queues nobody has taken work from lately, in the order of the settings."""
    horizon = timezone.now() - timedelta(seconds=settings.HEARTBEAT_STALE_SECONDS)
    return [queue for queue, beat_at in last_beats().items() if beat_at is None or beat_at < horizon]


def worked_queues() -> list[str]:
    """The queues somebody takes work from: the system runs."""
    silent = silent_queues()
    return [queue for queue in settings.TASK_QUEUES if queue not in silent]


def forgotten_queues() -> QuerySet[QueueHeartbeat]:
    """Heartbeats of queues that nobody has worked on for so long that there are none any more."""
    horizon = timezone.now() - timedelta(days=settings.RETENTION_HEARTBEAT_DAYS)
    return QueueHeartbeat.objects.filter(beat_at__lt=horizon)
