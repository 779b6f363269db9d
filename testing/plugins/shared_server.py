"""One server with its workers, on embedded services and without limits, for every process of the run.

The first process that needs it starts it, and stops it when no other uses it any more. Each test has its own accounts.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from maretech.processes import running

# A client that waits after 429 would only make the tests slow.
LIMITS = ("DEFAULT", "CREDENTIALS", "PAYMENTS", "POLL", "UPLOADS")
WITHOUT_LIMITS = {f"RATE_LIMIT_{name}": "10000/min" for name in LIMITS}


@dataclass(frozen=True, slots=True)
class SharedServer:
    base_url: str
    var_dir: Path

    @property
    def log(self) -> Path:
        return self.var_dir / "serve.log"


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> Iterator[SharedServer]:
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    var_dir, address = folder / "shared_server", folder / "shared_server.address"
    with (folder / "shared_server.lock").open("w") as lock:
        if _is_running(lock, address):
            yield SharedServer(address.read_text(), var_dir)
            return
        shutil.rmtree(var_dir, ignore_errors=True)
        var_dir.mkdir()
        shutil.copy(migrated_database, var_dir)
        with running(var_dir=var_dir, env=WITHOUT_LIMITS) as server:
            address.write_text(server.base_url)
            fcntl.flock(lock, fcntl.LOCK_SH)
            yield SharedServer(server.base_url, var_dir)
            fcntl.flock(lock, fcntl.LOCK_EX)  # waits for every process that uses it
            address.unlink()


def _is_running(lock: IO[str], address: Path) -> bool:
    """Return True with the shared lock, which keeps the server running; False with the only one, to start it."""
    while True:
        fcntl.flock(lock, fcntl.LOCK_SH)  # waits while another process starts or stops it
        if address.exists():
            return True
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not address.exists():
            return False
