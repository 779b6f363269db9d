"""The one thing of EXIF that changes pixels; whatever else stands there is not read."""

import struct
import zlib
from typing import Final

from PIL import Image

_ORIENTATION_TAG: Final = 0x0112
UPRIGHT: Final = 1
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
    """Return EXIF's orientation (EXIF 2.32, 4.6.4 A), 1 to 8; None where there is none that can be read."""
    try:
        found = Image.Exif()
        found.load(exif if exif.startswith(_PREFIX) else _PREFIX + exif)
        orientation = found.get(_ORIENTATION_TAG)
    except _ERRORS:
        return None
    return orientation if isinstance(orientation, int) and orientation in range(1, 9) else None
