"""What the first bytes of a file say, read by hand: its type, whether it ends, of how many parts it is."""

import re
import struct
from collections.abc import Iterator
from itertools import islice

JPEG = "image/jpeg"
PNG = "image/png"
HEIC = "image/heic"

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis"})
_GENERIC_HEIF_BRAND = b"mif1"
# No camera and no editor comes near these: a progressive JPEG has some ten scans, a PNG a chunk for each 8 kB.
MAX_SCANS = 100
MAX_PARTS = 20_000
_START_OF_SCAN = 0xDA
_END_OF_IMAGE = 0xD9
# What follows 0xFF where it is no fill byte, no stuffed data and none of the markers that have no length.
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")
_PNG_END = b"IEND\xaeB`\x82"


def sniff(content: bytes) -> str | None:
    """Return "image/jpeg", "image/png" or "image/heic" from the magic bytes, None for everything else.

    HEIC brands as registered for ISO/IEC 23008-12; `mif1` alone may hold any codec, so it must name a HEVC brand too.
    """
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    return HEIC if _is_heic(content) else None


def is_complete(content: bytes, content_type: str) -> bool:
    """Tell whether the file reaches its own end; bytes after it (trailers, second pictures of phones) are allowed."""
    if content_type == JPEG:
        markers = [marker for marker, _ in islice(_jpeg_markers(content), MAX_PARTS)]
        return _START_OF_SCAN in markers and markers[-1] == _END_OF_IMAGE
    if content_type == PNG:
        return _PNG_END in content
    return _boxes_fit(content)


def is_overloaded(content: bytes, content_type: str) -> bool:
    """Tell whether a decoder would be kept busy by the sheer number of its parts, which a small file can have.

    A scan costs a pass over the whole picture, however few bytes it has; segments, chunks and fill bytes are read one
    by one.
    """
    if content_type == JPEG:
        parts = list(islice(_jpeg_markers(content), MAX_PARTS + 1))
        markers = [marker for marker, _ in parts]
        # Behind it come the bytes of the picture.
        header = parts[: markers.index(_START_OF_SCAN) + 1] if _START_OF_SCAN in markers else parts
        fill_bytes = sum(skipped for _, skipped in header)
        scans = markers.count(_START_OF_SCAN)
        return len(parts) > MAX_PARTS or scans > MAX_SCANS or fill_bytes > MAX_PARTS
    return content_type == PNG and sum(1 for _ in islice(_png_chunks(content), MAX_PARTS + 1)) > MAX_PARTS


def _is_heic(content: bytes) -> bool:
    if content[4:8] != b"ftyp":
        return False
    size = min(int.from_bytes(content[:4], "big"), 256)
    brands = {content[at : at + 4] for at in range(16, size, 4)}
    major = content[8:12]
    return major in _HEIC_BRANDS or (major == _GENERIC_HEIF_BRAND and bool(brands & _HEIC_BRANDS))


def _jpeg_markers(content: bytes) -> Iterator[tuple[int, int]]:
    """The markers up to the end of the image, each with the number of bytes between it and the segment before.

    What stands inside a segment, as an EXIF thumbnail does, is none.
    """
    at = 2
    while (found := _MARKER.search(content, at)) is not None:
        marker, skipped, at = content[found.start() + 1], found.start() - at, found.end()
        yield marker, skipped
        if marker == _END_OF_IMAGE or at + 2 > len(content):
            return
        at += struct.unpack_from(">H", content, at)[0]


def _png_chunks(content: bytes) -> Iterator[int]:
    """Where each chunk begins (PNG 5.3)."""
    at = 8
    while at + 8 <= len(content):
        yield at
        at += 12 + int(struct.unpack_from(">I", content, at)[0])


def _boxes_fit(content: bytes) -> bool:
    """Walk the top-level boxes (ISO/IEC 14496-12, 4.2): the last must end inside the file."""
    at = 0
    for _ in range(MAX_PARTS):
        if at + 8 > len(content):
            return at <= len(content)
        size = int.from_bytes(content[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        if size == 0:
            return True
        if size < 8:
            return False
        at += size
    return False
