"""Keeps a few processes running on one machine, and leaves none of them behind.

`Supervisor` implements `manage.py serve`: it restarts dead children, and gives stopping ones time to finish. Its
children are forks of it, which share what it has loaded: they start at once and need half the memory. `running`
controls it from outside: the whole server as a context manager, for the demo, the drills and the tests. Each child
leads its own process group, so that a terminal's Ctrl-C reaches only the supervisor and a child always ends together
with its own children. On Linux a child also gets a stop signal when the supervisor is killed.
"""

import ctypes
import http.client
import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkProcess
from pathlib import Path
from types import FrameType
from typing import IO

LOOPBACK = "127.0.0.1"
MANAGE = Path(__file__).resolve().parent.parent / "manage.py"
TURN_SECONDS = 0.2
ASK_SECONDS = 0.5
STOP_GRACE_SECONDS = 15.0
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
SETTLED_SECONDS = 30.0  # a child that lived this long gets the short pause again
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15  # linux/prctl.h

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass
class Child:
    """A process that calls `run`. It ends when that returns or raises `SystemExit`."""

    name: str
    run: Callable[[], object]
    process: ForkProcess | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    pause_seconds: float = FIRST_PAUSE_SECONDS


@dataclass
class Supervisor:
    """Keeps every child running until `stop` is called; `record` always holds the living children as `{name: pid}`."""

    children: list[Child]
    record: Path
    report: Callable[[str], None]
    stopping: bool = field(default=False, init=False)

    def stop(self, signum: int = 0, frame: FrameType | None = None) -> None:
        """Request the end. This is a signal handler."""
        self.stopping = True

    def run(self, each_turn: Callable[[], None]) -> None:
        """Run until `stop` was called and no child is left."""
        try:
            while not self.stopping:
                for child in self.children:
                    self._keep_running(child)
                each_turn()
                time.sleep(TURN_SECONDS)
        finally:
            self._end_all()

    def _keep_running(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_at:
                child.process, child.started_at = fork(child), now
                self._write_record()
        elif (status := child.process.exitcode) is not None:
            _signal_group(child.process.pid, signal.SIGKILL)  # ends what the dead child had started
            if now - child.started_at > SETTLED_SECONDS:
                child.pause_seconds = FIRST_PAUSE_SECONDS
            self.report(f"{child.name} ended ({status}); starting it again in {child.pause_seconds:g} s")
            child.process, child.start_at = None, now + child.pause_seconds
            child.pause_seconds = min(child.pause_seconds * 2, LONGEST_PAUSE_SECONDS)
            self._write_record()

    def _end_all(self) -> None:
        processes = [child.process for child in self.children if child.process]
        for process in processes:
            process.terminate()
        deadline = time.monotonic() + STOP_GRACE_SECONDS
        for process in processes:
            process.join(max(deadline - time.monotonic(), 0))
            _signal_group(process.pid, signal.SIGKILL)
            process.kill()
            process.join()
        self.record.unlink(missing_ok=True)

    def _write_record(self) -> None:
        pids = {child.name: child.process.pid for child in self.children if child.process}
        unfinished = self.record.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(pids))
        unfinished.replace(self.record)


def fork(child: Child) -> ForkProcess:
    """Start a child that leads its own group and ends with this process. Call this from the main thread."""
    process = multiprocessing.get_context("fork").Process(target=_run, args=(child, os.getpid()), name=child.name)
    process.start()
    return process


def _run(child: Child, parent: int) -> None:
    os.setsid()
    for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(signum, signal.SIG_DFL)  # those of the supervisor
    _end_with_parent(parent)()
    if _libc is not None:
        _libc.prctl(PR_SET_NAME, child.name.encode())
    child.run()


def start(
    command: Sequence[str], *, env: Mapping[str, str] | None = None, output: IO[bytes] | None = None
) -> "subprocess.Popen[bytes]":
    """Start a child that leads its own group and ends with this process. Call this from the main thread."""
    return subprocess.Popen(  # noqa: S603 - the callers' own commands, never a user's words
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        preexec_fn=_end_with_parent(os.getpid()),  # noqa: PLW1509 - one system call, and no threads run here
    )


