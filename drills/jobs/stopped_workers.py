"""Stop workers, and then the whole server, with SIGTERM in the middle of short and long analyses.

A worker must finish what it can and release the rest before the grace period ends: no attempt is lost. Another worker
with the same name, which gets no signal, keeps its jobs until its own turn comes.

Control: nothing is released.
"""

import signal
import time
from collections import Counter
from contextlib import AbstractContextManager
from typing import Final
from unittest.mock import patch

from drills.harness.runner import DrillContext, Result, main
from drills.harness.sample_inspections import submitted, wait_until
from drills.harness.workers import workers_beside
from inspections.models import InferenceJob, JobAttempt
from inspections.vocabulary import AttemptOutcome, JobState, Mode
from maretech.processes import STOP_GRACE_SECONDS

SERVER: Final = {"DRILL_WITH": "drills.harness.slow_engine.at_work", "WORKER_STOP_SECONDS": "8"}
SHORT_SECONDS: Final = "5"
LONG_SECONDS: Final = "120"


def disable_guard() -> AbstractContextManager[object]:
    return patch("inspections.work.shutdown.release", lambda _: None)


def drill(context: DrillContext) -> Result:
    assert context.server is not None
    each = 2 if context.small or context.control else 6
    running = InferenceJob.objects.filter(state=JobState.RUNNING)
    # Just enough for all, so that neither of the two is without work.
    two = workers_beside(2, at_once=3 * each // 2, env=SERVER, control=context.control, called="twin@drill")
    with two as (worker, twin):
        long = 2 * each + 1  # one more for the server's own worker; which worker takes which job does not matter
        for _ in range(long):
            submitted(Mode.CORROSION, region_text=LONG_SECONDS)
        wait_until(lambda: running.count() == long, seconds=60)
        of_the_twin = set(twin.running())
        for _ in range(each):
            submitted(Mode.CORROSION, region_text=SHORT_SECONDS)
        wait_until(lambda: running.count() == long + each, seconds=60, every=0.05)
        worker.tell_to_stop()
        _wait_for_the_grace_period()
        robbed = len(of_the_twin - set(twin.running()))
        twin.tell_to_stop()
        context.server.process.send_signal(signal.SIGTERM)
        context.server.process.wait(STOP_GRACE_SECONDS + 10)
        _wait_for_the_grace_period()
    outcomes = Counter(JobAttempt.objects.values_list("outcome", flat=True))
    wasted = InferenceJob.objects.exclude(state=JobState.SUCCEEDED).filter(attempt__gt=0).count()
    counts = ", ".join(f"{times} × {outcome}" for outcome, times in sorted(outcomes.items()))
    handed_back, finished = outcomes[AttemptOutcome.RELEASED], outcomes[AttemptOutcome.SUCCEEDED]
    bound = f"{each} finished, at least {long} handed back, 0 attempts wasted or cut off, 0 taken from the other"
    passed = not wasted and finished == each and handed_back >= long and outcomes.total() == handed_back + finished
    n = f"{long + each} analyses on two workers by one name and a server that are stopped"
    figure = f"{counts}; {wasted} attempts wasted, {robbed} of {len(of_the_twin)} taken from the other worker"
    return Result(n, figure, bound, passed and bool(of_the_twin) and not robbed)


def _wait_for_the_grace_period() -> None:
    """Wait long enough for short analyses and too short for long ones; then the supervisor would kill the worker."""
    time.sleep(float(SERVER["WORKER_STOP_SECONDS"]) + 3)


if __name__ == "__main__":
    main(drill, disable_guard, env=SERVER)
