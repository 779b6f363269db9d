"""A worker's Celery app with an engine that fails as the owner's note on the place requests."""

import os
import signal
import time
from collections.abc import Mapping
from typing import Any

from celery.signals import worker_process_init

from inspections.engines.findings import Point, PointFinding
from inspections.engines.stub import StubEngine
from maretech.celery import app

__all__ = ["app"]
FOREVER_SECONDS = 600


def hang() -> None:
    time.sleep(FOREVER_SECONDS)


def hang_deaf() -> None:
    """Hang as a native call that never returns to the interpreter: only SIGKILL ends it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    time.sleep(FOREVER_SECONDS)


def run_out_of_memory() -> None:
    raise MemoryError("no room for the picture")


def be_killed() -> None:
    """Die as the largest process does when the system runs out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


FAULTS = {one.__name__: one for one in (hang, hang_deaf, run_out_of_memory, be_killed)}


class FaultyEngine(StubEngine):
    def examine(self, point: Point, *, context: Mapping[str, str]) -> PointFinding:
        FAULTS.get(context.get("region_text", ""), lambda: None)()
        return super().examine(point, context=context)


@worker_process_init.connect
def fail_by_region(**_: Any) -> None:
    from inspections.work import analysis  # noqa: PLC0415 - needs the apps, which the worker has loaded by now

    analysis.engine_for = lambda *, mode, **_: FaultyEngine(mode)
