"""HEIC by its boxes (ISO/IEC 14496-12 and 23008-12): location of its pixels, decoding, and colours.

libheif decodes any bytes and reports no missing pixels. So this module checks the coded units of the pixels (ITU-T
H.265) for whatever replaced them: units that do not fill their item, zeros that no encoder writes, and runs of one
byte. Only pixel units are checked, because films, boxes and other pictures are full of such zeros. Noise and text that
fill the rest of the last tile begun are not detected; in a picture without tiles that may be most of it.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, cast

import numpy as np
import pillow_heif
from pillow_heif import HeifImage

from inspections.engines.base import Rgb
from inspections.engines.imaging import icc
from inspections.engines.imaging.colour import Colour, of_code_points
from inspections.engines.imaging.containers import MAX_PARTS, Undecoded, UnusableFile

# libheif decodes the whole picture, in planes and then in RGB. Measured bytes per pixel, with colour at half the
# resolution and at full: for 8 bits, for more bits that are cut to 8, and for more bits that are kept.
_BYTES_PER_PIXEL: Final[dict[tuple[bool, int], float]] = {
    (True, 8): 4.6,
    (False, 8): 9.0,
    (True, 10): 7.6,
    (False, 10): 15.0,
    (True, 16): 9.4,
    (False, 16): 18.4,
}
_BYTES_OF_ALPHA: Final = 2.0
_PLAIN_BRANDS: Final = frozenset({b"heic", b"heix", b"mif1"})
_SUBSAMPLED: Final = frozenset({400, 420})
# Encoders insert a byte into each such sequence in a unit (H.265, 7.4.2), so none is in their output.
_FOREIGN: Final = re.compile(rb"\0\0[\0-\2]")
# No encoder writes so many equal bytes. Only a part of the bytes is searched: all would take an eighth of the decoding
# time.
_RUN: Final = 128
_RUN_STEP: Final = 64
_SAMPLES_OF_RUN: Final = re.compile(rb"(.)\1{2}", re.DOTALL)
# Some writers pad a unit with zeros.
_PADDING: Final = 64
_LAST_UNIT_TYPE: Final = 47
_CODED: Final = frozenset({b"hvc1", b"hev1"})
_VERSION_AND_FLAGS: Final = 4
_LARGE_SIZE: Final = 1
_TO_THE_END: Final = 0
_IN_THE_FILE: Final = 0


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    body: int
    end: int


def open_heic(content: bytes) -> Undecoded:
    """Return the primary picture; an image sequence without one is unsupported.

    Raises `UnusableFile`: unsupported, truncated; and libheif's own errors.
    """
    kinds = {box.kind for box in _boxes(content, 0, len(content))}
    if b"moov" in kinds and b"meta" not in kinds:
        raise UnusableFile("unsupported")
    if not is_whole(content):
        raise UnusableFile("truncated")
    content = _as_a_picture(content)
    image = _primary(content)
    colour = _colour_of(image.info)
    if colour is not None and colour.is_of_light:
        image = _primary(content, convert_hdr_to_8bit=False)  # with eight bits its dark half would be a few steps
    width, height = image.size
    return Undecoded(
        width=width,
        height=height,
        orientation=1,  # libheif applies `irot` and `imir`, so the EXIF tag must not be applied again
        colour=colour,
        decoder_bytes=int(width * height * _bytes_per_pixel(image)),
        is_whole=lambda: True,
        decode=partial(_decode, image),
    )


def _as_a_picture(content: bytes) -> bytes:
    """Set brands that libheif accepts as a file with a picture: with others it looks for a film, or fails."""
    if {content[8:12], content[16:20]} <= _PLAIN_BRANDS:
        return content
    size = min(max(16, int.from_bytes(content[:4], "big")), len(content))
    return b"".join((content[:8], b"heic\0\0\0\0", (b"mif1" * (size // 4))[: size - 16], content[size:]))


def is_whole(content: bytes) -> bool:
    """Return whether every byte of the primary picture is present, with its tiles; ignores bytes behind them.

    Foreign bytes in the place of missing ones are detected as described in the module docstring. In a file whose boxes
    cannot be parsed, all bytes must be present. Raises `UnusableFile`: too_many_parts.
    """
    meta = next((box for box in _boxes(content, 0, len(content)) if box.kind == b"meta"), None)
    if meta is None or meta.end > len(content):
        return False
    try:
        parts = {box.kind: box for box in _boxes(content, meta.body + _VERSION_AND_FLAGS, meta.end)}
        extents = _extents_of_items(content, parts[b"iloc"])
        needed = _needed_items(content, parts)
        coded = _coded_items(content, parts[b"iinf"])
        size_of_length = _size_of_length(content[meta.body : meta.end])
        return all(
            all(end <= len(content) for _, end in extents[item])
            and (item not in coded or _is_filled_with_units(content, extents[item], size_of_length))
            for item in needed
        )
    except (LookupError, struct.error):
        return all(box.end <= len(content) for box in _boxes(content, 0, len(content)))


def _boxes(content: bytes, at: int, end: int) -> Iterator[_Box]:
    """Yields sibling boxes from `at` on, up to the first invalid one."""
    for _ in range(MAX_PARTS):
        if at + 8 > end:
            return
        size, kind = struct.unpack_from(">I4s", content, at)
        body = at + 8
        if size == _LARGE_SIZE and at + 16 <= end:
            size, body = int.from_bytes(content[body : body + 8], "big"), body + 8
        elif size == _TO_THE_END:
            size = end - at
        if size < body - at:
            return
        yield _Box(kind, body, at + size)
        at += size


def _needed_items(content: bytes, parts: dict[bytes, _Box]) -> set[int]:
    """Returns the primary item and, recursively, the items it is made of (its tiles)."""
    primary = parts[b"pitm"]
    made_of = _derivations(content, parts[b"iref"]) if b"iref" in parts else {}
    waiting, needed = [_item_id(content, primary.body + _VERSION_AND_FLAGS, content[primary.body])], set[int]()
    while waiting:
        item = waiting.pop()
        if item not in needed:
            needed.add(item)
            waiting += made_of.get(item, ())
    return needed


def _derivations(content: bytes, iref: _Box) -> dict[int, tuple[int, ...]]:
    version = content[iref.body]
    size = _id_size(version)
    made_of = {}
    for box in _boxes(content, iref.body + _VERSION_AND_FLAGS, iref.end):
        if box.kind == b"dimg":
            (count,) = struct.unpack_from(">H", content, box.body + size)
            first = box.body + size + 2
            made_of[_item_id(content, box.body, version)] = tuple(
                _item_id(content, at, version) for at in range(first, first + size * count, size)
            )
    return made_of


def _coded_items(content: bytes, iinf: _Box) -> set[int]:
    """The items that are coded as HEVC (14496-12, 8.11.6)."""
    count_size = 2 if content[iinf.body] == 0 else 4
    coded = set()
    for box in _boxes(content, iinf.body + _VERSION_AND_FLAGS + count_size, iinf.end):
        version = content[box.body]
        at = box.body + _VERSION_AND_FLAGS
        id_size = 2 if version < 3 else 4
        if box.kind == b"infe" and version >= 2 and content[at + id_size + 2 : at + id_size + 6] in _CODED:
            coded.add(int.from_bytes(content[at : at + id_size], "big"))
    return coded


def _size_of_length(meta: bytes) -> int:
    """Number of bytes that give the length of a unit (14496-15, 8.3.3.1.2)."""
    at = meta.find(b"hvcC") + 4
    return (meta[at + 21] & 3) + 1 if at >= 4 and at + 21 < len(meta) else 4


def _is_filled_with_units(content: bytes, extents: list[tuple[int, int]], size_of_length: int) -> bool:
    """Return whether units fill the item exactly, without any bytes that an encoder cannot write."""
    item = content[extents[0][0] : extents[0][1]] if len(extents) == 1 else _joined(content, extents)
    at = units = 0
    while at + size_of_length < len(item):
        start = at + size_of_length
        at = start + int.from_bytes(item[at:start], "big")
        units += 1
        if units > MAX_PARTS or not start + 2 <= at <= len(item) or not _is_unit(item[start:at]):
            return False
    return units > 0 and not item[at:].strip(b"\0")


def _joined(content: bytes, extents: list[tuple[int, int]]) -> bytes:
    """Returns the item's bytes. Overlapping extents, which no writer makes, could be far larger than the file."""
    if sum(end - start for start, end in extents) > len(content):
        raise UnusableFile("too_many_parts")
    return b"".join(content[start:end] for start, end in extents)


