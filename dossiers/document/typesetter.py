"""Typeset a folder in a process of its own, which gives its memory back when it ends.

The typesetter keeps the pixels of the documents before: a worker that made one after another would grow by 150 MB each.
The process gets no environment: credentials are not in it.
"""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

from dossiers.document.errors import RenderingFailed, UndrawableText

MAIN: Final = "dossier.typ"
FOR_PAPER: Final = "paper"
_PROCESS: Final = "dossiers.document.typeset"
_ROOT: Final = Path(__file__).resolve().parents[2]
UNDRAWABLE: Final = 4
_MESSAGE_CHARACTERS: Final = 500


def typeset_in_process(folder: Path, *, timestamp: int, main: str = MAIN, for_paper: bool = False) -> bytes:
    """Return the PDF of the folder's main file, dated with the timestamp (in seconds).

    It is PDF/UA-1 and PDF/A-2a, unless it is only for paper.

    Raises `UndrawableText` if no font draws some letters together, `MemoryError` if the process was killed, else
    `RenderingFailed`.
    """
    purpose = [FOR_PAPER] if for_paper else []
    command = [sys.executable, "-m", _PROCESS, str(folder), str(timestamp), main, *purpose]
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
    if child.returncode == UNDRAWABLE:
        raise UndrawableText(where="document", characters=(), named=message)
    raise RenderingFailed(f"{child.returncode}: {message}")
