"""What a file is, by its first bytes. Its name and declared type are the caller's word; these are not."""

from collections.abc import Mapping
from typing import Final

from dossiers.statement.failures import NotAudio, UnsupportedFormat

_EBML: Final = b"\x1aE\xdf\xa3"
# The document type of an EBML file is in its header, which is shorter than this.
_EBML_HEADER_BYTES: Final = 64
# What a recorder that streams a wav writes in the place of its length is at least this.
_UNKNOWN_LENGTH: Final = 2**31 - 1024
# Pictures in the container of m4a.
_PICTURE_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis")
# Audio that we do not read: the owner is shown that, and not that this is no audio.
_OTHER_AUDIO: Final[Mapping[str, tuple[bytes, ...]]] = {
    "mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa"),
    "aac": (b"\xff\xf1", b"\xff\xf9"),
    "flac": (b"fLaC",),
    "amr": (b"#!AMR",),
    "caf": (b"caff",),
    "rf64": (b"RF64", b"BW64"),
    "au": (b".snd",),
    "wma": (b"0&\xb2u\x8ef\xcf\x11",),
}


def container_of(data: bytes) -> str:
    """Return FFmpeg's name of the container: `wav`, `ogg`, `matroska` or `mov`.

    FFmpeg is never left to guess: of a file that begins with `ffconcat` or `#EXTM3U` it would open other files.
    Raises `NotAudio` or `UnsupportedFormat`.
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "wav"
    if data[:4] == b"OggS":
        return "ogg"
    if data[:4] == _EBML and any(name in data[:_EBML_HEADER_BYTES] for name in (b"webm", b"matroska")):
        return "matroska"
    if data[4:8] == b"ftyp" and data[8:12] not in _PICTURE_BRANDS:
        return "mov"
    if any(data.startswith(magic) for magic in _OTHER_AUDIO.values()) or _is_aiff(data):
        raise UnsupportedFormat
    raise NotAudio


def is_cut(data: bytes, container: str) -> bool:
    """Return whether a wav is shorter than its header says. Recorders that do not know the length say 0 or 4 GB."""
    said = int.from_bytes(data[4:8], "little") + 8
    return container == "wav" and len(data) < said < _UNKNOWN_LENGTH


def _is_aiff(data: bytes) -> bool:
    return data[:4] == b"FORM" and data[8:12] in (b"AIFF", b"AIFC")
