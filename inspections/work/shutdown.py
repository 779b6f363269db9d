"""A worker that is told to stop finishes what it has, or hands it back before somebody's patience ends.

Runs in the worker's main process, which waits for its children: what one of them still computes then is refused as
any attempt that lost its lease.
"""

import os
import threading
from typing import Any, Final
from uuid import UUID, uuid4

import structlog
from celery.signals import worker_shutting_down
from django.conf import settings
from django.db import connections

from inspections.lifecycle import transitions
from maretech.common.work.isolation import for_each_isolated

log = structlog.get_logger(__name__)

# Made when a worker's main process loads this, and inherited by its children. Of two containers both may be process 1.
_MAIN_PROCESS: Final = f"{os.getpid()}-{uuid4().hex[:8]}"
_LONGEST_NAME: Final = 120


def this_worker(node: str) -> str:
    """Celery's name of the node, which several workers may bear, and the process: nobody else's work is handed back."""
    return f"{node}/{_MAIN_PROCESS}"[-_LONGEST_NAME:]


@worker_shutting_down.connect
def hand_back_in_time(sender: str, **_: Any) -> None:
    """Called inside a signal's handler, so that the waiting is done by a thread, which ends with the process."""
    timer = threading.Timer(settings.WORKER_STOP_SECONDS, release, args=(this_worker(sender),))
    timer.daemon = True
    timer.start()


def release(worker: str) -> None:
    """Queue again what this worker has not finished: at no attempt, and for the very next sweep."""

    def hand_back_one(job_id: UUID) -> None:
        transitions.release(job_id, worker=worker)

    try:
        unfinished = transitions.jobs_running_on(worker)
        for_each_isolated(unfinished, hand_back_one)
        log.info("stopping", worker=worker, handed_back=len(unfinished))
    finally:
        connections.close_all()
