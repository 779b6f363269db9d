"""Decode untrusted bytes to upright sRGB pixels of the requested size; bad bytes raise only `UnreadableImage`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image

from inspections.engines.base import Rgb
from inspections.engines.imaging import readers
from inspections.engines.imaging.containers import Undecoded, UnusableFile
from inspections.engines.imaging.decode_process import read_stored_in_process
from inspections.engines.imaging.headers import is_overloaded, sniff
from inspections.media_types import HEIC, JPEG, MAX_PIXELS_BY_TYPE, PNG

# Limits of the memory for what a decoder must keep whole. For JPEG that is 50 million progressive pixels with colour at
# half the resolution, as cameras store it, and 25 million at full; for HEIC fewer than 50 million pixels in more than 8
# bits a channel.
_MAX_DECODER_BYTES_OF: Final = {JPEG: 151_000_000, PNG: 144_000_000, HEIC: 230_000_000}
# A picture that needs more is decoded in a process of its own. A worker with libraries and networks holds some 300 MB;
# a HEIC of 12 megapixels, the most frequent large picture, takes 55 MB and is decoded in the worker.
_MAX_DECODER_BYTES_HERE: Final = 64_000_000
# EXIF 2.32, 4.6.4 A: how to turn stored pixels upright.
_UPRIGHT: Final[dict[int, Callable[[Rgb], Rgb]]] = {
    2: lambda pixels: pixels[:, ::-1],
    3: lambda pixels: pixels[::-1, ::-1],
    4: lambda pixels: pixels[::-1],
    5: lambda pixels: pixels.transpose(1, 0, 2),
    6: lambda pixels: np.rot90(pixels, -1),
    7: lambda pixels: pixels[::-1, ::-1].transpose(1, 0, 2),
    8: lambda pixels: np.rot90(pixels, 1),
}


class UnreadableImage(Exception):
    """No readable picture. `reason`: not_an_image, unsupported, truncated, too_many_pixels, too_many_parts, broken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageHeader:
    """Header of a file. `width` and `height` are as stored, in pixels; `orientation` is EXIF's 1 to 8."""

    content_type: str
    width: int
    height: int
    orientation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Pixels read from a file. `quality_flags` say why the pixels are unreliable, such as "unknown_colour"."""

    header: ImageHeader
    pixels: Rgb
    quality_flags: tuple[str, ...]


def read_header(content: bytes) -> ImageHeader:
    """Return type, stored size and orientation; decodes pixels only if the file does not mark its end.

    Raises `UnreadableImage`, also for a file with missing pixels and for more pixels than `MAX_PIXELS_BY_TYPE` (a
    decompression bomb) or than fit into memory, and `MemoryError` like `decode`.
    """
    header, undecoded = _open(content)
    try:
        if not undecoded.is_whole():
            raise UnusableFile("truncated")
    except readers.DECODER_ERRORS as error:
        raise _refusal(error) from error
    return header


def read_picture(content: bytes, *, long_side_px: int) -> Picture:
    """Return upright sRGB pixels, shape (height, width, 3), uint8, long side at most `long_side_px`; never enlarged.

    Grey, palette, CMYK, 16-bit and transparent pictures (over white) all become RGB; of an animation the first frame.
    Colour profiles and code points are applied, PQ and HLG undone; an invalid profile is ignored. Raises
    `UnreadableImage` for anything that does not decode to its end, and `MemoryError` if the picture is not the cause: a
    retry may succeed.
    """
    header, undecoded = _open(content)
    try:
        if undecoded.decoder_bytes > _MAX_DECODER_BYTES_HERE:
            stored = read_stored_in_process(content, header.content_type, long_side_px)
        else:
            stored = readers.stored_pixels(undecoded, long_side_px)
        stored, colour = _on_white(stored), undecoded.colour
        pixels = colour.convert(stored) if colour else stored
    except readers.DECODER_ERRORS as error:
        raise _refusal(error) from error
    upright = _UPRIGHT.get(header.orientation, _as_stored)
    return Picture(
        header=header,
        pixels=np.ascontiguousarray(upright(pixels)),
        quality_flags=colour.quality_flags if colour else (),
    )


def decode(content: bytes, *, long_side_px: int) -> Rgb:
    """Return the pixels of `read_picture`, for callers that ignore quality flags."""
    return read_picture(content, long_side_px=long_side_px).pixels


def _open(content: bytes) -> tuple[ImageHeader, Undecoded]:
    content_type = sniff(content)
    if content_type is None:
        raise UnreadableImage("not_an_image")
    try:
        if is_overloaded(content, content_type):  # before a decoder reads all its parts
            raise UnusableFile("too_many_parts")
        undecoded = readers.OPEN[content_type](content)
        if undecoded.width * undecoded.height > MAX_PIXELS_BY_TYPE[content_type]:
            raise UnusableFile("too_many_pixels")
        if undecoded.decoder_bytes > _MAX_DECODER_BYTES_OF[content_type]:
            raise UnusableFile("too_many_pixels")
    except readers.DECODER_ERRORS as error:
        if content_type == HEIC and isinstance(error, MemoryError):  # libheif raises it above its own limit per file
            raise UnreadableImage("broken") from error
        raise _refusal(error) from error
    header = ImageHeader(
        content_type=content_type,
        width=undecoded.width,
        height=undecoded.height,
        orientation=undecoded.orientation,
    )
    return header, undecoded


def _on_white(pixels: Rgb) -> Rgb:
    """Convert grey, or RGB with opacity, to RGB."""
    if pixels.ndim == 2:
        return np.repeat(pixels[..., None], 3, axis=2)
    if pixels.shape[2] == 3:
        return pixels
    opaque = np.iinfo(pixels.dtype).max
    opacity = pixels[..., 3:].astype(np.uint32)
    flat: Rgb = ((pixels[..., :3] * opacity + opaque * (opaque - opacity)) // opaque).astype(pixels.dtype)
    return flat


def _refusal(error: BaseException) -> MemoryError | UnreadableImage:
    """Translate a decoder's error; lack of memory is not the picture's fault."""
    if readers.is_out_of_memory(error):
        return MemoryError()
    if isinstance(error, (Image.DecompressionBombError, Image.DecompressionBombWarning)):
        return UnreadableImage("too_many_pixels")
    return UnreadableImage(error.reason if isinstance(error, UnusableFile) else "broken")


def _as_stored(pixels: Rgb) -> Rgb:
    return pixels
