"""The photo check in a process of its own that may use so much memory and time and no more."""

import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import cv2

from inspections.engines.imaging.decode import decode
from inspections.engines.imaging.quality import PhotoConstraints, check_photo
from inspections.engines.imaging.viewing import VIEW_LONG_SIDE_PX, viewing_copy

MAX_BYTES: Final = 1_000_000_000
CPU_SECONDS: Final = 30
CONSTRAINTS: Final = PhotoConstraints(
    min_short_side_px=480, max_bytes=25_000_000, content_types=("image/jpeg", "image/png", "image/heic")
)


@dataclass(frozen=True, slots=True)
class Judged:
    """`view` is what people would be shown, `died` how the process ended instead of judging."""

    usable: bool = False
    reasons: tuple[str, ...] = ()
    view: bytes = b""
    peak_bytes: int = 0
    seconds: float = 0.0
    died: str = ""


def judge(make: Callable[[], bytes], *, is_limited: bool) -> Judged:
    """As the worker does: the check, and the copy that people look at.

    Where there are threads (in the tests) nothing can be forked, and nothing is limited.
    """
    content = make()
    if not is_limited:
        return _judged(content)
    here, there = multiprocessing.get_context("fork").Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_judge, args=(content, there))
    started = time.monotonic()
    process.start()
    there.close()
    try:
        told: Judged = here.recv()
    except EOFError:
        process.join()
        return Judged(died=f"ended with {process.exitcode}", seconds=time.monotonic() - started)
    process.join()
    return told


def _judge(content: bytes, pipe: Connection) -> None:
    cv2.setNumThreads(1)  # as in a worker; threads that were there before a fork are not there after it
    ceiling = _virtual_bytes() + MAX_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    pipe.send(_judged(content))


def _judged(content: bytes) -> Judged:
    started = time.process_time()
    view, died = b"", ""
    check = None
    try:
        check = check_photo(content, constraints=CONSTRAINTS)
        if check.fingerprint:
            view = viewing_copy(decode(content, long_side_px=VIEW_LONG_SIDE_PX))
    except MemoryError:
        died = "out of memory"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    usable, reasons = (check.usable, check.retake_reasons) if check else (False, ())
    return Judged(usable, reasons, view, peak, time.process_time() - started, died)


def _virtual_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
