"""The media types of recordings, by the names that phones and browsers use."""

from collections.abc import Mapping
from typing import Final

MP4: Final = "audio/mp4"
OGG: Final = "audio/ogg"
WEBM: Final = "audio/webm"
WAV: Final = "audio/wav"
CONTENT_TYPES: Final = (MP4, OGG, WEBM, WAV)
SUFFIXES: Final[Mapping[str, str]] = {MP4: "m4a", OGG: "ogg", WEBM: "webm", WAV: "wav"}
_ALIASES: Final[Mapping[str, str]] = {
    "audio/m4a": MP4,
    "audio/x-m4a": MP4,
    "audio/mp4a-latm": MP4,
    "audio/opus": OGG,
    "application/ogg": OGG,
    "video/webm": WEBM,  # as some browsers name what they recorded, though it has no picture
    "audio/x-wav": WAV,
    "audio/wave": WAV,
    "audio/vnd.wave": WAV,
}


def canonical_type(declared: str) -> str:
    """Return the media type that a link is signed for: lower case, without parameters, by its canonical name."""
    name = declared.partition(";")[0].strip().lower()
    return _ALIASES.get(name, name)
