"""Stop workers in the middle of analyses until their leases expire, then let them deliver late.

A late delivery must change nothing. Two workers beside the server's own take turns. Each is stopped with all its
children (`SIGSTOP`, as a paused machine or a long swap would do), so that lease renewal stops too. In every other round
it continues (`SIGCONT`) after another worker has done its jobs, in the rounds between while another worker still runs
them.

Each attempt records the outcome of its delivery, and each result names the process that made it. N is the number of
late deliveries; a late delivery that never arrives fails the drill. Every other inspection is paid with a credit.
Lease, sweep and resending are shortened, because the drill does not measure them. The tests have no small version: they
test refusal without the lease without processes.

Control: neither delivery nor renewal checks the lease.
"""

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from django.db.models import QuerySet
from django.utils import timezone

from billing.models import LedgerTransaction
from drills.harness import slow_engine
from drills.harness.runner import DrillContext, main
from drills.harness.runner import Result as DrillResult
from drills.harness.sample_inspections import account_for, submitted_mixed, wait_until
from drills.harness.workers import Worker, workers_beside
from inspections.engines.base import Engine
from inspections.lifecycle.transitions import JobLease, LeaseLost
from inspections.models import InferenceJob, Inspection, InspectionEvent, JobAttempt, MediaAsset, Result
from inspections.vocabulary import AttemptOutcome, InspectionStatus, JobState
from inspections.work import analysis

LEASE_SECONDS: Final = 4
ENGINE_SECONDS: Final = 6.0
# A worker is stopped with at least this much work left, never during the delivery itself.
LEFT_SECONDS: Final = 2.0
SERVER: Final = {
    "DRILL_WITH": "drills.jobs.expired_leases.at_work",
    slow_engine.SECONDS: str(ENGINE_SECONDS),
    "JOB_LEASE_SECONDS": str(LEASE_SECONDS),
    "JOB_REENQUEUE_SECONDS": "4",
    "SWEEP_SECONDS": "2",
}
DELIVERED: Final = "delivered"


@contextmanager
def disable_guard() -> Iterator[None]:
    locked = patch("inspections.lifecycle.transitions._locked", _locked_without_lease)
    with locked, patch("inspections.lifecycle.transitions.renew", _renewed_without_lease):
        yield


def _locked_without_lease(held: JobLease) -> tuple[Inspection, InferenceJob]:
    inspection = Inspection.objects.select_for_update().get(pk=held.inspection_id)
    return inspection, InferenceJob.objects.select_for_update().get(pk=held.job_id)


def _renewed_without_lease(held: JobLease, *, photos_done: int | None = None) -> None:
    changes: dict[str, object] = {"lease_until": timezone.now() + timedelta(seconds=LEASE_SECONDS)}
    if photos_done is not None:
        changes["progress_done"] = photos_done
    InferenceJob.objects.filter(pk=held.job_id, state=JobState.RUNNING).update(**changes)


# --- Inside the workers ------------------------------------------------------------------------------------------


@contextmanager
def at_work() -> Iterator[None]:
    """Run the engine at its pace, sign its results, and record the outcome of each delivery."""
    noting = partial(_noted, analysis._deliver)  # noqa: SLF001 - committed or not, which is not to be seen inside
    with (
        patch("inspections.work.analysis.engine_for", _engine_for),
        patch("inspections.work.analysis._deliver", noting),
    ):
        yield


def _engine_for(*, mode: str, name: str) -> Engine:
    engine = slow_engine.SlowEngine(mode)
    engine.model_version = _signature()
    return engine


def _signature() -> str:
    return f"stub-1-{os.getpid()}"


def _noted(deliver: Callable[..., None], held: JobLease, *what: object) -> None:
    came_to = DELIVERED
    try:
        deliver(held, *what)
    except Exception as exc:
        came_to = type(exc).__name__
        raise
    finally:
        with _notes().open("a") as notes:
            notes.write(f"{held.job_id} {held.attempt} {_signature()} {came_to}\n")


def _notes() -> Path:
    """Return the drill's folder, which all workers share."""
    return Path(os.environ["VAR_DIR"]) / "deliveries"


# --- Outside -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Late:
    """An attempt of a stopped worker, and the state of its inspection if that had already ended."""

    attempt: JobAttempt
    worker: Worker
    came_back_at: datetime
    before: list[object] | None


@dataclass(frozen=True, slots=True)
class Delivery:
    signature: str
    came_to: str


