"""Web processes beside the server's own, to be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from maretech.processes import LOOPBACK, end, free_port, readiness, start

AT_ONCE: Final = 4
_READY_WITHIN_SECONDS: Final = 240.0


class Web:
    """One more web process beside the server's own. It works on as many requests at a time as its threads."""

    def __init__(self) -> None:
        self.port = free_port()
        self.base_url = f"http://{LOOPBACK}:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        command = ["granian", "--interface", "wsgi", "--host", LOOPBACK, "--port", str(self.port)]
        command += ["--blocking-threads", str(AT_ONCE), "--no-access-log", "--log-level", "error"]
        self.process = start([sys.executable, "-m", *command, "maretech.wsgi:application"])

    @property
    def is_ready(self) -> bool:
        return readiness(self.port) == "ok"

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + _READY_WITHIN_SECONDS
        while not self.is_ready and time.monotonic() < deadline:
            time.sleep(0.01)

    def kill(self) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def webs_beside(count: int) -> Iterator[list[Web]]:
    webs = [Web() for _ in range(count)]
    try:
        yield webs
    finally:
        end([web.process for web in webs if web.process])
