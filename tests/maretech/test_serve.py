"""Test that `make serve` keeps its processes running and leaves none behind."""

import fcntl
import os
import re
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings

from maretech.management.commands.serve import WORKER_OF_EACH_QUEUE, WORKERS
from maretech.processes import MANAGE, Child, Server, Supervisor, embedded, end, readiness, running, start

PATIENCE_SECONDS = 60


def eventually(is_true: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> bool:
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def alive(group: int) -> bool:
    """Return whether any process is left in the group that process `group` led."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def any_alive(groups: Iterable[int]) -> bool:
    return any(alive(group) for group in groups)


def last_beat(var_dir: Path, queue: str) -> str:
    with sqlite3.connect(var_dir / "maretech.sqlite3", timeout=10) as database:
        return database.execute("SELECT beat_at FROM common_queueheartbeat WHERE queue = ?", [queue]).fetchone()[0]


@pytest.mark.services
def test_serve_restarts_killed_workers_and_leaves_no_process(migrated_var_dir):
    env = {"HEARTBEAT_SECONDS": "1", "HEARTBEAT_STALE_SECONDS": "8"}
    with running(var_dir=migrated_var_dir, env=env) as server:
        assert set(server.pids()) == {"web", "worker-analyses", "worker-short", "beat", "fakes"}
        its_first_line_names_its_addresses(server)
        its_hint_works_when_pasted(server)
        a_killed_worker_is_restarted(server)
        a_stopped_worker_is_named(server)
        before = server.pids()
        server.process.kill()
        assert eventually(lambda: not any_alive(before.values()))

    for leftover in migrated_var_dir.glob("beat-schedule*"):
        leftover.write_bytes(b"cut off half-w")
    with running(var_dir=migrated_var_dir, env=env) as server:
        assert eventually(lambda: set(server.pids()) == set(before))
        pids = server.pids()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(PATIENCE_SECONDS) == 0
        assert eventually(lambda: not any_alive(pids.values()), seconds=5)
        assert not (migrated_var_dir / "processes.json").exists()


def its_first_line_names_its_addresses(server: Server) -> None:
    first = server.log.read_text().splitlines()[0]
    for part in (
        "Maretech",
        f"API {server.base_url}/v1/",
        f"docs {server.base_url}/v1/docs",
        "admin",
        "fake Stripe",
        "fake Lob",
    ):
        assert part in first


def its_hint_works_when_pasted(server: Server) -> None:
    assert eventually(lambda: "Maretech is ready." in server.log.read_text())
    make, manage, *given = shlex.split(re.search("an account for it: (.*)\\)", server.log.read_text())[1])
    installed = ["--old-file", ".venv/runtime.installed", f"BIN={Path(sys.executable).parent}"]
    text = subprocess.check_output([make, *installed, manage, *given], cwd=MANAGE.parent, text=True)
    assert f"\n{server.base_url}/admin/" in text
    with sqlite3.connect(server.var_dir / "maretech.sqlite3", timeout=10) as database:
        assert database.execute("SELECT count(*) FROM accounts_user").fetchone() == (1,)


def a_killed_worker_is_restarted(server: Server) -> None:
    first = server.pids()
    os.kill(first["worker-analyses"], signal.SIGKILL)
    killed_at = datetime.now(UTC).replace(tzinfo=None).isoformat(sep=" ")
    assert eventually(lambda: server.pids().get("worker-analyses", 0) not in (0, first["worker-analyses"]))
    assert eventually(lambda: not alive(first["worker-analyses"]))
    assert eventually(lambda: last_beat(server.var_dir, "analyses") > killed_at)
    assert {**server.pids(), "worker-analyses": 0} == {**first, "worker-analyses": 0}
    assert eventually(lambda: readiness_of(server) == "ok")


def a_stopped_worker_is_named(server: Server) -> None:
    pids = server.pids()
    os.kill(pids["worker-short"], signal.SIGSTOP)  # alive, and takes nothing
    silent = "checks, sweep, payments, privacy, notifications, housekeeping"
    assert eventually(lambda: readiness_of(server) == f"worker: no sign of life on: {silent}")
    assert server.pids() == pids
    os.kill(pids["worker-short"], signal.SIGCONT)
    assert eventually(lambda: readiness_of(server) == "ok")


def readiness_of(server: Server) -> str:
    return readiness(int(server.base_url.rpartition(":")[2]))


def serve(var_dir: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    environment = {**embedded(var_dir), "PORT": "", **env}
    command = [sys.executable, str(MANAGE), "serve"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_a_taken_port_is_refused_by_name(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = serve(tmp_path, PORT=port)
    assert refused.returncode != 0
    assert f"Port {port} on 127.0.0.1 is taken" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_second_server_on_one_directory_is_refused(tmp_path):
    with (tmp_path / "serve.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = serve(tmp_path)
    assert refused.returncode != 0
    assert "Another server runs on" in refused.stderr


def test_the_worker_lists_cover_every_queue():
    served = [queue for queues in WORKERS.values() for queue in queues]
    assert sorted(served) == sorted(settings.TASK_QUEUES)
    assert set(WORKER_OF_EACH_QUEUE) == {f"worker-{queue}" for queue in settings.TASK_QUEUES}


def python(source: str) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(source)]


def test_a_dying_child_is_restarted_with_growing_pauses(tmp_path):
    said: list[str] = []
    supervisor = Supervisor([Child("mayfly", partial(sys.exit, 3))], tmp_path / "processes.json", said.append)

    def stop_after_the_second_death() -> None:
        supervisor.stopping = len(said) == 2

    supervisor.run(stop_after_the_second_death)
    assert said == [
        "mayfly ended (3); starting it again in 0.5 s",
        "mayfly ended (3); starting it again in 1 s",
    ]


def test_a_child_that_ignores_sigterm_is_killed_with_its_children(tmp_path):
    process = start(
        python(
            f"""
            import pathlib, signal, subprocess, time
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            subprocess.Popen(["sleep", "300"])
            pathlib.Path({str(tmp_path / "up")!r}).touch()
            time.sleep(300)
            """
        )
    )
    assert eventually((tmp_path / "up").exists)
    end([process], grace_seconds=0.2)
    assert process.returncode == -signal.SIGKILL
    assert eventually(lambda: not alive(process.pid), seconds=5)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux signals a parent's death to its child")
def test_children_end_with_a_killed_supervisor(tmp_path):
    record = tmp_path / "processes.json"
    supervisor = subprocess.Popen(
        python(
            f"""
            import pathlib, time
            from maretech.processes import Child, Supervisor
            sleeper = Child("sleeper", lambda: time.sleep(300))
            Supervisor([sleeper], pathlib.Path({str(record)!r}), print).run(lambda: None)
            """
        ),
        cwd=MANAGE.parent,
    )
    assert eventually(record.exists)
    sleeper = int(record.read_text().partition(": ")[2].rstrip("}"))
    assert alive(sleeper)
    supervisor.kill()
    supervisor.wait()
    assert eventually(lambda: not alive(sleeper), seconds=5)
