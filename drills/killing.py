"""The processes of a server, and their sudden end."""

import os
import signal
import subprocess
from contextlib import suppress

from maretech.processes import Server


def pid_of(server: Server, name: str) -> int:
    """0 while it is being started again."""
    return server.pids().get(name, 0)


def children_of(pid: int) -> list[int]:
    told = subprocess.run(  # noqa: S603 - our own
        ["/bin/ps", "-o", "pid=", "--ppid", str(pid)], stdout=subprocess.PIPE, text=True, check=False
    )
    return [int(word) for word in told.stdout.split()]


def kill(*pids: int) -> int:
    """`kill -9` each; returns how many there were to kill."""
    killed = 0
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed += 1
    return killed
