"""Proof that each queue is consumed: written by whoever takes work from it, read by `/health/ready`."""

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from maretech.common.models import QueueHeartbeat


def beat(queue: str) -> None:
    """Note that work was taken from `queue` just now."""
    QueueHeartbeat.objects.update_or_create(queue=queue, defaults={"beat_at": timezone.now()})


def silent_queues() -> list[str]:
    """The queues nobody has taken work from lately, in the order of the settings."""
    horizon = timezone.now() - timedelta(seconds=settings.HEARTBEAT_STALE_SECONDS)
    beating = set(QueueHeartbeat.objects.filter(beat_at__gte=horizon).values_list("queue", flat=True))
    return [queue for queue in settings.TASK_QUEUES if queue not in beating]


def forgotten_queues() -> QuerySet[QueueHeartbeat]:
    """Heartbeats of queues that nobody has worked on for so long that there are none any more."""
    horizon = timezone.now() - timedelta(days=settings.RETENTION_HEARTBEAT_DAYS)
    return QueueHeartbeat.objects.filter(beat_at__lt=horizon)