def drill(context: DrillContext) -> DrillResult:
    at_once, rounds = (2, 2) if context.small or context.control else (8, 4)
    with workers_beside(2, at_once=at_once, env=SERVER, control=context.control) as workers:
        late = [one for number in range(rounds) for one in _round(number, workers[number % 2])]
        _fill(late[-1].worker if late else workers[0])
        wait_until(_is_quiet, seconds=60)
    return _result(late, at_least=rounds * at_once // 2)


def _round(number: int, worker: Worker) -> list[Late]:
    """Stop one worker and let it continue; return when all jobs are done."""
    _fill(worker)
    with _standing_still(worker):
        caught = list(_running_on(worker).select_related("job"))
        is_taken_over = _is_over if number % 2 == 0 else _is_begun_again
        wait_until(lambda: all(is_taken_over(attempt.job) for attempt in caught), seconds=60, every=0.05)
        befores = [None if _is_begun_again(attempt.job) else _rows(attempt.job) for attempt in caught]
        came_back_at = timezone.now()
    wait_until(lambda: all(_delivery_of(attempt) for attempt in caught), seconds=30)
    wait_until(_is_quiet, seconds=60)
    return [Late(attempt, worker, came_back_at, before) for attempt, before in zip(caught, befores, strict=True)]


def _fill(worker: Worker) -> None:
    """Submit until the worker runs as many analyses as it can at once."""

    def is_full() -> bool:
        late_enough = timezone.now() - timedelta(seconds=ENGINE_SECONDS - LEFT_SECONDS)
        in_the_middle = _running_on(worker).filter(job__progress_done=1, started_at__gt=late_enough)
        if in_the_middle.count() >= worker.at_once:
            return True
        if not InferenceJob.objects.filter(state=JobState.QUEUED).exists():
            submitted_mixed(2)
        return False

    wait_until(is_full, seconds=60, every=0.02)


@contextmanager
def _standing_still(worker: Worker) -> Iterator[None]:
    assert worker.process is not None
    os.killpg(worker.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(worker.process.pid, signal.SIGCONT)


def _running_on(worker: Worker) -> QuerySet[JobAttempt]:
    return JobAttempt.objects.filter(worker__startswith=worker.name, ended_at=None, job__state=JobState.RUNNING)


def _is_over(job: InferenceJob) -> bool:
    return InferenceJob.objects.filter(pk=job.pk, state=JobState.SUCCEEDED).exists()


def _is_begun_again(job: InferenceJob) -> bool:
    return InferenceJob.objects.filter(pk=job.pk, state=JobState.RUNNING, attempt__gt=job.attempt).exists()


def _is_quiet() -> bool:
    return not Inspection.objects.filter(status=InspectionStatus.PROCESSING).exists()


def _rows(job: InferenceJob) -> list[object]:
    tables: tuple[QuerySet[Any], ...] = (
        Inspection.objects.filter(job=job),
        MediaAsset.objects.filter(slot__inspection__job=job),
        Result.objects.filter(inspection__job=job),
        InferenceJob.objects.filter(pk=job.pk),
        JobAttempt.objects.filter(job=job),
        InspectionEvent.objects.filter(inspection__job=job),
        LedgerTransaction.objects.filter(owner__inspections__job=job),
    )
    return [list(table.order_by("pk").values()) for table in tables]


def _delivery_of(attempt: JobAttempt) -> Delivery | None:
    for line in _notes().read_text().splitlines() if _notes().exists() else ():
        job, number, signature, came_to = line.split()
        if (job, number) == (str(attempt.job_id), str(attempt.number)):
            return Delivery(signature, came_to)
    return None


def _changed_nothing(late: Late) -> bool:
    """Return whether the late delivery changed nothing.

    The attempt was already closed as lost, the result is that of the attempt that succeeded, and no event says
    otherwise.
    """
    job = late.attempt.job
    *lost, last = job.attempts.order_by("number")
    outcomes = {one.outcome for one in lost}
    delivery = _delivery_of(last)
    if outcomes != {AttemptOutcome.LEASE_EXPIRED} or last.outcome != AttemptOutcome.SUCCEEDED or delivery is None:
        return False
    was_closed_before = JobAttempt.objects.filter(pk=late.attempt.pk, ended_at__lt=late.came_back_at).exists()
    results = Result.objects.filter(inspection=job.inspection_id, model_version=delivery.signature)
    # The events of inspection and job: submitted, completed; each attempt begun, and requeued after each lost one.
    events = 4 + (len(lost) + 1) + len(lost)
    tells_no_more = InspectionEvent.objects.filter(inspection=job.inspection_id).count() == events
    is_as_before = late.before is None or _rows(job) == late.before
    return was_closed_before and delivery.came_to == DELIVERED and results.exists() and tells_no_more and is_as_before


def _works_again(late: Late) -> bool:
    after = JobAttempt.objects.filter(started_at__gt=late.came_back_at, outcome=AttemptOutcome.SUCCEEDED)
    return after.filter(worker__startswith=late.worker.name).exists()


def _result(late: list[Late], *, at_least: int) -> DrillResult:
    deliveries = [delivery for one in late if (delivery := _delivery_of(one.attempt))]
    came_to = Counter(delivery.came_to for delivery in deliveries)
    refused = came_to.pop(LeaseLost.__name__, 0)
    other = "".join(f", {times} × {what}" for what, times in sorted(came_to.items()))
    after = sum(one.before is not None for one in late)
    changed = sum(not _changed_nothing(one) for one in late)
    idle = sum(not _works_again(one) for one in late)
    account = account_for(list(Inspection.objects.values_list("pk", flat=True)))
    during = len(deliveries) - after
    figure = f"{refused} refused for want of the lease{other}; {changed} changed something; {account}; "
    figure += f"{idle} from workers that did nothing afterwards"
    n = f"{len(deliveries)} late deliveries, {after} after and {during} during the next attempt"
    passed = refused == len(late) >= at_least and after > 0 and during > 0
    passed = passed and not changed and not idle and account.is_whole
    return DrillResult(n, figure, "all refused so, 0; one result each, 0, 0, 0; 0", passed)


if __name__ == "__main__":
    main(drill, disable_guard, env=SERVER)
