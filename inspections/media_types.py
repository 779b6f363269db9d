"""The media types of photos: names used by phones, and names shown to owners."""

from collections.abc import Iterable
from typing import Final

from inspections.engines.imaging.headers import HEIC, JPEG, PNG

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
