"""Run a Redis, a Postgres and an object store of a drill's own, which it can kill without affecting others."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import redis

from maretech.processes import LOOPBACK, free_port
from testing.s3 import seaweed_command

STARTUP_SECONDS = 60
DATABASE_USER = "postgres"


class NotInstalled(Exception):
    """This machine has no such server to start."""


@dataclass
class Service:
    """One server process on ports of its own."""

    command: Sequence[str]
    owner: str = ""
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own
            self.command, user=self.owner or None, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def hang(self, seconds: float) -> None:
        """Stop the server: it accepts data and never answers, also if it is killed next."""
        if self.process is not None and seconds:
            self.process.send_signal(signal.SIGSTOP)
            time.sleep(seconds)

    def kill(self, signum: signal.Signals = signal.SIGKILL) -> None:
        if self.process is not None:
            self.process.send_signal(signum)
            self.process.wait()


@contextmanager
def private_redis() -> Iterator[tuple[Service, str]]:
    """Run a Redis and yield its address. It persists nothing: after a restart it is empty."""
    binary = shutil.which("redis-server")
    if binary is None:
        raise NotInstalled("redis-server")
    port = free_port()
    service = Service([binary, "--port", str(port), "--bind", LOOPBACK, "--save", "", "--appendonly", "no"])
    service.start()
    url = f"redis://{LOOPBACK}:{port}/0"
    try:
        _wait_for_redis(url)
        yield service, url
    finally:
        service.kill()


def _wait_for_redis(url: str) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while True:
        try:
            redis.Redis.from_url(url).ping()
        except redis.RedisError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


@contextmanager
def private_postgres() -> Iterator[tuple[Service, str]]:
    """Run a Postgres and yield its address. It keeps what it has acknowledged, however it ends."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaries:
        raise NotInstalled("postgres")
    folder = Path(tempfile.mkdtemp(prefix="maretech-drill-postgres-"))
    owner = _unprivileged(folder)
    port = free_port()
    data = folder / "data"
    initialise = [str(binaries[-1] / "initdb"), "-D", str(data), "-U", DATABASE_USER, "-A", "trust", "-E", "UTF8"]
    subprocess.run(initialise, user=owner or None, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - our own
    command = [str(binaries[-1] / "postgres"), "-D", str(data), "-p", str(port), "-h", LOOPBACK, "-k", str(folder)]
    service = Service(command, owner)
    service.start()
    url = f"postgres://{DATABASE_USER}@{LOOPBACK}:{port}/postgres"
    try:
        wait_for_postgres(url)
        yield service, url
    finally:
        service.kill(signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def private_store() -> Iterator[tuple[Service, str]]:
    """Run an object store and yield its address. It keeps what it has acknowledged, however it ends."""
    with tempfile.TemporaryDirectory(prefix="maretech-drill-s3-") as folder:
        command, endpoint = seaweed_command(Path(folder))
        service = Service(command)
        service.start()
        try:
            yield service, endpoint
        finally:
            service.kill()


def _unprivileged(folder: Path) -> str:
    """Return the user that runs Postgres and owns the folder: Postgres does not run as root."""
    if os.geteuid() != 0:
        return ""
    user = pwd.getpwnam(DATABASE_USER)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return DATABASE_USER


def wait_for_postgres(url: str) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while True:
        with suppress(psycopg.OperationalError), closing(psycopg.connect(url, connect_timeout=3)):
            return
        if time.monotonic() > deadline:
            raise NotInstalled("a Postgres that starts")
        time.sleep(0.1)
