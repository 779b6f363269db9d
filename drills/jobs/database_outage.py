"""Crash the database and restart it, twice, while owners register, open, upload and submit.

No acknowledged change may be lost, and every phone must reach its result. The drill has a Postgres of its own, which
keeps what it has acknowledged. A caller that gets no answer, or a request to come back later, repeats the same request,
as a phone would.

Control: the unavailable database is an error like any other.
"""

import signal
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from threading import Event, Lock
from typing import Final
from unittest.mock import patch
from uuid import UUID, uuid4

import environ
from django.db import connection

from drills.harness import slow_engine
from drills.harness.api_client import NO_ANSWER, PASSWORD, Answer, call
from drills.harness.runner import DrillContext, Result, main
from drills.harness.sample_inspections import account_for, photo, unfinished, wait_until
from drills.harness.services import Service, private_postgres, wait_for_postgres
from inspections.models import Inspection

SERVER: Final = {
    "DRILL_WITH": "drills.harness.slow_engine.at_work",
    slow_engine.SECONDS: "0.1",
    "JOB_LEASE_SECONDS": "4",
    "JOB_REENQUEUE_SECONDS": "4",
    "SWEEP_SECONDS": "2",
}
OWNERS_AT_ONCE: Final = 6
CONFLICT: Final = 409
RETRIABLE: Final = (NO_ANSWER, 503)
AWAY_SECONDS: Final = 3.0
PATIENCE_SECONDS: Final = 90.0


class GaveUp(Exception):
    """An answer after which no phone could continue."""


def disable_guard() -> AbstractContextManager[object]:
    return patch("maretech.common.http.exception_handler.TRANSLATIONS", ())


def drill(context: DrillContext, database: Service, url: str) -> Result:
    seconds, restarts = (8.0, 1) if context.small or context.control else (20.0, 2)
    traffic = Traffic(context.base_url)
    with ThreadPoolExecutor(OWNERS_AT_ONCE) as pool:
        owners = [pool.submit(traffic.flow) for _ in range(OWNERS_AT_ONCE)]
        for _ in range(restarts):
            time.sleep(seconds / 2)
            database.kill(signal.SIGQUIT)  # it drops all connections and recovers when it starts
            time.sleep(AWAY_SECONDS)
            database.start()
            wait_for_postgres(url)
            time.sleep(seconds / 2)
        traffic.over.set()
        for each in owners:
            each.result()
    connection.close()  # the connection was to the killed server
    wait_until(lambda: not unfinished(traffic.submitted), seconds=20 if context.control else 90)
    return _result(traffic, restarts)


def _result(traffic: "Traffic", restarts: int) -> Result:
    lost = len(set(traffic.submitted)) - Inspection.objects.filter(pk__in=traffic.submitted).count()
    account = account_for(traffic.submitted)
    counts = ", ".join(f"{times} × {status or 'none'}" for status, times in sorted(traffic.refusals.items()))
    others = [status for status in traffic.refusals if status not in RETRIABLE]
    figure = f"{lost} acknowledged ones gone; {account}; {traffic.given_up} given up; answers but 2xx: {counts}"
    passed = bool(traffic.refusals) and account.is_whole and not (lost or others or traffic.given_up)
    n = f"{len(traffic.submitted)} inspections submitted over {restarts} crashes of the database"
    return Result(n, figure, "none gone, lost or doubled; only 2xx, 503 or no answer, each retried to its end", passed)


class Traffic:
    """Owners who register, open, upload and submit, one after another, until the drill stops them."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.over = Event()
        self.lock = Lock()
        self.refusals: Counter[int] = Counter()
        self.submitted: list[UUID] = []
        self.given_up = 0

    def flow(self) -> None:
        while not self.over.is_set():
            try:
                self._one_owner()
            except GaveUp:
                with self.lock:
                    self.given_up += 1

    def _one_owner(self) -> None:
        account = {"email": f"{uuid4().hex}@example.org", "password": PASSWORD}
        registered = self._call_until_done(partial(call, self.base_url, "POST", "/auth/register", account))
        if registered.status == CONFLICT:  # the change was made, and the answer was lost
            registered = self._call_until_done(partial(call, self.base_url, "POST", "/auth/login", account))
        post = partial(call, self.base_url, "POST", token=registered.body["token"]["access_token"])
        keyed = {"Idempotency-Key": "open"}
        opened = self._call_until_done(partial(post, "/inspections", {"mode": "corrosion"}, headers=keyed)).body
        target = opened["uploads"][0]
        path = target["url"].removeprefix(f"{self.base_url}/v1")
        self._call_until_done(partial(call, self.base_url, "PUT", path, photo(), headers=target["headers"]))
        inspection_id = opened["inspection_id"]
        self._call_until_done(partial(post, f"/inspections/{inspection_id}/submit", {"accept_incomplete": True}))
        with self.lock:
            self.submitted.append(UUID(inspection_id))

    def _call_until_done(self, send: Callable[[], Answer]) -> Answer:
        """Repeat the call until it succeeds, as long as the answer allows a retry."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = send()
            if answer.is_done or _is_done_before(answer):
                return answer
            is_under_way = _code(answer) == "IDEMPOTENCY_IN_PROGRESS"
            if not is_under_way:
                with self.lock:
                    self.refusals[answer.status] += 1
            if time.monotonic() > deadline or not (is_under_way or answer.status in RETRIABLE):
                raise GaveUp(answer.status)
            time.sleep(min(float(answer.headers.get("Retry-After", "1")), 2))


def _is_done_before(answer: Answer) -> bool:
    return _code(answer) == "EMAIL_TAKEN"


def _code(answer: Answer) -> str:
    return str(answer.body["error_code"]) if answer.status == CONFLICT else ""


if __name__ == "__main__":
    with private_postgres() as (service, address):
        connection.settings_dict |= environ.Env.db_url_config(address)
        main(partial(drill, database=service, url=address), disable_guard, env={**SERVER, "DATABASE_URL": address})
