"""Read the two EXIF values that change pixels; ignore all others."""

import struct
import zlib
from typing import Final

from PIL import Image

_ORIENTATION_TAG: Final = 0x0112
UPRIGHT: Final = 1
_EXIF_TAG, _INTEROPERABILITY_TAG, _COLOUR_SPACE_TAG, _INDEX_TAG = 0x8769, 0xA005, 0xA001, 0x0001
_UNCALIBRATED: Final = 0xFFFF
# Not in the standard, but written by cameras.
_ADOBE_RGB: Final = 2
_INDEX_OF_ADOBE_RGB: Final = "R03"
_PREFIX: Final = b"Exif\0\0"
_ERRORS: Final = (
    OSError,
    ValueError,
    TypeError,
    AttributeError,
    SyntaxError,
    LookupError,
    EOFError,
    ArithmeticError,
    RuntimeError,
    struct.error,
    zlib.error,
)


def orientation_of(exif: bytes) -> int | None:
    """Return EXIF's orientation (EXIF 2.32, 4.6.4 A), 1 to 8; None if absent or unreadable."""
    try:
        orientation = _loaded(exif).get(_ORIENTATION_TAG)
    except _ERRORS:
        return None
    return orientation if isinstance(orientation, int) and orientation in range(1, 9) else None


def is_adobe_rgb(exif: bytes) -> bool:
    """Return whether the colours are Adobe RGB, which cameras state here and in no profile (DCF 2.0, 3.2.2)."""
    try:
        found = _loaded(exif)
        space = found.get_ifd(_EXIF_TAG).get(_COLOUR_SPACE_TAG)
        index = found.get_ifd(_INTEROPERABILITY_TAG).get(_INDEX_TAG) if space == _UNCALIBRATED else None
    except _ERRORS:
        return False
    return bool(space == _ADOBE_RGB or (isinstance(index, str) and index.startswith(_INDEX_OF_ADOBE_RGB)))


def _loaded(exif: bytes) -> Image.Exif:
    found = Image.Exif()
    found.load(exif if exif.startswith(_PREFIX) else _PREFIX + exif)
    return found
