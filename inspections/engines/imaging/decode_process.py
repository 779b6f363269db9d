"""Decode one large picture in a process of its own, which gives its memory back when it ends.

A worker holds libraries and networks before it decodes anything; a decoder that needs the whole picture at once would
take it beyond 400 MB. The process gets no environment, so a decoder that is broken into finds no credentials.
"""

import signal
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from inspections.engines.base import Rgb
from inspections.engines.imaging.containers import UnusableFile
from inspections.engines.imaging.readers import DECODER_ERRORS, read_stored

_ROOT: Final = Path(__file__).resolve().parents[3]
_NO_MEMORY: Final = 3
_UNUSABLE: Final = 4
_TOLD_CHARACTERS: Final = 500


class DecodeProcessFailed(Exception):
    """The process failed for a reason that is not in the picture. A retry may succeed."""


def read_stored_apart(content: bytes, content_type: str, long_side_px: int) -> Rgb:
    """Return the same pixels as `readers.read_stored`.

    Raises `UnusableFile` with its reason, or "broken" if the decoder failed or crashed; `MemoryError` if the process
    had too little memory or was killed; `DecodeProcessFailed`.
    """
    child = subprocess.run(  # noqa: S603 - our own module; the file's bytes are its input alone
        [sys.executable, "-m", __spec__.name, content_type, str(long_side_px)],
        input=content,
        capture_output=True,
        env={"PYTHONPATH": str(_ROOT)},
        check=False,
    )
    if child.returncode == 0:
        pixels: Rgb = np.load(BytesIO(child.stdout), allow_pickle=False)
        return pixels
    if child.returncode in (_NO_MEMORY, -signal.SIGKILL):
        raise MemoryError
    if child.returncode == _UNUSABLE:
        raise UnusableFile(child.stdout.decode())
    if child.returncode < 0:
        raise UnusableFile("broken")
    raise DecodeProcessFailed(child.stderr.decode(errors="replace")[-_TOLD_CHARACTERS:])


def _main(content_type: str, long_side_px: str) -> int:
    Image.MAX_IMAGE_PIXELS = None  # the caller has enforced its own limits
    answer = BytesIO()
    try:
        pixels = read_stored(sys.stdin.buffer.read(), content_type, int(long_side_px))
    except MemoryError:
        return _NO_MEMORY
    except DECODER_ERRORS as error:
        sys.stdout.write(error.reason if isinstance(error, UnusableFile) else "broken")
        return _UNUSABLE
    np.save(answer, pixels, allow_pickle=False)
    sys.stdout.buffer.write(answer.getbuffer())
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
