"""Formats that are recognised but not read, so that an owner learns to change the camera's setting.

Magic bytes as published with each format (WHATWG MIME Sniffing; TIFF 6.0; ISO/IEC 14496-12; RFC 9649; ISO/IEC 18181-2).
"""

from typing import Final

from inspections.engines.imaging.headers import sniff

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
_JPEG_MAGIC: Final = b"\xff\xd8\xff"
_PNG_MAGIC: Final = b"\x89PNG\r\n\x1a\n"


def is_another_format(content: bytes) -> bool:
    """Return whether these are a picture, film or document in a format that we recognise and do not read."""
    if sniff(content) is not None:
        return False
    return (
        content.startswith(_SIGNATURES)
        or (content[:4] == b"RIFF" and content[8:12] in _RIFF_KINDS)
        or content[4:8] in _ISO_BOXES
        or (content[:2] == b"BM" and content[6:10] == _BMP_RESERVED)
        or _is_svg(content[:_SVG_WITHIN_BYTES])
    )


def is_cut_at_once(content: bytes) -> bool:
    """Return whether nothing arrived, or less than the signature of a picture that we read."""
    return any(magic.startswith(content) and content != magic for magic in (_JPEG_MAGIC, _PNG_MAGIC))


def _is_svg(head: bytes) -> bool:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text.startswith(_XML_STARTS) and b"<svg" in text