def end(processes: Sequence["subprocess.Popen[bytes]"], grace_seconds: float = STOP_GRACE_SECONDS) -> None:
    """Send all a stop signal at once, wait, then kill what is left of their groups."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + grace_seconds
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(deadline - time.monotonic(), 0))
        _signal_group(process.pid, signal.SIGKILL)
        process.wait()


def _end_with_parent(parent: int) -> Callable[[], None]:
    def request_signal() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:  # the parent died before the child registered
                os._exit(1)

    return request_signal


def _signal_group(leader: int | None, signum: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if leader is not None:
            os.killpg(leader, signum)


def free_port(host: str = LOOPBACK) -> int:
    """Return a port that was free a moment ago."""
    with socket.create_server((host, 0)) as listener:
        return int(listener.getsockname()[1])


def is_free(host: str, port: int) -> bool:
    try:
        socket.create_server((host, port)).close()
    except OSError:
        return False
    return True


def readiness(port: int, *, address: str = LOOPBACK, host: str = "localhost") -> str:
    """Return `ok` if every part is ready, the workers too; else the unready parts from `/health/ready`.

    `host` is a name that the server accepts as its own.
    """
    connection = http.client.HTTPConnection(address, port, timeout=5)
    try:
        connection.request("GET", "/health/ready", headers={"Host": host})
        parts: dict[str, str] = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError) as exc:
        return f"no answer yet ({type(exc).__name__})"
    finally:
        connection.close()
    failing = ", ".join(f"{part}: {state}" for part, state in parts.items() if part != "status" and state != "ok")
    return failing or "ok"


@dataclass(frozen=True)
class Server:
    """A separate whole server: web, workers and scheduler."""

    base_url: str
    var_dir: Path
    process: "subprocess.Popen[bytes]"
    log: Path

    def pids(self) -> dict[str, int]:
        """Return the current process of each name. A name is missing while its process restarts."""
        pids: dict[str, int] = json.loads((self.var_dir / "processes.json").read_text())
        return pids


def embedded(var_dir: Path) -> dict[str, str]:
    """Return the environment of a server that uses only `var_dir`, whatever services this process is configured for."""
    return {
        **os.environ,
        "ENVIRONMENT": "development",
        "VAR_DIR": str(var_dir),
        "DATABASE_URL": f"sqlite:///{var_dir.resolve() / 'maretech.sqlite3'}",
        "REDIS_URL": "",
        "CELERY_BROKER_URL": "filesystem://localhost//",
        "S3_BUCKET": "",
    }


def manage(*arguments: str, var_dir: Path, env: Mapping[str, str] | None = None, stdin: str = "") -> str:
    """Run one management command beside a `running` server and return what it printed."""
    return subprocess.run(  # noqa: S603 - the callers' own commands, never a user's words
        [sys.executable, str(MANAGE), *arguments],
        env={**embedded(var_dir), **(env or {})},
        input=stdin,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


@contextmanager
def running(
    *, var_dir: Path, port: int | None = None, env: Mapping[str, str] | None = None, ready_within_seconds: float = 90
) -> Iterator[Server]:
    """Run `manage.py serve` until the block ends, on services of `var_dir` unless `env` names others.

    Its output is in `var_dir/serve.log`. Raises `RuntimeError` with the end of that log if it is not ready in time.
    """
    port = port or free_port()
    var_dir.mkdir(parents=True, exist_ok=True)
    log = var_dir / "serve.log"
    own = {"HOST": LOOPBACK, "PORT": str(port)}
    with log.open("wb") as output:
        process = start(
            [sys.executable, str(MANAGE), "serve"], env={**embedded(var_dir), **(env or {}), **own}, output=output
        )
    server = Server(base_url=f"http://{LOOPBACK}:{port}", var_dir=var_dir, process=process, log=log)
    try:
        _wait_until_ready(server, port, ready_within_seconds)
        yield server
    finally:
        end([process], STOP_GRACE_SECONDS + 5)


def _wait_until_ready(server: Server, port: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while (state := readiness(port)) != "ok":
        if server.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The server did not get ready: {state}\n{server.log.read_text()[-4000:]}")
        time.sleep(ASK_SECONDS)
