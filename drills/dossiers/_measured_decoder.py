"""Run the decoder of recordings as the worker does, measure it, and take its guards away from the inside."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final
from unittest.mock import patch

# A small process between us and the decoder: the memory of a child counts from that of its parent. It ends as the
# decoder does.
_LAUNCHER: Final = """
import os, resource, sys
pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(pid, 0)
with open(sys.argv[1], "w") as report:
    report.write(f"{used.ru_maxrss} {used.ru_utime + used.ru_stime}")
code = os.waitstatus_to_exitcode(status)
if code < 0:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.kill(os.getpid(), -code)
os._exit(code)
"""
_UNGUARDED: Final = """
import resource, sys
from dossiers.statement import decoder
{change}
decoder.main(sys.argv[1], int(sys.argv[2]))
"""


@dataclass(slots=True)
class Decoder:
    """`change` is code that takes a guard away in the decoder's process. The rest is what its last run took."""

    change: str = ""
    peak_bytes: int = 0
    cpu_seconds: float = 0.0

    def reset(self) -> None:
        self.peak_bytes, self.cpu_seconds = 0, 0.0

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Let `dossiers.statement.audio` run this decoder until the block ends."""
        with tempfile.NamedTemporaryFile(prefix="maretech-drill-decoder-") as report:

            def run(command: Sequence[str], **options: Any) -> "subprocess.CompletedProcess[bytes]":
                *_, container, max_seconds = command
                unguarded = [sys.executable, "-c", _UNGUARDED.format(change=self.change), container, max_seconds]
                decoder = unguarded if self.change else command
                Path(report.name).write_text("0 0")
                launcher = [sys.executable, "-I", "-S", "-c", _LAUNCHER, report.name, *decoder]
                try:
                    return subprocess.run(launcher, **options)  # noqa: S603, PLW1510 - the worker's own call
                finally:
                    kilobytes, seconds = Path(report.name).read_text().split()
                    self.peak_bytes, self.cpu_seconds = int(kilobytes) * 1024, float(seconds)

            with patch("dossiers.statement.audio.subprocess", SimpleNamespace(run=run)):
                yield
