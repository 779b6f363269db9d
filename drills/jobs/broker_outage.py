"""Empty the broker while inspections are queued in it, kill and restart it, and leave it down for a while.

Every inspection must complete without manual help. The drill has a Redis of its own, which persists nothing: after a
restart it is empty too. The worker is stopped while the inspections are queued, so that all of them are in the broker
when it is emptied. More inspections are submitted while the broker is down.

Control: queued messages are never sent again.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Final
from unittest.mock import patch
from uuid import UUID

import redis

from accounts.models import User
from drills.harness import slow_engine
from drills.harness.api_client import Answer, side_by_side
from drills.harness.processes import children_of, pid_of
from drills.harness.runner import DrillContext, Result, main
from drills.harness.sample_inspections import account_for, opened, owner_of, signed_in, unfinished, wait_until
from drills.harness.services import Service, private_redis
from inspections.models import InferenceJob, JobAttempt
from inspections.vocabulary import JobState, Mode
from maretech.processes import Server

SERVER: Final = {"DRILL_WITH": "drills.harness.slow_engine.at_work", slow_engine.SECONDS: "0.1"}
WORKER: Final = "worker-analyses"
BOUND_SECONDS: Final = 60.0
RESTARTS: Final = 3
AWAY_SECONDS: Final = 300.0
# The worker runs one job at a time and takes one more message in advance.
TAKEN_BEFORE: Final = 2


def disable_guard() -> AbstractContextManager[object]:
    return patch("inspections.lifecycle.transitions.jobs_to_send", list)


def drill(context: DrillContext, broker: Service, url: str) -> Result:
    is_short = context.small or context.control
    count, away_seconds = (20, 5.0) if is_short else (200, AWAY_SECONDS)
    load = Load(context)
    with _standing_still(context.server):
        load.submit(count)
        queued = InferenceJob.objects.filter(state=JobState.QUEUED).count()
        client = redis.Redis.from_url(url)
        messages = client.llen("analyses")
        client.flushdb()
    pauses = [load.seconds_until_consumed(0)]  # what the worker takes now was sent again by the sweep
    for _ in range(1 if is_short else RESTARTS):
        broker.kill()
        broker.start()
        pauses.append(load.seconds_until_consumed(count // 20))
    broker.kill()
    left_at = time.monotonic()
    load.submit(count // 10)
    time.sleep(max(0.0, away_seconds - (time.monotonic() - left_at)))
    broker.start()
    pauses.append(load.seconds_until_consumed(count // 20))
    wait_until(lambda: not unfinished(load.ids), seconds=20 if context.control else 300)
    account = account_for(load.ids)
    durations = ", ".join(f"{pause:.0f}" for pause in pauses)
    figure = f"{account}; {load.refused} submissions refused; consuming again after {durations} s"
    bound = f"one result each, 0, 0, 0; consuming again ≤ {BOUND_SECONDS:.0f} s"
    n = f"{len(load.ids)} inspections; broker emptied of {messages} messages for {queued}, killed {len(pauses) - 2} ×, "
    n += f"away for {away_seconds:.0f} s"
    emptied = queued == count and messages >= count - 1  # the worker had already taken one
    passed = emptied and account.is_whole and not load.refused and max(pauses) <= BOUND_SECONDS
    return Result(n, figure, bound, passed)


@contextmanager
def _standing_still(server: Server | None) -> Iterator[None]:
    """Stop the worker until the block ends: nothing is analysed."""
    assert server is not None
    worker = pid_of(server, WORKER)
    assert worker, "no worker runs"  # 0 would be this process itself
    everyone = [worker, *children_of(worker)]
    try:
        for pid in everyone:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in everyone:
            os.kill(pid, signal.SIGCONT)


class Load:
    """Inspections submitted over HTTP, with or without the broker."""

    def __init__(self, context: DrillContext) -> None:
        self.context = context
        self.ids: list[UUID] = []
        self.refused = 0

    def submit(self, count: int) -> list[UUID]:
        answers = side_by_side(partial(_submit, self.context), range(count), by=4)
        fresh = [inspection_id for inspection_id, answer in answers if answer.is_done]
        self.ids += fresh
        self.refused += count - len(fresh)
        return fresh

    def seconds_until_consumed(self, count: int) -> float:
        """Submit this many, and wait until the worker has started more jobs than it can have taken before.

        No single job is awaited: a message names none, and the jobs that waited before it start first.
        """
        started = time.monotonic()
        before = self._started()
        self.submit(count)
        wait_until(lambda: self._started() > before + TAKEN_BEFORE, seconds=2 * BOUND_SECONDS)
        return time.monotonic() - started

    def _started(self) -> int:
        return JobAttempt.objects.filter(job__inspection__in=self.ids).count()


def _submit(context: DrillContext, number: int) -> tuple[UUID, Answer]:
    owner: User = owner_of(Mode.CORROSION)
    inspection_id = opened(owner, Mode.CORROSION).pk
    path = f"/inspections/{inspection_id}/submit"
    return inspection_id, signed_in(owner, context.base_url).post(path, {"accept_incomplete": True})


if __name__ == "__main__":
    with private_redis() as (service, address):
        here = {**SERVER, "REDIS_URL": address, "CELERY_BROKER_URL": address}
        main(partial(drill, broker=service, url=address), disable_guard, env=here)
    sys.exit()
