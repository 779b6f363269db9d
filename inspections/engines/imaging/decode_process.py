"""Decode one large picture in a process of its own, which gives its memory back when it ends.

A worker holds libraries and networks before it decodes anything; a decoder that needs the whole picture at once would
take it beyond 400 MB. The process gets no environment: credentials are not in it.
"""

import resource
import signal
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from PIL import Image

from inspections.engines.base import Rgb
from inspections.engines.imaging.containers import UnusableFile
from inspections.engines.imaging.readers import DECODER_ERRORS, is_out_of_memory, read_stored

_ROOT: Final = Path(__file__).resolve().parents[3]
_NO_MEMORY: Final = 3
_UNUSABLE: Final = 4
_STDERR_CHARACTERS: Final = 500
# Several times what the largest picture takes. The process ends even if its worker was killed.
_CPU_SECONDS: Final = 60
# How a decoder dies of a picture; any other signal came from outside.
_CRASHES: Final = frozenset(
    {signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL, signal.SIGXCPU}
)


class DecodeProcessFailed(Exception):
    """The process failed for a reason that is not in the picture. A retry may succeed."""


def read_stored_in_process(content: bytes, content_type: str, long_side_px: int) -> Rgb:
    """Return the same pixels as `readers.read_stored`.

    Raises `UnusableFile` with its reason, or "broken" if the decoder failed or crashed; `MemoryError` if the process
    had too little memory or was killed; `DecodeProcessFailed` if it did not start or was ended from outside.
    """
    command = [sys.executable, "-m", __spec__.name, content_type, str(long_side_px)]
    try:
        child = subprocess.run(  # noqa: S603 - our own module; the file's bytes are its input alone
            command, input=content, capture_output=True, env={"PYTHONPATH": str(_ROOT)}, check=False
        )
    except OSError as error:  # no more processes or files, or Python is being replaced
        raise DecodeProcessFailed(str(error)) from error
    if child.returncode == 0:
        return _pixels(child.stdout)
    if child.returncode in (_NO_MEMORY, -signal.SIGKILL):
        raise MemoryError
    if child.returncode == _UNUSABLE:
        raise UnusableFile(child.stdout.decode())
    if -child.returncode in _CRASHES:
        raise UnusableFile("broken")
    raise DecodeProcessFailed(f"{child.returncode}: {child.stderr.decode(errors='replace')[-_STDERR_CHARACTERS:]}")


def _pixels(answer: bytes) -> Rgb:
    try:
        pixels: Rgb = np.load(BytesIO(answer), allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise DecodeProcessFailed("its answer is no array") from error
    return pixels


def _limit_cpu() -> None:
    """Limit this process, at most as far as its worker is limited already."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    seconds = _CPU_SECONDS if most == resource.RLIM_INFINITY else min(_CPU_SECONDS, most)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, most))


def _main(content_type: str, long_side_px: str) -> int:
    _limit_cpu()
    cv2.setNumThreads(1)  # as in a worker: parallel analyses run in more processes
    Image.MAX_IMAGE_PIXELS = None  # the caller has enforced its own limits
    answer = BytesIO()
    try:
        np.save(answer, read_stored(sys.stdin.buffer.read(), content_type, int(long_side_px)), allow_pickle=False)
    except DECODER_ERRORS as error:
        if is_out_of_memory(error):
            return _NO_MEMORY
        sys.stdout.write(error.reason if isinstance(error, UnusableFile) else "broken")
        return _UNUSABLE
    sys.stdout.buffer.write(answer.getbuffer())
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