def _is_unit(unit: bytes) -> bool:
    is_forbidden, kind, layer_and_time = unit[0] >> 7, unit[0] >> 1 & 0x3F, unit[1] & 7
    if is_forbidden or kind > _LAST_UNIT_TYPE or layer_and_time == 0:
        return False
    written = unit.rstrip(b"\0")
    return len(unit) - len(written) <= _PADDING and _FOREIGN.search(written) is None and not _has_run(written)


def _has_run(unit: bytes) -> bool:
    samples = _SAMPLES_OF_RUN.finditer(unit[::_RUN_STEP])
    places = ((found[1], _RUN_STEP * found.start()) for found in samples)
    return any(byte * _RUN in unit[at : at + 2 * _RUN] for byte, at in places)


def _extents_of_items(content: bytes, iloc: _Box) -> dict[int, list[tuple[int, int]]]:
    """Returns start and end of each item's bytes in the file (14496-12, 8.11.3); none for items stored elsewhere.

    An extent without a length runs to the end of the file.
    """
    version, sizes, more_sizes = content[iloc.body], content[iloc.body + 4], content[iloc.body + 5]
    offset_size, length_size, base_size = sizes >> 4, sizes & 0xF, more_sizes >> 4
    index_size = more_sizes & 0xF if version in (1, 2) else 0
    reader = _Reader(content, iloc.body + 6, iloc.end)
    found = {}
    extents = 0
    for _ in range(reader.number(2 if version < 2 else 4)):
        item = reader.number(2 if version < 2 else 4)
        method = reader.number(2) & 0xF if version in (1, 2) else _IN_THE_FILE
        reader.number(2)
        base, count, places = reader.number(base_size), reader.number(2), []
        extents += 1 + count
        if extents > MAX_PARTS:
            raise UnusableFile("too_many_parts")
        for _ in range(count):
            reader.number(index_size)
            offset, length = reader.number(offset_size), reader.number(length_size)
            start = base + offset
            places.append((start, start + length if length_size else len(content)))
        found[item] = places if method == _IN_THE_FILE else []
    return found


