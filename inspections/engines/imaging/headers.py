"""Read file headers without a decoder: type, completeness and number of parts."""

from collections.abc import Callable
from typing import Final

from inspections.engines.imaging import heic, jpeg, png
from inspections.media_types import HEIC, JPEG, PNG

# Pictures and sequences of pictures coded as HEVC.
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})


def sniff(content: bytes) -> str | None:
    """Return "image/jpeg", "image/png" or "image/heic" from the magic bytes, None for everything else.

    HEIC brands as registered for ISO/IEC 23008-12, at any place in the file's list: others (`mif1`, `msf1`, `MiHE`) may
    come first, and alone may hold any codec.
    """
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    return HEIC if _is_heic(content) else None


def is_complete(content: bytes, content_type: str) -> bool:
    """Return whether all pixels are present. The end of the file may be missing, or more bytes may follow it."""
    return _IS_WHOLE[content_type](content)


def is_overloaded(content: bytes, content_type: str) -> bool:
    """Return whether the number of parts would overload a decoder; a small file can have many.

    A scan costs a pass over the whole picture, however few bytes it has; segments, chunks and fill bytes are read one
    by one. The parts of a HEIC are counted where they are read.
    """
    return content_type in _IS_OVERLOADED and _IS_OVERLOADED[content_type](content)


def _is_heic(content: bytes) -> bool:
    if content[4:8] != b"ftyp":
        return False
    size = min(int.from_bytes(content[:4], "big"), 256)
    brands = {content[at : at + 4] for at in (8, *range(16, size, 4))}
    return bool(brands & _HEIC_BRANDS)


_IS_WHOLE: Final[dict[str, Callable[[bytes], bool]]] = {JPEG: jpeg.is_whole, PNG: png.is_whole, HEIC: heic.is_whole}
_IS_OVERLOADED: Final[dict[str, Callable[[bytes], bool]]] = {JPEG: jpeg.is_overloaded, PNG: png.is_overloaded}
