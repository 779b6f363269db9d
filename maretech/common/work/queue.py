"""A task message is only a hint to hurry: the row with the work is committed first, and a sweep finds it."""

from functools import partial
from typing import Any, Final

import structlog
from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

# A sweep resends at most this many of one kind, the oldest first, to bound the size of a statement.
RESENT_AT_ONCE: Final = 1000


def enqueue_on_commit(task: "Task[Any, Any]", *args: Any, queue: str, expires_seconds: int) -> None:
    """Send the task once the transaction is committed. A broker that is down never fails the request."""
    transaction.on_commit(partial(_send, task, args, queue, expires_seconds))


def _send(task: "Task[Any, Any]", args: tuple[Any, ...], queue: str, expires_seconds: int) -> None:
    try:
        task.apply_async(args=args, queue=queue, expires=expires_seconds, retry=False, ignore_result=True)
    except (OperationalError, OSError) as exc:
        log.warning("broker unreachable, the sweep will deliver", task=task.name, error=type(exc).__name__)
