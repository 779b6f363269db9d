"""Workers in the middle of analyses are killed with `kill -9`; the second attempts begin with the real lease and sweep.

Several workers are started beside the server's, each with several analyses at once, and fall one after another, so
that each dies at another moment between two sweeps and two renewals. Each is started again, as a supervisor would.
Control: the job of a lost worker is never taken back.
"""

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final
from unittest.mock import patch
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from drills import slow_engine
from drills.harness import Result, Stage, main
from drills.inspecting import submitted_mixed, wait_until
from inspections.choices import JobState
from inspections.models import JobAttempt
from maretech.processes import end, start

BOUND_SECONDS: Final = 90.0
AT_ONCE: Final = 8
BETWEEN_KILLS_SECONDS: Final = 4.0
SERVER: Final = {"DRILL_WITH": "drills.slow_engine.at_work", slow_engine.SECONDS: "25"}


def without_guard() -> AbstractContextManager[object]:
    return patch("inspections.lifecycle.jobs_to_recover", list)


@dataclass
class Worker:
    """One more worker of analyses, which takes several at once."""

    number: int
    process: "subprocess.Popen[bytes] | None" = None
    killed_at: datetime | None = None
    held: list[UUID] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"second{self.number}@drill"

    def start(self) -> None:
        command = [sys.executable, "-m", "celery", "--quiet", "-A", "maretech", "worker", "-n", self.name]
        command += ["-Q", "analyses", "-c", str(AT_ONCE), "--without-gossip", "--without-mingle", "--without-heartbeat"]
        env = {**os.environ, **SERVER, "DJANGO_SETTINGS_MODULE": "drills.unguarded"}
        self.process = start(command, env=env)

    def kill(self) -> None:
        """With all its children, in the middle of what they do."""
        running = JobAttempt.objects.filter(worker=self.name, ended_at=None, job__state=JobState.RUNNING)
        self.held = list(running.values_list("job_id", flat=True))
        assert self.process is not None
        self.killed_at = timezone.now()
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def drill(stage: Stage) -> Result:
    count = 1 if stage.small or stage.control else 4
    with _workers(count) as workers:
        submitted_mixed(count * AT_ONCE + 1)  # the server's own worker takes one too
        for worker in workers:
            wait_until(partial(_is_busy, worker), seconds=60)
            time.sleep(BETWEEN_KILLS_SECONDS)
            worker.kill()
            worker.start()
        killed = [job for worker in workers for job in worker.held]
        wait_until(lambda: len(_second_starts(killed)) == len(killed), seconds=BOUND_SECONDS + 30, every=0.5)
        waits = sorted(_waits(workers))
    return _result(waits, len(killed))


def _is_busy(worker: Worker) -> bool:
    return JobAttempt.objects.filter(worker=worker.name, ended_at=None).count() >= AT_ONCE - 1


def _second_starts(jobs: list[UUID]) -> dict[UUID, datetime]:
    return dict(JobAttempt.objects.filter(job__in=jobs, number=2).values_list("job_id", "started_at"))


def _waits(workers: list[Worker]) -> Iterator[float]:
    for worker in workers:
        assert worker.killed_at is not None
        for started_at in _second_starts(worker.held).values():
            yield (started_at - worker.killed_at).total_seconds()


def _result(waits: list[float], killed: int) -> Result:
    bound = f"p99 ≤ {BOUND_SECONDS:.0f} s"
    n = f"{killed} jobs of killed workers"
    if not waits:
        return Result(n, "no second attempt", bound, held=False)
    p99 = waits[min(len(waits) - 1, int(len(waits) * 0.99))]
    figure = f"median {statistics.median(waits):.0f} s, p99 {p99:.0f} s, {killed - len(waits)} never"
    lease = f"lease {settings.JOB_LEASE_SECONDS} s, sweep {settings.SWEEP_SECONDS} s"
    return Result(f"{n} ({lease})", figure, bound, len(waits) == killed and p99 <= BOUND_SECONDS)


@contextmanager
def _workers(count: int) -> Iterator[list[Worker]]:
    workers = [Worker(number) for number in range(count)]
    try:
        for worker in workers:
            worker.start()
        yield workers
    finally:
        # What they do is of no interest any more, and they would wait until it is done.
        end([worker.process for worker in workers if worker.process], grace_seconds=0)


if __name__ == "__main__":
    main(drill, without_guard, env=SERVER)
