"""On shutdown a worker finishes its job, or releases it before the grace period ends.

Runs in the worker's main process, which waits for its children: results that a child computes later are refused, as for
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

# Set when a worker's main process loads this, and inherited by its children. Two containers may both have process 1.
_MAIN_PROCESS: Final = f"{os.getpid()}-{uuid4().hex[:8]}"
_LONGEST_NAME: Final = 120


def this_worker(node: str) -> str:
    """Celery's node name, which several workers may share, plus the process: a worker releases only its own work."""
    return f"{node}/{_MAIN_PROCESS}"[-_LONGEST_NAME:]


@worker_shutting_down.connect
def schedule_release(sender: str, **_: Any) -> None:
    """Called inside a signal handler, so a thread does the waiting; it ends with the process."""
    timer = threading.Timer(settings.WORKER_STOP_SECONDS, release, args=(this_worker(sender),))
    timer.daemon = True
    timer.start()


def release(worker: str) -> None:
    """Requeue this worker's unfinished jobs; no attempt counts, and the next sweep sends them."""

    def release_job(job_id: UUID) -> None:
        transitions.release(job_id, worker=worker)

    try:
        unfinished = transitions.jobs_running_on(worker)
        for_each_isolated(unfinished, release_job)
        log.info("stopping", worker=worker, handed_back=len(unfinished))
    finally:
        connections.close_all()
