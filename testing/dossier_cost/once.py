"""Render one dossier in this process, and write what it cost. Imports little: its own memory is part of the figure."""

import hashlib
import json
import pickle
import resource
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from dossiers.document.render import render_pdf

_MAX_RSS_BYTES: Final = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One rendering. The peak is the sum of this process, with the content that it was given, and its typesetter."""

    wall_seconds: float
    cpu_seconds: float
    peak_mb: float
    size_mb: float
    pages: int
    sha256: str


def render_once(given: Path) -> Cost:
    content = pickle.loads(given.read_bytes())
    wall, cpu = time.perf_counter(), _cpu_seconds()
    pdf = render_pdf(content)
    wall, cpu = time.perf_counter() - wall, _cpu_seconds() - cpu
    return Cost(
        wall_seconds=wall,
        cpu_seconds=cpu,
        peak_mb=_peak_mb(),
        size_mb=len(pdf) / 1e6,
        pages=pdf.count(b"/Type/Page/") + pdf.count(b"/Type/Page\n"),
        sha256=hashlib.sha256(pdf).hexdigest(),
    )


def _peak_mb() -> float:
    """Return the sum of both peaks. Linux counts the memory of the process that started this one in `ru_maxrss` too."""
    own, typesetter = (usage.ru_maxrss * _MAX_RSS_BYTES / 1e6 for usage in _usages())
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        own = int(line.split()[1]) * 1024 / 1e6
    return own + typesetter


def _usages() -> tuple[resource.struct_rusage, resource.struct_rusage]:
    return resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)


def _cpu_seconds() -> float:
    return sum(usage.ru_utime + usage.ru_stime for usage in _usages())


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(render_once(Path(sys.argv[1])))))
