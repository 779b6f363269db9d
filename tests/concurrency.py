"""Run one call in several threads at the same moment."""

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connections

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
