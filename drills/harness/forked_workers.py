"""Workers that a drill forks from its own process, and stops at a line that it chooses."""

import os
import signal
import sys
from collections.abc import Callable, Collection
from types import FrameType
from typing import Any

from django.db import connections


def stopping_at(line: int, files: Collection[str], call: Callable[[], object], stop: Callable[[], object]) -> None:
    """Make the call, and call `stop` before the line of these files that is executed as this number."""
    left = line

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal left
        if frame.f_code.co_filename not in files:
            return None
        if event == "line":
            left -= 1
            if left == 0:
                stop()
        return trace

    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(None)


def kill_this_process() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def in_a_child(call: Callable[[], object]) -> bool:
    """Make the call in a process of its own. Returns whether the process was killed."""
    return os.WIFSIGNALED(os.waitpid(_child(call), 0)[1])


def at_once(call: Callable[[], object]) -> None:
    """Make the call in two processes at the same moment."""
    reading, writing = os.pipe()

    def after_the_signal() -> None:
        os.read(reading, 1)
        call()

    children = [_child(after_the_signal) for _ in range(2)]
    os.write(writing, b"go")
    for pid in children:
        os.waitpid(pid, 0)
    os.close(reading)
    os.close(writing)


def _child(call: Callable[[], object]) -> int:
    """Fork a worker. It opens connections of its own, and runs no handler of this process when it ends."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    try:
        call()
    finally:
        os._exit(0)
