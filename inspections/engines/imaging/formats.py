"""Recognise formats that are not read, so that an owner learns to change the camera's setting.

Magic bytes as published with each format (WHATWG MIME Sniffing; TIFF 6.0; ISO/IEC 14496-12; RFC 9649; ISO/IEC 18181-2).
"""

from collections.abc import Callable
from typing import Final

from inspections.engines.imaging.headers import sniff
from inspections.media_types import HEIC, JPEG, PNG

_SIGNATURES: Final = (
    b"GIF87a",
    b"GIF89a",
    b"II*\0",  # TIFF, and most raw formats: DNG, CR2, NEF, ARW
    b"MM\0*",
    b"II+\0",  # BigTIFF
    b"MM\0+",
    b"IIRO",  # Olympus
    b"IIRS",
    b"IIU\0",  # Panasonic
    b"FUJIFILMCCD-RAW",
    b"FOVb",  # Sigma
    b"II\xbc",  # JPEG XR
    b"8BPS",
    b"%PDF-",
    b"\xff\x0a",  # JPEG XL
    b"\0\0\0\x0cJXL ",
    b"\0\0\0\x0cjP  ",  # JPEG 2000
    b"\xff\x4f\xff\x51",
    b"\x1a\x45\xdf\xa3",  # Matroska, WebM
    b"\0\0\1\xba",  # MPEG
    b"\0\0\1\xb3",
)
_RIFF_KINDS: Final = (b"WEBP", b"AVI ")
# The first box of MP4, QuickTime, AVIF, CR3 and other ISO files; HEIC is recognised before.
_ISO_BOXES: Final = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_BMP_RESERVED: Final = bytes(4)
_XML_STARTS: Final = (b"<svg", b"<?xml", b"<!--", b"<!DOCTYPE svg")
_SVG_WITHIN_BYTES: Final = 4096
_START_OF_SCAN: Final = b"\xda"
_SHORTEST_SEGMENT: Final = 2
_SHORTEST_BOX: Final = 8
_SIZE_FOLLOWS: Final = 1
_MOST_PARTS: Final = 20_000
_JPEG_MAGIC: Final = b"\xff\xd8\xff"
_PNG_MAGIC: Final = b"\x89PNG\r\n\x1a\n"


def is_another_format(content: bytes) -> bool:
    """Return whether the bytes are a picture, film or document in a format that we recognise but do not read."""
    if sniff(content) is not None:
        return False
    return (
        content.startswith(_SIGNATURES)
        or (content[:4] == b"RIFF" and content[8:12] in _RIFF_KINDS)
        or content[4:8] in _ISO_BOXES
        or (content[:2] == b"BM" and content[6:10] == _BMP_RESERVED)
        or _is_svg(content[:_SVG_WITHIN_BYTES])
    )


def is_cut(content: bytes) -> bool:
    """Return whether an unreadable file ends within one of its parts, or before any, and so is incomplete.

    A decoder that meets the end in the header calls the file broken.
    """
    if any(magic.startswith(content) for magic in (_JPEG_MAGIC, _PNG_MAGIC)):
        return True
    content_type = sniff(content)
    return content_type is not None and _ENDS_WITHIN[content_type](content)


def _ends_within_a_segment(content: bytes) -> bool:
    """Walk the JPEG segments (ITU-T T.81, B.1.1) up to the first scan."""
    at = 2
    for _ in range(_MOST_PARTS):
        if content[at : at + 1] != b"\xff" or content[at + 1 : at + 2] == _START_OF_SCAN:
            break
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        if len(content) >= at + 4 and length < _SHORTEST_SEGMENT:
            break
        at += 2 + length
    return at >= len(content)


def _ends_within_a_chunk(content: bytes) -> bool:
    """Walk the PNG chunks (PNG 5.3)."""
    at = 8
    for _ in range(_MOST_PARTS):
        if at + 8 > len(content) or content[at + 4 : at + 8] == b"IEND":
            break
        at += 12 + int.from_bytes(content[at : at + 4], "big")
    return at + 8 > len(content)


def _ends_within_a_box(content: bytes) -> bool:
    """Walk the top-level boxes (ISO/IEC 14496-12, 4.2)."""
    at = 0
    for _ in range(_MOST_PARTS):
        size = int.from_bytes(content[at : at + 4], "big")
        if size == _SIZE_FOLLOWS:
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        if at + 8 > len(content) or size < _SHORTEST_BOX:  # 0: up to the end of the file
            break
        at += size
    return at > len(content)


_ENDS_WITHIN: Final[dict[str, Callable[[bytes], bool]]] = {
    JPEG: _ends_within_a_segment,
    PNG: _ends_within_a_chunk,
    HEIC: _ends_within_a_box,
}


def _is_svg(head: bytes) -> bool:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text.startswith(_XML_STARTS) and b"<svg" in text
