"""Untrusted bytes to upright sRGB pixels of the size asked for; nothing but `UnreadableImage` ever comes out."""

import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from types import MappingProxyType
from typing import Final, TypeAlias

import cv2
import numpy as np
import pillow_heif
from PIL import Image
from pillow_heif import HeifImage

from inspections.engines.base import Rgb
from inspections.engines.imaging.headers import HEIC, JPEG, PNG, is_complete, is_overloaded, sniff

_Undecoded: TypeAlias = Image.Image | HeifImage

MAX_PIXELS: Final = 60_000_000
# PNG is decoded whole before it can be shrunk, at four bytes a pixel; no phone's camera writes it.
MAX_PIXELS_PNG: Final = 24_000_000
_ORIENTATION_TAG: Final = 0x0112
_PILLOW_FORMAT: Final = {JPEG: "JPEG", PNG: "PNG"}
_MAX_PIXELS_OF: Final = {JPEG: MAX_PIXELS, PNG: MAX_PIXELS_PNG, HEIC: MAX_PIXELS}
# What the capture policy tells the phones, in pixels by content type.
MAX_PIXELS_BY_TYPE: Final[Mapping[str, int]] = MappingProxyType(_MAX_PIXELS_OF)
_REDUCED: Final = ((8, cv2.IMREAD_REDUCED_COLOR_8), (4, cv2.IMREAD_REDUCED_COLOR_4), (2, cv2.IMREAD_REDUCED_COLOR_2))

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
    """No picture we read. `reason`: not_an_image, truncated, too_many_pixels, too_many_parts or broken."""

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


def read_header(content: bytes) -> ImageHeader:
    """Return type, stored size and orientation without decoding a pixel.

    Raises `UnreadableImage`, also for a file cut short and for more than `MAX_PIXELS` (a decompression bomb), and
    `MemoryError` like `decode`.
    """
    header, _ = _open(content)
    return header


def decode(content: bytes, *, long_side_px: int) -> Rgb:
    """Return upright pixels, shape (height, width, 3), uint8 RGB, long side at most `long_side_px`; never enlarged.

    Grey, palette, CMYK, 16-bit and transparent pictures (over white) all come out as RGB; of an animation the first
    frame. Embedded colour profiles are not applied: Display P3 photos come out a little less saturated than they were.
    Raises `UnreadableImage` for anything that does not decode to its end, and `MemoryError` where it is not the
    picture's fault: tried again it may well decode.
    """
    header, image = _open(content)
    try:
        if header.content_type == JPEG and image.mode in ("RGB", "L"):
            pixels = _decode_jpeg(content, header, long_side_px)
        else:
            pixels = _decode_with_pillow(image, long_side_px)
    except _DECODER_ERRORS as error:
        raise _refusal(error) from error
    upright = _UPRIGHT.get(header.orientation, _as_stored)
    return np.ascontiguousarray(upright(shrink(pixels, long_side_px)))


def shrink(pixels: Rgb, long_side_px: int) -> Rgb:
    """Return the pixels with a long side of at most `long_side_px`, each the mean of the area it covers."""
    height, width = pixels.shape[:2]
    scale = long_side_px / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _open(content: bytes) -> tuple[ImageHeader, _Undecoded]:
    content_type = sniff(content)
    if content_type is None:
        raise UnreadableImage("not_an_image")
    if is_overloaded(content, content_type):  # before a decoder goes through its parts
        raise UnreadableImage("too_many_parts")
    try:
        image = _open_heic(content) if content_type == HEIC else _open_with_pillow(content, content_type)
        width, height = image.size
        # Before the orientation is asked for, which makes Pillow decode a PNG.
        if width * height > _MAX_PIXELS_OF.get(content_type, MAX_PIXELS):
            raise UnreadableImage("too_many_pixels")
        orientation = _orientation(image)
        complete = is_complete(content, content_type)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadableImage("too_many_pixels") from error
    except _DECODER_ERRORS as error:
        # libheif may also call it too little memory when a file asks for more than it grants.
        raise (UnreadableImage("broken") if content_type == HEIC else _refusal(error)) from error
    if not complete:
        raise UnreadableImage("truncated")
    return ImageHeader(content_type=content_type, width=width, height=height, orientation=orientation), image


def _open_with_pillow(content: bytes, content_type: str) -> Image.Image:
    return Image.open(BytesIO(content), formats=(_PILLOW_FORMAT[content_type],))


def _open_heic(content: bytes) -> HeifImage:
    container = pillow_heif.open_heif(content)
    return container[container.primary_index]


def _orientation(image: _Undecoded) -> int:
    """EXIF's orientation; libheif turns HEIC by itself (`irot`, `imir`), so its EXIF tag must not be applied again."""
    if isinstance(image, HeifImage):
        return 1
    return int(image.getexif().get(_ORIENTATION_TAG, 1))


def _decode_jpeg(content: bytes, header: ImageHeader, long_side_px: int) -> Rgb:
    """Let libjpeg shrink by 2, 4 or 8 inside the inverse transform: several times cheaper than a full decode."""
    long_side = max(header.width, header.height)
    flag = next((flag for factor, flag in _REDUCED if long_side >= factor * long_side_px), cv2.IMREAD_COLOR)
    pixels = cv2.imdecode(np.frombuffer(content, np.uint8), flag | cv2.IMREAD_IGNORE_ORIENTATION)
    if pixels is None:
        raise UnreadableImage("broken")
    return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False)


def _decode_with_pillow(image: _Undecoded, long_side_px: int) -> Rgb:
    picture = image.to_pillow() if isinstance(image, HeifImage) else image
    picture.draft(None, (long_side_px, long_side_px))  # libjpeg shrinks what it can: a CMYK bomb stays small
    picture.load()
    factor = max(picture.size) // long_side_px
    eight_bit = _eight_bit(picture)
    small = eight_bit.reduce(factor) if factor > 1 else eight_bit
    return np.asarray(_flatten(small))


def _eight_bit(picture: Image.Image) -> Image.Image:
    """Bring any mode to one that can be averaged: grey, RGB, or RGB times its opacity."""
    if picture.mode.startswith("I"):
        return Image.fromarray((np.clip(np.asarray(picture), 0, 0xFFFF) // 0x100).astype(np.uint8))
    if not picture.has_transparency_data:
        return picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
    return (picture if picture.mode == "RGBA" else picture.convert("RGBA")).convert("RGBa")


def _flatten(picture: Image.Image) -> Image.Image:
    """Bring it to RGB; what is transparent becomes white."""
    if picture.mode != "RGBa":
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")


def _refusal(error: BaseException) -> MemoryError | UnreadableImage:
    """What a decoder's error is told as: too little memory is not the picture's fault."""
    out_of_memory = isinstance(error, MemoryError) or (
        isinstance(error, cv2.error) and error.code == cv2.Error.StsNoMem
    )
    return MemoryError() if out_of_memory else UnreadableImage("broken")


def _as_stored(pixels: Rgb) -> Rgb:
    return pixels
