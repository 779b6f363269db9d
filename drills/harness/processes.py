"""Find and kill the processes of a server."""

import os
import signal
import subprocess
from contextlib import suppress

from maretech.processes import Server


def pid_of(server: Server, name: str) -> int:
    """Return the process id, or 0 while it restarts."""
    return server.pids().get(name, 0)


def children_of(pid: int) -> list[int]:
    listing = subprocess.run(  # noqa: S603 - our own
        ["/bin/ps", "-o", "pid=", "--ppid", str(pid)], stdout=subprocess.PIPE, text=True, check=False
    )
    return [int(word) for word in listing.stdout.split()]


def kill(*pids: int) -> int:
    """Send `kill -9` to each; return how many there were."""
    killed = 0
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed += 1
    return killed
