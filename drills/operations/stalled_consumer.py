"""Stop the consumption of each queue while its worker stays alive: `/health/ready` and `/metrics` must name it.

They must name each silent queue and no other. Each queue's worker is stopped in another way: the process that takes
messages, the child that does the work, or both (`SIGSTOP`, as a hung connection or a deadlock would have it). All of
them stay alive throughout, and the web process always answers 200: it serves, whatever a queue does. The settings are
the real ones: a queue is silent after HEARTBEAT_STALE_SECONDS. The tests have no small version: they test what counts
as a heartbeat without processes.

Control: a thread of each living process sends the heartbeat.
"""

import http.client
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

from drills.harness.api_client import read_metrics
from drills.harness.processes import children_of
from drills.harness.runner import DrillContext, Result, main
from maretech.common.observability import heartbeat
from maretech.processes import readiness

SLACK_SECONDS: Final = 15.0
BACK_WITHIN_SECONDS: Final = 30.0
Stop = Callable[[int], list[int]]


def disable_guard() -> AbstractContextManager[object]:
    return _beating_by_a_thread()


@contextmanager
def _beating_by_a_thread() -> Iterator[None]:
    def beat() -> None:
        while True:
            time.sleep(1)
            try:
                for queue in settings.TASK_QUEUES:
                    heartbeat.beat(queue)
            except DatabaseError:  # not there yet
                connection.close()

    threading.Thread(target=beat, daemon=True).start()
    yield


def drill(context: DrillContext) -> Result:
    assert context.server is not None
    alarms = _watch(context.base_url, seconds=20, until=lambda state, _: state != "ok")
    pids = context.server.pids()
    stopped = {queue: stop(pids[f"worker-{queue}"]) for queue, stop in STOPS.items()}
    everyone = [pid for group in stopped.values() for pid in group]
    for pid in everyone:
        os.kill(pid, signal.SIGSTOP)
    patience = settings.HEARTBEAT_STALE_SECONDS + SLACK_SECONDS
    by_both: set[str] = set()
    statuses: Counter[int] = Counter()

    def all_named(state: str, silent: set[str]) -> bool:
        by_both.update(queue for queue in STOPS if queue in state and queue in silent)
        statuses.update([_status(context.base_url)])
        return by_both == set(STOPS)

    named = _watch(context.base_url, seconds=patience, until=all_named)
    alive = all(_state(pid) == "T" for pid in everyone)
    serves = set(statuses) == {200}
    for pid in everyone:
        os.kill(pid, signal.SIGCONT)
    back = _watch(
        context.base_url, seconds=BACK_WITHIN_SECONDS, until=lambda state, silent: state == "ok" and not silent
    )
    figure = (
        f"{'no false alarm' if alarms is None else 'a false alarm'}; all named by both after {_written(named)}, "
        f"{'all alive' if alive else 'not all alive'}; {statuses[200]} of {statuses.total()} answers of the web were "
        f"200; consuming again after {_written(back)}"
    )
    bound = f"named within {patience:.0f} s, back within {BACK_WITHIN_SECONDS:.0f} s, the web serves"
    passed = alarms is None and named is not None and alive and back is not None and serves
    return Result(
        f"{len(STOPS)} queues", figure, bound, passed, {f"silent {queue}": queue not in by_both for queue in STOPS}
    )


def _watch(base_url: str, *, seconds: float, until: Callable[[str, set[str]], bool]) -> float | None:
    """Return the seconds until the condition held, or None if it never did."""
    began, port = time.monotonic(), urlsplit(base_url).port or 0
    while (passed := time.monotonic() - began) < seconds:
        if until(readiness(port), _silent(base_url)):
            return passed
        time.sleep(0.5)
    return None


def _status(base_url: str) -> int:
    web = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=10)
    try:
        web.request("GET", "/health/ready")
        return web.getresponse().status
    finally:
        web.close()


def _silent(base_url: str) -> set[str]:
    """Return the queues for which the alert would fire."""
    ages = [sample for sample in read_metrics(base_url) if sample.name == SILENT_SECONDS]
    return {sample.labels["queue"] for sample in ages if sample.value > settings.HEARTBEAT_STALE_SECONDS}


SILENT_SECONDS: Final = "maretech_queue_idle_seconds"


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def _written(seconds: float | None) -> str:
    return "never" if seconds is None else f"{seconds:.0f} s"


STOPS: Final[dict[str, Stop]] = {
    "checks": lambda pid: [pid],
    "analyses": children_of,
    "sweep": lambda pid: [pid, *children_of(pid)],
    "payments": lambda pid: [pid],
    "privacy": children_of,
    "dossiers": lambda pid: [pid],
    "housekeeping": lambda pid: [pid, *children_of(pid)],
}

if __name__ == "__main__":
    main(drill, disable_guard)
