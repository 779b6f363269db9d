"""Typeset a folder in a process of its own, which gives its memory back when it ends.

The typesetter keeps the pixels of the documents before: a worker that made one after another would grow by 150 MB each.
The process gets no environment: credentials are not in it.
"""

import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import typst

from dossiers.document.errors import RenderingFailed, UndrawableText
from dossiers.document.fonts import shipped_fonts

MAIN: Final = "dossier.typ"
_FOR_PAPER: Final = "paper"
_ROOT: Final = Path(__file__).resolve().parents[2]
_UNDRAWABLE: Final = 4
_REFUSED: Final = 5
_MESSAGE_CHARACTERS: Final = 500
# Several times what 60 photos take. The process ends even if its worker was killed.
_CPU_SECONDS: Final = 120


def typeset_in_process(folder: Path, *, timestamp: int, main: str = MAIN, for_paper: bool = False) -> bytes:
    """Return the PDF of the folder's main file, dated with the timestamp (in seconds).

    It is PDF/UA-1 and PDF/A-2a, unless it is only for paper.

    Raises `UndrawableText` if no font draws some letters together, `MemoryError` if the process was killed, else
    `RenderingFailed`.
    """
    purpose = [_FOR_PAPER] if for_paper else []
    command = [sys.executable, "-m", __spec__.name, str(folder), str(timestamp), main, *purpose]
    try:
        child = subprocess.run(  # noqa: S603 - our own module and folder
            command, capture_output=True, env={"PYTHONPATH": str(_ROOT)}, check=False
        )
    except OSError as error:  # no more processes or files
        raise RenderingFailed(str(error)) from error
    if child.returncode == 0:
        return child.stdout
    if child.returncode == -signal.SIGKILL:
        raise MemoryError
    message = child.stderr.decode(errors="replace")[-_MESSAGE_CHARACTERS:]
    if child.returncode == _UNDRAWABLE:
        raise UndrawableText(where="document", characters=(), named=message)
    raise RenderingFailed(f"{child.returncode}: {message}")


def _typeset(folder: Path, timestamp: int, main: str, *, for_paper: bool) -> bytes:
    """Return the PDF. Raises `TypstError`, and `RenderingFailed` for a warning: it is text that would be missing."""
    pdf, warnings = typst.compile_with_warnings(
        folder / main,
        root=folder,
        font_paths=shipped_fonts(),
        format="pdf",
        pdf_standards=None if for_paper else ["ua-1", "a-2a"],
        timestamp=timestamp,
        # No package is imported; if one were, it would be looked for here and not on the network.
        package_path=folder,
        package_cache_path=folder,
    )
    if warnings:
        raise RenderingFailed("; ".join(str(warning) for warning in warnings))
    return pdf


def _limit_cpu() -> None:
    """Limit this process, at most as far as its worker is limited already."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    seconds = _CPU_SECONDS if most == resource.RLIM_INFINITY else min(_CPU_SECONDS, most)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, most))


def _main(folder: str, timestamp: str, main: str, purpose: str = "") -> int:
    _limit_cpu()
    try:
        pdf = _typeset(Path(folder), int(timestamp), main, for_paper=purpose == _FOR_PAPER)
    except (typst.TypstError, RenderingFailed) as problem:
        sys.stderr.write(str(problem))
        return _UNDRAWABLE if "could not be displayed with a font" in str(problem) else _REFUSED
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
