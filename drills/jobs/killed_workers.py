"""Kill workers, the scheduler, the web process and all together with `kill -9` while inspections run.

Every inspection must complete once. Every other one is paid with a credit. Lease and sweep are shortened, because the
drill does not measure them.

Control: the job of a lost worker is never taken back.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from itertools import islice
from random import Random
from typing import Final
from unittest.mock import patch
from uuid import UUID

from django.db import connections
from django.utils import timezone

from drills.harness import slow_engine
from drills.harness.processes import children_of, kill, pid_of
from drills.harness.runner import DrillContext, Result, main
from drills.harness.sample_inspections import account_for, submitted_mixed, unfinished, wait_until
from inspections.models import InferenceJob, Inspection, JobAttempt
from inspections.vocabulary import AttemptOutcome, InspectionStatus, JobState
from maretech.processes import Server

LEASE_SECONDS: Final = 4
SERVER: Final = {
    "DRILL_WITH": "drills.harness.slow_engine.at_work",
    slow_engine.SECONDS: "0.05",
    "JOB_LEASE_SECONDS": str(LEASE_SECONDS),
    "JOB_REENQUEUE_SECONDS": "4",
    "SWEEP_SECONDS": "2",
}
WORKER: Final = "worker-analyses"
# What is killed, in this order, repeatedly; a child is the process that analyses.
VICTIMS: Final = (*["child"] * 2, "main", *["child"] * 2, "scheduler", *["child"] * 2, "web", *["child"] * 3)


def disable_guard() -> AbstractContextManager[object]:
    return patch("inspections.lifecycle.transitions.jobs_to_recover", list)


def drill(context: DrillContext) -> Result:
    assert context.server is not None
    count, kills = (40, 6) if context.small or context.control else (500, 50)
    with ThreadPoolExecutor(1) as pool:
        submitting = pool.submit(partial(_closing, partial(submitted_mixed, count)))
        killed = Counter(_kill_one_after_another(context.server, count, kills))
        ids = submitting.result()
    wait_until(lambda: not unfinished(ids), seconds=30 if context.control else 240)
    account = account_for(ids)
    # Recorded as lost, or still recorded as running without a worker.
    ended_by_a_kill = (AttemptOutcome.LEASE_EXPIRED, AttemptOutcome.RUNNING)
    caught = JobAttempt.objects.filter(job__inspection__in=ids, outcome__in=ended_by_a_kill).count()
    counts = ", ".join(f"{times} × {name}" for name, times in sorted(killed.items()))
    figure = f"{account}; {caught} attempts were lost to the kills ({counts})"
    passed = account.is_whole and killed.total() == kills and caught >= kills // 2
    return Result(f"{count} inspections, {killed.total()} × kill -9", figure, f"{count} results, 0, 0, 0", passed)


def _closing(submit: Callable[[], list[UUID]]) -> list[UUID]:
    try:
        return submit()
    finally:
        connections.close_all()


def _kill_one_after_another(server: Server, count: int, kills: int) -> Iterator[str]:
    """Spread the kills over the run: one per number of finished inspections, each during an analysis."""
    rng = Random(kills)  # noqa: S311 - a moment, not a secret
    for number in range(kills):
        victim = "all" if number % 25 == 24 else VICTIMS[number % len(VICTIMS)]
        wait_until(partial(_have_finished, int(count * 0.9) * number // kills), seconds=120, every=0.2)
        wait_until(partial(_is_at_work, server), seconds=90, every=0.05)
        time.sleep(rng.uniform(0, 0.1))
        if kill(*_pids(server, victim)):
            yield victim


def _have_finished(count: int) -> bool:
    return Inspection.objects.filter(status=InspectionStatus.COMPLETED).count() >= count


def _is_at_work(server: Server) -> bool:
    """Return whether the lease was renewed a moment ago, which excludes the job of a dead worker."""
    fresh = timezone.now() + timedelta(seconds=LEASE_SECONDS - 0.3)
    at_work = InferenceJob.objects.filter(state=JobState.RUNNING, lease_until__gt=fresh)
    return pid_of(server, WORKER) > 0 and at_work.exists()


def _pids(server: Server, victim: str) -> list[int]:
    alive = server.pids()
    worker = alive.get(WORKER, 0)
    return {
        "child": list(islice(children_of(worker), 1)) if worker else [],
        "main": [worker] if worker else [],
        "scheduler": [pid for name, pid in alive.items() if name == "beat"],
        "web": [pid for name, pid in alive.items() if name == "web"],
        "all": [*alive.values()],
    }[victim]


if __name__ == "__main__":
    main(drill, disable_guard, env=SERVER, on_s3=True)