@dataclass(slots=True)
class _Reader:
    """Reads big-endian numbers one after another. Raises `LookupError` at the end of the data."""

    content: bytes
    at: int
    end: int

    def number(self, size: int) -> int:
        begin, self.at = self.at, self.at + size
        if self.at > self.end:
            raise LookupError("the box ends")
        return int.from_bytes(self.content[begin : self.at], "big")


def _id_size(version: int) -> int:
    return 2 if version == 0 else 4


def _item_id(content: bytes, at: int, version: int) -> int:
    return int.from_bytes(content[at : at + _id_size(version)], "big")


def _bytes_per_pixel(image: HeifImage) -> float:
    is_subsampled = image.info.get("chroma") in _SUBSAMPLED
    kept = 16 if image.mode.endswith(";16") else 8 if cast("int", image.info["bit_depth"]) <= 8 else 10
    return _BYTES_PER_PIXEL[is_subsampled, kept] + _BYTES_OF_ALPHA * image.has_alpha


def _colour_of(info: dict[str, Any]) -> Colour | None:
    if "icc_profile" in info:
        return icc.colour_of(info["icc_profile"])
    nclx = info.get("nclx_profile")
    if nclx is None:
        return None
    return of_code_points(primaries=int(nclx["color_primaries"]), transfer=int(nclx["transfer_characteristics"]))


def _primary(content: bytes, **options: bool) -> HeifImage:
    container = pillow_heif.open_heif(content, **options)
    return container[container.primary_index]


def _decode(image: HeifImage, _: int) -> Rgb:
    """Decodes the whole picture: libheif cannot shrink. Does not copy its output."""
    return np.asarray(image)
