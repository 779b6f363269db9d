"""Kill workers in the middle of analyses with `kill -9`; measure when the second attempts begin.

The lease and the sweep are the real ones. Several workers run beside the server's, each with several analyses at once.
They are killed one after another, so that each dies at another moment between two sweeps and two renewals. Each is
restarted, as a supervisor would.

Control: the job of a lost worker is never taken back.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from typing import Final
from unittest.mock import patch
from uuid import UUID

from django.conf import settings

from drills.harness import slow_engine
from drills.harness.runner import DrillContext, Result, main
from drills.harness.sample_inspections import submitted_mixed, wait_until
from drills.harness.workers import Worker, workers_beside
from inspections.models import JobAttempt

BOUND_SECONDS: Final = 90.0
AT_ONCE: Final = 8
BETWEEN_KILLS_SECONDS: Final = 4.0
SERVER: Final = {"DRILL_WITH": "drills.harness.slow_engine.at_work", slow_engine.SECONDS: "25"}


def disable_guard() -> AbstractContextManager[object]:
    return patch("inspections.lifecycle.transitions.jobs_to_recover", list)


def drill(context: DrillContext) -> Result:
    count = 1 if context.small or context.control else 4
    with workers_beside(count, at_once=AT_ONCE, env=SERVER, control=context.control) as workers:
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
    return len(worker.running()) >= AT_ONCE - 1


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
        return Result(n, "no second attempt", bound, passed=False)
    p99 = waits[min(len(waits) - 1, int(len(waits) * 0.99))]
    figure = f"median {statistics.median(waits):.0f} s, p99 {p99:.0f} s, {killed - len(waits)} never"
    lease = f"lease {settings.JOB_LEASE_SECONDS} s, sweep {settings.SWEEP_SECONDS} s"
    return Result(f"{n} ({lease})", figure, bound, len(waits) == killed and p99 <= BOUND_SECONDS)


if __name__ == "__main__":
    main(drill, disable_guard, env=SERVER)
