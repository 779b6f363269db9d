"""Run one call in several threads at the same moment."""

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connection, connections, transaction

from maretech.common.http.errors import APIError

Value = TypeVar("Value")


def at_once(count: int, call: Callable[[], Value]) -> list[Value | str]:
    """Make the call in this many threads at the same moment; return each value, or the error code of each refusal."""
    start = threading.Barrier(count)

    def run() -> Value | str:
        try:
            start.wait(timeout=30)
            return call()
        except APIError as refusal:
            return refusal.error_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(run) for _ in range(count)]]


def count_blocked() -> int:
    """Return how many connections to the test's database wait for a lock. On Postgres only."""
    with connection.cursor() as cursor:
        # Not by pg_stat_activity: a transaction reads it only once. Who waits has locked a table of its database.
        cursor.execute(
            "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_locks"
            " WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
        )
        found: int = cursor.fetchone()[0]
    return found


def at_once_behind(hold: Callable[[], object], *calls: Callable[[], Value]) -> list[Value]:
    """Make these calls while a transaction holds what `hold` locks. It ends once each waits or has ended.

    On Postgres only: SQLite runs one such transaction at a time.
    """

    def run(call: Callable[[], Value]) -> Value:
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        with transaction.atomic():
            hold()
            made = [pool.submit(run, call) for call in calls]
            while count_blocked() + sum(future.done() for future in made) < len(calls):
                pass
        return [future.result() for future in made]


class MeetingPoint:
    """Holds each thread until all have arrived, or for half a second if a lock lets only one through."""

    def __init__(self, count: int) -> None:
        self._barrier = threading.Barrier(count)

    def wait(self) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            self._barrier.wait(timeout=0.5)

    def after(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap the function so that each caller waits right after it has read the return value."""

        def held(*args: Any, **kwargs: Any) -> Any:
            value = function(*args, **kwargs)
            self.wait()
            return value

        return held
