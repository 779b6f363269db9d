"""Run a drill: on a server of its own if it needs one, with its guard or without, and report the result."""

import fcntl
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.db import connection

import drills
from drills.harness import environment
from drills.harness.object_store import real_store
from maretech.processes import Server, running
from testing.fake_stripe import FakeStripe
from testing.s3 import s3_environment

# A failure in a control run does not mean that a promise is broken, so it has a report of its own.
REPORT = Path(drills.__file__).with_name("report-control.json" if os.environ.get("CONTROL") == "1" else "report.json")
READY_WITHIN_SECONDS = 240


@dataclass(frozen=True)
class Result:
    """One line of the table. `n` is the number of trials.

    A drill that consists of attacks names each in `attacks`, with whether it succeeded at least once.
    """

    n: str
    figure: str
    bound: str
    passed: bool
    attacks: Mapping[str, bool] = field(default_factory=dict)

    @property
    def proves_guards(self) -> bool:
        """Return whether the control proves the guards: every attack succeeds once its guard is removed."""
        return not self.passed and not self.still_refused

    @property
    def still_refused(self) -> list[str]:
        """Return attacks that failed. In a control run they prove nothing."""
        return sorted(name for name, succeeded in self.attacks.items() if not succeeded)


@dataclass(frozen=True)
class DrillContext:
    """The surroundings of a drill: the API's address, the provider, and the function that does the workers' work.

    Without a `server` no process can be killed, and only `work` processes jobs.
    """

    fake: FakeStripe
    base_url: str = ""
    small: bool = False
    control: bool = False
    server: Server | None = None
    work: Callable[[], None] = lambda: None


Drill = Callable[[DrillContext], Result]
Guard = Callable[[], AbstractContextManager[object]]


def main(
    drill: Drill,
    disable_guard: Guard,
    *,
    served: bool = True,
    on_s3: bool = False,
    env: Mapping[str, str] | None = None,
) -> NoReturn:
    """Run the drill at full size (SIZE=small: at test size), write its line, and exit with 1 if it does not hold.

    `env` is its server's own environment; `DRILL_WITH` in it names the change inside the server's processes. With
    `on_s3` both processes keep photos in an object store of their own, otherwise in the server's folder.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    module = module_run()
    name = module.rpartition(".")[2]
    small, control = os.environ.get("SIZE") == "small", os.environ.get("CONTROL") == "1"
    where = _where()
    print(f"on {where}", file=sys.stderr, flush=True)
    environment.make_database()
    if served:
        environment.empty_broker()
    started = time.monotonic()
    with ExitStack() as stack:
        fake = stack.enter_context(FakeStripe(auto_deliver=False, port=urlsplit(settings.STRIPE_API_BASE).port or 0))
        own = {**(env or {}), **(stack.enter_context(_in_a_store()) if on_s3 else {})}
        server = stack.enter_context(_server(module, fake, own, control=control)) if served else None
        if server is None:
            call_command("migrate", interactive=False, verbosity=0)
        if control:
            stack.enter_context(disable_guard())
        address = server.base_url if server else ""
        result = drill(DrillContext(fake, address, small=small, control=control, server=server))
    connection.close()
    seconds = round(time.monotonic() - started)
    row = {"drill": name, **asdict(result), "seconds": seconds, "control": control, "on": where}
    if control:
        row |= {"passed": not result.proves_guards, "figure": _figure_of_control(result)}
    _report(row)
    print(line(row), flush=True)
    print(f"{int(bool(row['passed']))} of 1 passed", flush=True)
    sys.exit(0 if row["passed"] else 1)


def module_run() -> str:
    """Return the dotted name of the drill that this process runs (`python -m drills.GROUP.NAME`)."""
    spec = sys.modules["__main__"].__spec__
    assert spec is not None
    return spec.name


def _figure_of_control(result: Result) -> str:
    if not result.attacks:
        return result.figure
    refused = result.still_refused
    figure = f"{len(result.attacks) - len(refused)} of {len(result.attacks)} attacks succeeded"
    return figure + (f"; still refused without the guard: {', '.join(refused)}" if refused else "")


def line(row: dict[str, object]) -> str:
    passed = "passed" if row["passed"] else "FAILED"
    return f"{row['drill']} | {row['n']} | {row['figure']} | {row['bound']} | {passed} | {row['seconds']} s"


def rows() -> list[dict[str, object]]:
    """Return the lines of the report."""
    if not REPORT.exists():
        return []
    found: list[dict[str, object]] = json.loads(REPORT.read_text())
    return found


@contextmanager
def _server(module: str, fake: FakeStripe, own: Mapping[str, str], *, control: bool) -> Iterator[Server]:
    changes = {"DRILL_WITHOUT": f"{module}.disable_guard"} if control else {}
    changes |= {"DJANGO_SETTINGS_MODULE": "drills.harness.unguarded_settings"} if control or "DRILL_WITH" in own else {}
    env = {**os.environ, "WORKER_OF_EACH_QUEUE": "1", **own, **changes}
    var_dir = Path(os.environ["VAR_DIR"])
    with running(var_dir=var_dir, env=env, ready_within_seconds=READY_WITHIN_SECONDS) as server:
        fake.webhook_url = f"{server.base_url}/v1/webhooks/stripe"
        yield server


@contextmanager
def _in_a_store() -> Iterator[dict[str, str]]:
    """Keep this process's photos in a store from now on, and return the environment that makes a server do the same."""
    with real_store() as store:
        yield s3_environment(store.public_endpoint)


def _where() -> str:
    broker = "Redis" if settings.REDIS_URL else "the filesystem broker (no Redis answers)"
    database = "SQLite (no Postgres answers)" if settings.USES_SQLITE else "Postgres"
    return f"{database} and {broker}"


def _report(row: dict[str, object]) -> None:
    with REPORT.with_suffix(".lock").open("w") as lock:  # another drill may end at the same moment
        fcntl.flock(lock, fcntl.LOCK_EX)
        others = [other for other in rows() if other["drill"] != row["drill"]]
        REPORT.write_text(json.dumps([*others, row], indent=2, ensure_ascii=False) + "\n")
