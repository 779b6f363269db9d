"""The media types of photos: their names on phones and for owners, and the most pixels of each."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
HEIC: Final = "image/heic"

# Size of the largest phone sensor (16,384 × 12,288): libjpeg shrinks while it decodes, row by row.
MAX_PIXELS: Final = 201_326_592
# PNG and HEIC are decoded whole before they can be shrunk. No camera writes PNG; phones write up to 50 megapixels as
# HEIC.
MAX_PIXELS_PNG: Final = 36_000_000
MAX_PIXELS_HEIC: Final = 50_000_000
# The capture policy sends the limits to the phones.
MAX_PIXELS_BY_TYPE: Final[Mapping[str, int]] = MappingProxyType(
    {JPEG: MAX_PIXELS, PNG: MAX_PIXELS_PNG, HEIC: MAX_PIXELS_HEIC}
)
_ALIASES: Final = {
    "image/jpg": JPEG,
    "image/pjpeg": JPEG,
    "image/x-png": PNG,
    "image/heif": HEIC,
    "image/hif": HEIC,
    "image/heic-sequence": HEIC,
    "image/heif-sequence": HEIC,
}


def canonical_type(declared: str) -> str:
    """Return the media type that a link is signed for: lower case, without parameters, by its canonical name."""
    name = declared.partition(";")[0].strip().lower()
    return _ALIASES.get(name, name)


def format_names(content_types: Iterable[str]) -> str:
    """Return the types by their names for owners, e.g. "JPEG, PNG or HEIC"."""
    *others, last = [content_type.partition("/")[2].upper() for content_type in content_types]
    return f"{', '.join(others)} or {last}" if others else last
