"""Measure the cost of one call: processor time and peak memory of this process."""

import resource
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

_Result = TypeVar("_Result")

_STATUS: Final = Path("/proc/self/status")
_CLEAR: Final = Path("/proc/self/clear_refs")
_RESET_PEAK: Final = "5"  # proc(5): resets VmHWM to what is resident now


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """`cpu_ms` over all threads of the process; `peak_memory_mb` (10^6 bytes) is the most it held during the call."""

    cpu_ms: float
    peak_memory_mb: float


def measure_cost(call: Callable[[], _Result]) -> tuple[_Result, Cost]:
    """Return the call's result and its cost.

    Where the system cannot reset an earlier peak (only Linux can), the peak is that of the process so far.
    """
    with suppress(OSError):
        _CLEAR.write_text(_RESET_PEAK)
    started = time.process_time()
    result = call()
    spent = time.process_time() - started
    return result, Cost(cpu_ms=1000 * spent, peak_memory_mb=_peak_bytes() / 1e6)


def _peak_bytes() -> int:
    """VmHWM first: `ru_maxrss` of a child starts with the parent's memory."""
    with suppress(OSError):
        for line in _STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return 1024 * int(line.split()[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak
