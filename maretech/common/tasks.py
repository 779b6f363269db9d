"""Tasks of the shared mechanics."""

import time

from celery import shared_task

from maretech.common.models import RateCounter
from maretech.common.observability import heartbeat as heartbeats
from maretech.common.work import retention


@shared_task(name="maretech.common.tasks.heartbeat")
def heartbeat(queue: str) -> None:
    heartbeats.beat(queue)


@shared_task(name="maretech.common.tasks.forget_expired")
def forget_expired() -> None:
    RateCounter.objects.filter(window_ends_at__lt=time.time()).delete()


@shared_task(name="maretech.common.tasks.apply_retention")
def apply_retention() -> None:
    retention.apply_retention()
