"""The guards against hostile recordings: how to remove each, and kinds of file that it alone stops.

A guard in the decoder's process is removed by code that runs there; one in the worker's process by a patch.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final
from unittest.mock import patch

from dossiers.statement.audio import decode
from dossiers.statement.containers import container_of
from maretech.common.storage.local import LocalStore

_AUDIO: Final = "dossiers.statement.audio"
_ANY_NUMBER: Final = 10**9


@dataclass(frozen=True, slots=True)
class Guard:
    """`change` is code for the decoder's process. `is_quick`: its attacks are for the tests too."""

    kinds: tuple[str, ...]
    change: str = ""
    remove: Callable[[], AbstractContextManager[object]] = nullcontext
    is_quick: bool = True


@contextmanager
def _whatever_its_first_bytes() -> Iterator[None]:
    """Remove the guard: what begins like a playlist is read as one."""

    def guess(data: bytes) -> str:
        return "concat" if data.startswith(b"ffconcat") else container_of(data)

    with patch(f"{_AUDIO}.container_of", guess):
        yield


@contextmanager
def _hears_all() -> Iterator[None]:
    with patch(f"{_AUDIO}._QUIETEST_VOICE", -1.0), patch(f"{_AUDIO}._SHORTEST_SECONDS", 0.0):
        yield


def _any_size() -> AbstractContextManager[object]:
    return patch.dict(decode.__kwdefaults__, max_bytes=_ANY_NUMBER)


def _any_bytes() -> AbstractContextManager[object]:
    """Remove the guard: the bytes are taken for those that were announced."""
    return patch("dossiers.recordings.transcription.hashlib", SimpleNamespace(sha256=lambda _: _Any()))


class _Any:
    def hexdigest(self) -> "_Any":
        return self

    def __eq__(self, _: object) -> bool:
        return True

    __hash__ = object.__hash__


@contextmanager
def _any_length() -> Iterator[None]:
    """Remove the guards: more bytes are read than were announced, and taken for those."""
    read = LocalStore.read

    def read_all(store: LocalStore, key: str, **_: Any) -> bytes:
        return read(store, key, max_bytes=_ANY_NUMBER)

    with patch.object(LocalStore, "read", read_all), _any_bytes():
        yield


_ANY_MEMORY: Final = """
limit = resource.setrlimit
resource.setrlimit = lambda what, most: None if what == resource.RLIMIT_AS else limit(what, most)
"""
# The decoder that may open files: all that stands between a playlist and the files it names.
_OPENS_FILES: Final = """
import av
limit = resource.setrlimit
resource.setrlimit = lambda what, most: None if what == resource.RLIMIT_NOFILE else limit(what, most)
opened = av.open
def open_all(file, mode, *, format, options, metadata_errors):
    options = {**options, "protocol_whitelist": "file", "safe": "0"}
    del options["format_whitelist"]
    return opened(file, mode, format=format, options=options, metadata_errors=metadata_errors)
decoder.av.open = open_all
"""
_DECODES_ALL: Final = """
import av
opened = av.open
def open_all(file, mode, *, format, options, metadata_errors):
    options = {name: value for name, value in options.items() if name != "codec_whitelist"}
    return opened(file, mode, format=format, options=options, metadata_errors=metadata_errors)
decoder.av.open = open_all
decoder._CODECS = type("All", (), {"__contains__": lambda *_: True})()
"""
_SEES_NO_FILM: Final = """
def only_audio(opened):
    stream = opened.streams.audio[0]
    stream.codec_context.thread_count = 1
    return stream
decoder._only_audio = only_audio
"""

GUARDS: Final[dict[str, Guard]] = {
    "memory": Guard(("m4a of so many packets that no memory holds them",), _ANY_MEMORY, is_quick=False),
    "packets": Guard(
        ("m4a of millions of packets of nothing",), f"decoder._PACKETS_OF_A_SECOND = {_ANY_NUMBER}", is_quick=False
    ),
    "duration": Guard(
        (
            "a second too long",
            "ten minutes of silence in little",
            "webm whose header says a second",
            "m4a whose header says a second",
        ),
        f"sys.argv[2] = '{_ANY_NUMBER}'",
    ),
    "damage": Guard(("m4a with its header in front, cut in half",), "decoder._BAD_PACKETS_PERCENT = 100"),
    "codings": Guard(("adpcm in wav", "flac in ogg"), _DECODES_ALL),
    "rates": Guard(("a sample rate of 1 MHz",), "decoder._RATES = range(1, 2**32)"),
    "pictures": Guard(("film as mp4", "film as webm", "m4a with a film", "two voices"), _SEES_NO_FILM),
    "containers": Guard(("a playlist of another recording",), _OPENS_FILES, _whatever_its_first_bytes),
    "voice": Guard(("zeros as wav", "hiss", "a constant", "a click"), remove=_hears_all),
    "whole": Guard(("wav cut in half",), remove=lambda: patch(f"{_AUDIO}.is_cut", lambda *_: False)),
    "size": Guard(("a byte too many",), remove=_any_size),
    "announced bytes": Guard(("other bytes than announced",), remove=_any_bytes),
    "announced size": Guard(("more bytes than announced",), remove=_any_length),
}
