"""What the first bytes of a file say, read by hand: its type, and whether its end is missing."""

import struct

JPEG = "image/jpeg"
PNG = "image/png"
HEIC = "image/heic"

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis"})
_GENERIC_HEIF_BRAND = b"mif1"
_START_OF_SCAN = 0xDA
_END_OF_IMAGE = b"\xff\xd9"
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
        scan = _jpeg_scan_offset(content)
        return scan is not None and content.find(_END_OF_IMAGE, scan) != -1
    if content_type == PNG:
        return _PNG_END in content
    return _boxes_fit(content)


def _is_heic(content: bytes) -> bool:
    if content[4:8] != b"ftyp":
        return False
    size = min(int.from_bytes(content[:4], "big"), 256)
    brands = {content[at : at + 4] for at in range(16, size, 4)}
    major = content[8:12]
    return major in _HEIC_BRANDS or (major == _GENERIC_HEIF_BRAND and bool(brands & _HEIC_BRANDS))


def _jpeg_scan_offset(content: bytes) -> int | None:
    """Walk the segments to the first scan, so that the end mark of an EXIF thumbnail is not taken for the photo's."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == _START_OF_SCAN:
            return at
        is_fill = marker == 0xFF
        at += 1 if is_fill else 2 + struct.unpack_from(">H", content, at + 2)[0]
    return None


def _boxes_fit(content: bytes) -> bool:
    """Walk the top-level boxes (ISO/IEC 14496-12, 4.2): the last must end inside the file."""
    at = 0
    while at + 8 <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        if size == 0:
            return True
        if size < 8:
            return False
        at += size
    return at <= len(content)
