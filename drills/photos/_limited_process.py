"""Run the photo check in a process of its own, with limits on memory and time."""

import multiprocessing
import os
import resource
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import cv2

from inspections.engines.imaging.display_copy import viewing_copy
from inspections.engines.imaging.quality import PhotoConstraints, check_photo

MAX_BYTES: Final = 400_000_000
# The memory a file may allocate beyond that before its process is killed; shared libraries and untouched pages count.
_ADDRESSES: Final = 1_000_000_000
CPU_SECONDS: Final = 30
CONSTRAINTS: Final = PhotoConstraints(
    min_short_side_px=480, max_bytes=25_000_000, content_types=("image/jpeg", "image/png", "image/heic")
)


@dataclass(frozen=True, slots=True)
class Judged:
    """`view` is the copy shown to people, `died` is how the process ended if it did not judge.

    `peak_bytes` is the peak memory of a limited process.
    """

    usable: bool = False
    reasons: tuple[str, ...] = ()
    view: bytes = b""
    peak_bytes: int = 0
    seconds: float = 0.0
    died: str = ""


def judge(make: Callable[[], bytes], *, is_limited: bool) -> Judged:
    """Run the check as the worker does, and make the copy that people see.

    In a process with threads (in the tests) a fork is unsafe: the check runs here, without limits.
    """
    if not is_limited:
        return _judged(make())
    content = _in_a_process(make)  # the memory used to make the file must not count
    assert isinstance(content, bytes), content
    judged = _in_a_process(lambda: _judged_within_bounds(content))
    return judged if isinstance(judged, Judged) else Judged(died=f"ended with {judged}")


def _in_a_process(work: Callable[[], object]) -> object:
    """Return the result of the work, or the exit code of the process if it was killed."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=lambda: there.send(work()))
    process.start()
    there.close()
    try:
        return here.recv()
    except EOFError:
        process.join()
        return process.exitcode
    finally:
        process.join()


def _judged_within_bounds(content: bytes) -> Judged:
    cv2.setNumThreads(1)  # as in a worker: threads from before a fork do not exist after it
    ceiling = _virtual_bytes() + _ADDRESSES
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    return replace(_judged(content), peak_bytes=_peak_bytes())


def _judged(content: bytes) -> Judged:
    started = _cpu_seconds()
    view, died = b"", ""
    check = None
    try:
        check = check_photo(content, constraints=CONSTRAINTS)
        if check.pixels is not None:
            view = viewing_copy(check.pixels)
    except MemoryError:
        died = "out of memory"
    usable, reasons = (check.usable, check.retake_reasons) if check else (False, ())
    return Judged(usable, reasons, view, seconds=_cpu_seconds() - started, died=died)


def _cpu_seconds() -> float:
    """CPU time of this process and of those it started to decode."""
    return sum(os.times()[:4])


def _peak_bytes() -> int:
    """The larger peak: of this process, or of those it started to decode."""
    status = Path("/proc/self/status").read_text()
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(int(status.partition("VmHWM:")[2].split()[0]), children) * 1024


def _virtual_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
