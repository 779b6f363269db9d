"""Untrusted bytes to upright sRGB pixels of the size asked for; nothing but `UnreadableImage` ever comes out."""

import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageCms

from inspections.engines.base import Rgb
from inspections.engines.imaging.containers import Undecoded, UnusableFile
from inspections.engines.imaging.headers import HEIC, JPEG, PNG, is_overloaded, sniff
from inspections.engines.imaging.heic import open_heic
from inspections.engines.imaging.jpeg import open_jpeg
from inspections.engines.imaging.png import open_png

# What the largest sensor of a phone takes (16,384 × 12,288): libjpeg shrinks while it decodes, row by row. What it must
# keep whole has a bound of its own, see `jpeg.MAX_COEFFICIENT_BYTES`: some 50 million pixels.
MAX_PIXELS: Final = 201_326_592
# PNG and HEIC are decoded whole before they can be shrunk, at four bytes a pixel and more. No camera writes PNG;
# 50 megapixels is what phones write as HEIC (in more than 8 bits a channel fewer: see `heic.MAX_DECODER_BYTES`).
MAX_PIXELS_PNG: Final = 36_000_000
MAX_PIXELS_HEIC: Final = 50_000_000
_OPEN: Final[dict[str, Callable[[bytes], Undecoded]]] = {JPEG: open_jpeg, PNG: open_png, HEIC: open_heic}
_MAX_PIXELS_OF: Final = {JPEG: MAX_PIXELS, PNG: MAX_PIXELS_PNG, HEIC: MAX_PIXELS_HEIC}
# What the capture policy tells the phones, in pixels by content type.
MAX_PIXELS_BY_TYPE: Final[Mapping[str, int]] = MappingProxyType(_MAX_PIXELS_OF)
# Everything the three decoders are known to raise on hostile bytes.
_DECODER_ERRORS: Final = (
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

# EXIF 2.32, 4.6.4 A: how stored pixels become upright ones.
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
    """No picture we read. `reason`: not_an_image, unsupported, truncated, too_many_pixels, too_many_parts, broken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageHeader:
    """What a file says of itself. `width` and `height` are as stored, in pixels; `orientation` is EXIF's 1 to 8."""

    content_type: str
    width: int
    height: int
    orientation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What was read of a file. `doubts` say why the pixels must not be relied on, such as "unknown_colour"."""

    header: ImageHeader
    pixels: Rgb
    doubts: tuple[str, ...]


def read_header(content: bytes) -> ImageHeader:
    """Return type, stored size and orientation; only of a file that does not say where it ends are pixels decoded.

    Raises `UnreadableImage`, also for a file that lacks pixels and for more of them than `MAX_PIXELS_BY_TYPE` (a
    decompression bomb) or than fit into memory, and `MemoryError` like `decode`.
    """
    header, _ = _open(content)
    return header


def read_picture(content: bytes, *, long_side_px: int) -> Picture:
    """Return upright sRGB pixels, shape (height, width, 3), uint8, long side at most `long_side_px`; never enlarged.

    Grey, palette, CMYK, 16-bit and transparent pictures (over white) all come out as RGB; of an animation the first
    frame. Profiles and code points of colour are applied, PQ and HLG undone; a profile that makes no sense counts as
    none. Raises `UnreadableImage` for anything that does not decode to its end, and `MemoryError` where it is not the
    picture's fault: tried again it may well decode.
    """
    header, undecoded = _open(content)
    try:
        stored = _on_white(shrink(undecoded.decode(long_side_px), long_side_px))
        colour = undecoded.colour
        pixels = colour.convert(stored) if colour else stored
    except _DECODER_ERRORS as error:
        raise _refusal(error) from error
    upright = _UPRIGHT.get(header.orientation, _as_stored)
    return Picture(header=header, pixels=np.ascontiguousarray(upright(pixels)), doubts=colour.doubts if colour else ())


def decode(content: bytes, *, long_side_px: int) -> Rgb:
    """Return the pixels of `read_picture`, for what cannot doubt them."""
    return read_picture(content, long_side_px=long_side_px).pixels


def shrink(pixels: Rgb, long_side_px: int) -> Rgb:
    """Return the pixels with a long side of at most `long_side_px`, each the mean of the area it covers."""
    height, width = pixels.shape[:2]
    scale = long_side_px / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(pixels.dtype, copy=False)


def _open(content: bytes) -> tuple[ImageHeader, Undecoded]:
    content_type = sniff(content)
    if content_type is None:
        raise UnreadableImage("not_an_image")
    try:
        if is_overloaded(content, content_type):  # before a decoder goes through its parts
            raise UnusableFile("too_many_parts")
        undecoded = _OPEN[content_type](content)
        if undecoded.width * undecoded.height > _MAX_PIXELS_OF.get(content_type, MAX_PIXELS):
            raise UnusableFile("too_many_pixels")
        if not undecoded.is_whole():  # last, for it may decode
            raise UnusableFile("truncated")
    except _DECODER_ERRORS as error:
        if content_type == HEIC and isinstance(error, MemoryError):  # libheif's word for more than it grants a file
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
    """Bring grey, or RGB with its opacity, to RGB."""
    if pixels.ndim == 2:
        return np.repeat(pixels[..., None], 3, axis=2)
    if pixels.shape[2] == 3:
        return pixels
    opaque = np.iinfo(pixels.dtype).max
    opacity = pixels[..., 3:].astype(np.uint32)
    flat: Rgb = ((pixels[..., :3] * opacity + opaque * (opaque - opacity)) // opaque).astype(pixels.dtype)
    return flat


def _refusal(error: BaseException) -> MemoryError | UnreadableImage:
    """What a decoder's error is told as: too little memory is not the picture's fault."""
    out_of_memory = isinstance(error, MemoryError) or (
        isinstance(error, cv2.error) and error.code == cv2.Error.StsNoMem
    )
    if out_of_memory:
        return MemoryError()
    if isinstance(error, (Image.DecompressionBombError, Image.DecompressionBombWarning)):
        return UnreadableImage("too_many_pixels")
    return UnreadableImage(error.reason if isinstance(error, UnusableFile) else "broken")


def _as_stored(pixels: Rgb) -> Rgb:
    return pixels
