"""The reader of each container, and what they read: pixels as stored in the file, in the requested size."""

import struct
import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import cv2
from PIL import Image, ImageCms

from inspections.engines.base import Rgb
from inspections.engines.imaging.containers import Undecoded, UnusableFile
from inspections.engines.imaging.heic import open_heic
from inspections.engines.imaging.jpeg import open_jpeg
from inspections.engines.imaging.png import open_png
from inspections.engines.imaging.scaling import shrink
from inspections.media_types import HEIC, JPEG, PNG

OPEN: Final[Mapping[str, Callable[[bytes], Undecoded]]] = MappingProxyType(
    {JPEG: open_jpeg, PNG: open_png, HEIC: open_heic}
)
# All errors that the three decoders are known to raise on hostile bytes.
DECODER_ERRORS: Final = (
    OSError,
    ValueError,
    TypeError,
    AttributeError,
    SyntaxError,
    LookupError,
    EOFError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
    AssertionError,
    struct.error,
    zlib.error,
    cv2.error,
    ImageCms.PyCMSError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def is_out_of_memory(error: BaseException) -> bool:
    """Return whether a decoder failed for lack of memory, which is not the picture's fault."""
    return isinstance(error, MemoryError) or (isinstance(error, cv2.error) and error.code == cv2.Error.StsNoMem)


def read_stored(content: bytes, content_type: str, long_side_px: int) -> Rgb:
    """Return the pixels of `stored_pixels`. Raises `UnusableFile`, and the decoders' own errors."""
    return stored_pixels(OPEN[content_type](content), long_side_px)


def stored_pixels(undecoded: Undecoded, long_side_px: int) -> Rgb:
    """Return pixels as `Undecoded.decode` does, with a long side of at most `long_side_px`.

    Raises `UnusableFile`: truncated; and the decoders' own errors.
    """
    if not undecoded.is_whole():
        raise UnusableFile("truncated")
    return shrink(undecoded.decode(long_side_px), long_side_px)
