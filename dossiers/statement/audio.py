"""Recordings to speech, with limits on bytes, duration, memory and time."""

from typing import Final

from dossiers.statement.ports import Speech

MAX_SECONDS: Final = 300
MAX_BYTES: Final = 20 * 1024 * 1024
# What a phone or a browser names its recording, and what we accept; the bytes decide.
CONTENT_TYPES: Final = ("audio/mp4", "audio/ogg", "audio/webm", "audio/wav")


def decode(data: bytes) -> Speech:
    """Return the sound of an m4a, ogg, webm or wav file. Raises a subclass of `UnusableRecording`.

    The decoder runs in a process of its own with limits, because it reads hostile bytes with a C library.
    """
    raise NotImplementedError
