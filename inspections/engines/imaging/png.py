"""PNG by its chunks (W3C PNG, third edition): decoders get only the chunks that make pixels."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from itertools import islice
from typing import Final

import numpy as np
from PIL import Image

from inspections.engines.base import Rgb
from inspections.engines.imaging import colour, icc
from inspections.engines.imaging.colour import Colour
from inspections.engines.imaging.containers import MAX_PARTS, Undecoded
from inspections.engines.imaging.exif import UPRIGHT, orientation_of

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_END: Final = b"\0\0\0\0IEND\xaeB`\x82"
_PIXELS: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT"})
_META: Final = frozenset({b"iCCP", b"cICP", b"sRGB", b"gAMA", b"cHRM", b"eXIf"})
_PIECE: Final = 1 << 20
_GAMMA_SCALE: Final = 100_000
# Pillow's largest mode, without the step that reads 16 bits a channel as 8.
_BYTES_PER_PIXEL: Final = 4
# Pixels averaged at once: every step takes as much memory again.
_BAND_PIXELS: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class _Chunk:
    name: bytes
    start: int
    body: int
    end: int


@dataclass(slots=True)
class _File:
    """Parsed contents: the chunks that make pixels, as one stream, and the first of each chunk that describes them."""

    stream: list[bytes]
    packed: list[bytes] = field(default_factory=list)
    meta: dict[bytes, bytes] = field(default_factory=dict)
    is_ended: bool = False


def open_png(content: bytes) -> Undecoded:
    """Return the picture. Raises Pillow's own errors."""
    file = _parsed(content)
    picture = _opened(file)
    return Undecoded(
        width=picture.width,
        height=picture.height,
        orientation=orientation_of(file.meta.get(b"eXIf", b"")) or UPRIGHT,
        colour=_colour_of(file.meta),
        decoder_bytes=_BYTES_PER_PIXEL * picture.width * picture.height,
        is_whole=partial(_is_whole, file),
        decode=partial(_decode, file),
    )


def is_whole(content: bytes) -> bool:
    """Return whether all pixels are present, whatever lies behind them."""
    return _is_whole(_parsed(content))


def is_overloaded(content: bytes) -> bool:
    """Return whether the number of chunks would overload a decoder."""
    return sum(1 for _ in islice(_chunks(content), MAX_PARTS + 1)) > MAX_PARTS


def _chunks(content: bytes) -> Iterator[_Chunk]:
    at = len(_SIGNATURE)
    while at + 8 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        yield _Chunk(name, at, at + 8, at + 12 + length)
        if name == b"IEND":
            return
        at += 12 + length


def _parsed(content: bytes) -> _File:
    file = _File([_SIGNATURE])
    for chunk in islice(_chunks(content), MAX_PARTS):
        body = content[chunk.body : chunk.end - 4]
        if chunk.name in _PIXELS:
            file.stream.append(content[chunk.start : chunk.end])
        if chunk.name == b"IDAT":
            file.packed.append(body)
        if chunk.name in _META:
            file.meta.setdefault(chunk.name, body)
        file.is_ended |= chunk.name == b"IEND"
    file.stream.append(_END)
    return file


def _is_whole(file: _File) -> bool:
    return file.is_ended or _is_inflated_whole(file.packed)


def _is_inflated_whole(packed: list[bytes]) -> bool:
    """Return whether the packed pixels reach their own end; unpacks piece by piece, because they may be a bomb."""
    unpacker = zlib.decompressobj()
    try:
        for body in packed:
            rest = body
            while rest and not unpacker.eof:
                unpacker.decompress(rest, _PIECE)
                rest = unpacker.unconsumed_tail
    except zlib.error:
        return False
    return unpacker.eof


def _opened(file: _File) -> Image.Image:
    return Image.open(BytesIO(b"".join(file.stream)), formats=("PNG",))


def _decode(file: _File, long_side_px: int) -> Rgb:
    """Decode the whole picture, then average it band by band."""
    picture = _opened(file)
    picture.load()
    factor = max(1, max(picture.size) // long_side_px)
    rows = max(1, _BAND_PIXELS // (picture.width * factor)) * factor
    bands = (
        picture.crop((0, top, picture.width, min(picture.height, top + rows))) for top in range(0, picture.height, rows)
    )
    return np.concatenate([np.asarray(_flat(_eight_bit(band).reduce(factor))) for band in bands])


def _eight_bit(picture: Image.Image) -> Image.Image:
    """Convert any mode to one that can be averaged: grey, RGB, or RGB times its opacity."""
    if picture.mode.startswith("I"):
        return Image.fromarray((np.clip(np.asarray(picture), 0, 0xFFFF) // 0x100).astype(np.uint8))
    if not picture.has_transparency_data:
        return picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
    return (picture if picture.mode == "RGBA" else picture.convert("RGBA")).convert("RGBa")


def _flat(picture: Image.Image) -> Image.Image:
    """Convert to RGB; transparent pixels become white."""
    if picture.mode != "RGBa":
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")


def _colour_of(meta: dict[bytes, bytes]) -> Colour | None:
    """Return the colours that the chunks give; of several the one that the standard (4.3) puts first."""
    code_points = meta.get(b"cICP", b"")
    if len(code_points) == 4:
        return colour.of_code_points(primaries=code_points[0], transfer=code_points[1])
    if b"iCCP" in meta:
        return icc.colour_of(_unpacked_profile(meta[b"iCCP"]))
    if b"sRGB" in meta:
        return None
    gamma, chromaticities = meta.get(b"gAMA", b""), meta.get(b"cHRM", b"")
    corners = struct.unpack(">8I", chromaticities) if len(chromaticities) == 32 else ()
    return colour.of_gamma(
        gamma=int.from_bytes(gamma, "big") / _GAMMA_SCALE if len(gamma) == 4 else None,
        chromaticities=tuple(corner / _GAMMA_SCALE for corner in (*corners[2:], *corners[:2])) if corners else None,
    )


def _unpacked_profile(body: bytes) -> bytes:
    """Return the profile, or its readable part; nothing if it is larger than any in use."""
    _, _, packed = body.partition(b"\0")
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(packed[1:], icc.MAX_PROFILE_BYTES + 1)
    except zlib.error:
        return b""
    return profile if len(profile) <= icc.MAX_PROFILE_BYTES else b""
