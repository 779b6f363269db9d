"""Workers, and then the whole server, are told to stop (SIGTERM) in the middle of short and of long analyses.

What can be finished is finished, the rest is handed back before the grace period is over: no attempt is lost.
Control: nothing is handed back.
"""

import signal
import time
from collections import Counter
from contextlib import AbstractContextManager
from typing import Final
from unittest.mock import patch

from drills.harness import Result, Stage, main
from drills.inspecting import submitted, wait_until
from drills.workers import workers_beside
from inspections.choices import AttemptOutcome, JobState, Mode
from inspections.models import InferenceJob, JobAttempt
from maretech.processes import STOP_GRACE_SECONDS

NAME: Final = "stopped_workers"
SERVER: Final = {"DRILL_WITH": "drills.slow_engine.at_work", "WORKER_STOP_SECONDS": "8"}
SHORT_SECONDS: Final = "5"
LONG_SECONDS: Final = "120"
ALONE: Final = "worker-analyses"


def without_guard() -> AbstractContextManager[object]:
    return patch("inspections.stopping.hand_back", lambda _: None)


def drill(stage: Stage) -> Result:
    assert stage.server is not None
    each = 2 if stage.small or stage.control else 6
    running = InferenceJob.objects.filter(state=JobState.RUNNING)
    with workers_beside(1, at_once=2 * each, env=SERVER, control=stage.control, name=NAME) as (worker,):
        submitted(Mode.CORROSION, region_text=LONG_SECONDS)  # for the server's own worker, wherever it is taken
        jobs = [submitted(Mode.CORROSION, region_text=LONG_SECONDS) for _ in range(each)]
        wait_until(lambda: running.count() == each + 1, seconds=60)
        jobs += [submitted(Mode.CORROSION, region_text=SHORT_SECONDS) for _ in range(each)]
        wait_until(lambda: running.count() == 2 * each + 1, seconds=60, every=0.05)
        assert worker.process is not None
        worker.process.terminate()
        _wait_for_the_grace_period()
    stage.server.process.send_signal(signal.SIGTERM)
    stage.server.process.wait(STOP_GRACE_SECONDS + 10)
    outcomes = Counter(JobAttempt.objects.values_list("outcome", flat=True))
    wasted = InferenceJob.objects.exclude(state=JobState.SUCCEEDED).filter(attempt__gt=0).count()
    told = ", ".join(f"{times} × {outcome}" for outcome, times in sorted(outcomes.items()))
    handed_back, finished = outcomes[AttemptOutcome.HANDED_BACK], outcomes[AttemptOutcome.SUCCEEDED]
    bound = f"{each} finished, at least {each + 1} handed back, 0 attempts wasted or cut off"
    held = not wasted and finished == each and handed_back >= each + 1 and outcomes.total() == handed_back + finished
    n = f"{2 * each + 1} analyses on a worker and a server that are stopped"
    return Result(n, f"{told}; {wasted} attempts wasted", bound, held)


def _wait_for_the_grace_period() -> None:
    """Long enough for what is short, too short for what is long; then whoever stops it would kill it."""
    time.sleep(float(SERVER["WORKER_STOP_SECONDS"]) + 3)


if __name__ == "__main__":
    main(drill, without_guard, env=SERVER)
