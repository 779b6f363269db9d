"""The process that typesets a folder and writes the PDF to its output: `python -m dossiers.document.typeset`."""

import resource
import sys
from pathlib import Path
from typing import Final

import typst

from dossiers.document.errors import RenderingFailed
from dossiers.document.fonts import shipped_fonts
from dossiers.document.typesetter import FOR_PAPER, UNDRAWABLE

_REFUSED: Final = 5
# Several times what 60 photos take. The process ends even if its worker was killed.
_CPU_SECONDS: Final = 120


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
        pdf = _typeset(Path(folder), int(timestamp), main, for_paper=purpose == FOR_PAPER)
    except (typst.TypstError, RenderingFailed) as problem:
        sys.stderr.write(str(problem))
        return UNDRAWABLE if "could not be displayed with a font" in str(problem) else _REFUSED
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
