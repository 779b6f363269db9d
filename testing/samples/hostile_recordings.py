"""Hostile files sent in the place of a recording, each generated on demand, with the reasons that may refuse it."""

import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Final

import numpy as np

from dossiers.statement.audio import MAX_BYTES, MAX_SECONDS
from dossiers.statement.reasons import RecordingReason as Reason
from testing.samples.recordings import HEADER_FIRST, RATE, encoded, hiss, tone, wav

HEARD: Final = "heard"
SECRET: Final = "/etc/hostname"
_SECONDS: Final = 2
_HOURS: Final = 10


@dataclass(frozen=True, slots=True)
class Hostile:
    """`expected` holds the reasons that may refuse it, and `HEARD` if it may also be decoded."""

    name: str
    make: Callable[[], bytes]
    expected: frozenset[str]


def files() -> Iterator[Hostile]:
    """Return every kind of file, generated only on request: some are large."""
    for expected, kinds in _KINDS.items():
        for name, make in kinds.items():
            yield Hostile(name, make, frozenset(expected))


# --- Playlists and other files that name files ----------------------------------------------------------------------


def playlists() -> Mapping[str, bytes]:
    """Return files that make FFmpeg, left to guess, open other files."""
    return {
        "ffconcat": f"ffconcat version 1.0\nfile '{SECRET}'\n".encode(),
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile://{SECRET}\n#EXT-X-ENDLIST\n".encode(),
        "hls of http": b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
        "dash": b'<?xml version="1.0"?><MPD><BaseURL>http://127.0.0.1:9/</BaseURL></MPD>',
        "sdp": b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nm=audio 9 RTP/AVP 0\r\n",
        "pls": f"[playlist]\nFile1={SECRET}\nNumberOfEntries=1\n".encode(),
        "subfile": f"subfile,,start,0,end,99,,:{SECRET}".encode(),
        "concatf": f"concatf:{SECRET}".encode(),
    }


def _playlist(name: str) -> Callable[[], bytes]:
    return lambda: playlists()[name]


# --- Containers, by their parts -------------------------------------------------------------------------------------


@cache
def m4a() -> bytes:
    return encoded(tone(_SECONDS), container="ipod", codec="aac")


@cache
def m4a_with_header_first() -> bytes:
    return encoded(tone(_SECONDS * 10), container="ipod", codec="aac", options=HEADER_FIRST)


@cache
def ogg() -> bytes:
    return encoded(tone(_SECONDS), container="ogg", codec="libopus")


@cache
def webm() -> bytes:
    return encoded(tone(_SECONDS), container="webm", codec="libopus")


def atom(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + name + body


def file_type() -> bytes:
    return atom(b"ftyp", b"M4A \0\0\0\0")


def compressed_header(declared: int) -> bytes:
    """Build an m4a with a compressed header that claims this size."""
    packed = zlib.compress(bytes(50_000_000), 9)
    movie = atom(b"cmov", atom(b"dcom", b"zlib"), atom(b"cmvd", struct.pack(">I", declared), packed))
    return file_type() + atom(b"moov", movie)


def with_count(table: bytes, count: int) -> bytes:
    """Declare another number of entries in a table of the header."""
    content, at = m4a(), m4a().index(table) + 4
    at += 8 if table == b"stsz" else 4
    return content[:at] + struct.pack(">I", count) + content[at + 4 :]


def external_data() -> bytes:
    """Declare that the sound lies in another file."""
    return m4a().replace(b"url \0\0\0\1", b"url \0\0\0\0", 1)


def nested_atoms(depth: int) -> bytes:
    content = b""
    for _ in range(depth):
        content = atom(b"moov", content)
    return file_type() + content


_HOLD_ATOMS: Final = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"udta")


def _with_atoms(changed: Mapping[bytes, bytes]) -> bytes:
    """Return an m4a with other bodies of these atoms. Its sound lies before its header and stays where it is."""

    def rebuilt(content: bytes) -> bytes:
        out, at = [], 0
        while at < len(content):
            size, name = struct.unpack(">I4s", content[at : at + 8])
            body = content[at + 8 : at + size]
            out.append(atom(name, changed.get(name, rebuilt(body) if name in _HOLD_ATOMS else body)))
            at += size
        return b"".join(out)

    return rebuilt(m4a())


def _table(name: bytes, content: bytes) -> bytes:
    at = content.index(name)
    return content[at + 4 : at - 4 + int.from_bytes(content[at - 4 : at], "big")]


def _packets() -> tuple[int, list[int]]:
    """Return where the sound of the m4a lies, and the sizes of its packets."""
    sizes, offsets = _table(b"stsz", m4a()), _table(b"stco", m4a())
    count = int.from_bytes(sizes[8:12], "big")
    return int.from_bytes(offsets[8:12], "big"), list(struct.unpack(f">{count}I", sizes[12:]))


def repeated_packet(count: int, *, size: int = 0, per_chunk: int = 1) -> bytes:
    """Return an m4a whose chunks all lie at the same place: its header says the same packet this many times."""
    start, sizes = _packets()
    at = start + sum(sizes[:5])
    return _with_atoms(
        {
            b"edts": b"",  # it would play only as much as there was
            b"stsz": struct.pack(">III", 0, size or sizes[5], count * per_chunk),
            b"stco": struct.pack(">II", 0, count) + struct.pack(">I", at) * count,
            b"stsc": struct.pack(">IIIII", 0, 1, 1, per_chunk, 1),
            b"stts": struct.pack(">IIII", 0, 1, count * per_chunk, 1024),
        }
    )


def packets_of_nothing(count: int) -> bytes:
    """Return a small m4a of this many packets of one byte, which hold no sound."""
    return repeated_packet(count // 1000, size=1, per_chunk=1000)


def element(number: bytes, body: bytes) -> bytes:
    return number + (0x0100_0000_0000_0000 | len(body)).to_bytes(8, "big") + body


def ebml_header() -> bytes:
    return element(b"\x1aE\xdf\xa3", element(b"\x42\x82", b"webm"))


def packed_block() -> bytes:
    """Build a webm with one block of zlib, a thousand times larger when it is unpacked."""
    packing = element(b"\x50\x34", element(b"\x42\x54", b"\0"))
    encoding = element(b"\x6d\x80", element(b"\x62\x40", element(b"\x50\x33", b"\0") + packing))
    sound = element(b"\xe1", element(b"\xb5", struct.pack(">d", 8000.0)) + element(b"\x62\x64", b"\x10"))
    kind = element(b"\x86", b"A_PCM/INT/LIT") + element(b"\x83", b"\x02")
    track = element(b"\xae", element(b"\xd7", b"\x01") + kind + sound + encoding)
    block = element(b"\xa3", b"\x81\0\0\0" + zlib.compress(bytes(100_000_000), 9))
    cluster = element(b"\x1f\x43\xb6\x75", element(b"\xe7", b"\0") + block)
    return ebml_header() + element(b"\x18\x53\x80\x67", element(b"\x16\x54\xae\x6b", track) + cluster)


def nested_elements(depth: int) -> bytes:
    content = b""
    for _ in range(depth):
        content = element(b"\x67\xc8", content)  # a simple tag may hold simple tags
    return ebml_header() + element(b"\x18\x53\x80\x67", element(b"\x12\x54\xc3\x67", element(b"\x73\x73", content)))


_OGG_POLYNOMIAL: Final = 0x04C11DB7


@cache
def _crc_table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = ((value << 1) ^ (_OGG_POLYNOMIAL if value & 0x80000000 else 0)) & 0xFFFFFFFF
        table.append(value)
    return table


def ogg_page(packets: list[bytes], *, number: int, granule: int, flags: int = 0) -> bytes:
    lacing = b"".join(bytes([255] * (len(packet) // 255) + [len(packet) % 255]) for packet in packets)
    head = b"OggS\0" + struct.pack("<BqIII", flags, granule, 1, number, 0) + bytes([len(lacing)]) + lacing
    page, value, table = head + b"".join(packets), 0, _crc_table()
    for byte in page:
        value = ((value << 8) & 0xFFFFFFFF) ^ table[(value >> 24) ^ byte]
    return page[:22] + struct.pack("<I", value) + page[26:]


def quiet_ogg(seconds: int, *, channels: int = 1) -> bytes:
    """Return an ogg of Opus frames that hold nothing: 120 ms of silence in two bytes."""
    heads = [b"OpusHead\1" + bytes([channels]) + struct.pack("<HIhB", 0, 48_000, 0, 0)]
    pages = [ogg_page(heads, number=0, granule=0, flags=2)]
    pages.append(ogg_page([b"OpusTags" + struct.pack("<I", 0) + struct.pack("<I", 0)], number=1, granule=0))
    packets, each = int(seconds / 0.12), 250
    for number, start in enumerate(range(0, packets, each), start=2):
        here = min(each, packets - start)
        granule = (start + here) * 5760
        pages.append(
            ogg_page([b"\xfb\x06"] * here, number=number, granule=granule, flags=4 * (start + here == packets))
        )
    return b"".join(pages)


def noisy(content: bytes, seed: int) -> bytes:
    """Overwrite one byte in fifty behind the first bytes, which name the container."""
    found = bytearray(content)
    draw = random.Random(seed)
    for _ in range(len(found) // 50):
        found[draw.randrange(64, len(found))] = draw.randrange(256)
    return bytes(found)


def _with_noise(make: Callable[[], bytes], seed: int) -> bytes:
    return noisy(make(), seed)


def _half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _noise(length: int) -> bytes:
    return random.Random(3).randbytes(length)


def _zip_of_wav() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("voice.wav", wav(tone(_SECONDS)))
    return out.getvalue()


def _quiet_alac() -> bytes:
    return encoded(np.zeros(8000 * 2 * MAX_SECONDS, np.int16), container="ipod", codec="alac", rate=8000)


def _long(seconds: float) -> bytes:
    return wav(tone(seconds, rate=8000), rate=8000)


_KINDS: Final[Mapping[tuple[str, ...], Mapping[str, Callable[[], bytes]]]] = {
    (Reason.NOT_AUDIO,): {
        **{f"playlist: {name}": _playlist(name) for name in playlists()},
        "empty": lambda: b"",
        "one byte": lambda: b"R",
        "text": lambda: b"I saw rust at the keel. " * 99,
        "html": lambda: b"<!doctype html><script>alert(1)</script>",
        "zeros": lambda: bytes(99_999),
        "random bytes": lambda: _noise(99_999),
        "zip of a wav": _zip_of_wav,
        "gzip of a wav": lambda: gzip.compress(wav(tone(_SECONDS))),
        "jpeg": lambda: b"\xff\xd8\xff\xe0\0\x10JFIF\0" + _noise(999),
        "png": lambda: b"\x89PNG\r\n\x1a\n" + _noise(999),
        "heic": lambda: atom(b"ftyp", b"heic\0\0\0\0") + _noise(999),
        "avi": lambda: b"RIFF\xff\xff\0\0AVI LIST" + _noise(999),
        "webp": lambda: b"RIFF\xff\xff\0\0WEBPVP8 " + _noise(999),
        "pdf": lambda: b"%PDF-1.7\n" + _noise(999),
        "elf": lambda: b"\x7fELF" + _noise(999),
        "wav behind a space": lambda: b" " + wav(tone(_SECONDS)),
        "ebml of another kind": lambda: element(b"\x1aE\xdf\xa3", element(b"\x42\x82", b"other")) + _noise(999),
    },
    (Reason.UNSUPPORTED_FORMAT,): {
        "mp3": lambda: encoded(tone(_SECONDS), container="mp3", codec="libmp3lame"),
        "flac": lambda: encoded(tone(_SECONDS), container="flac", codec="flac"),
        "adts": lambda: encoded(tone(_SECONDS), container="adts", codec="aac"),
        "aiff": lambda: encoded(tone(_SECONDS), container="aiff", codec="pcm_s16be"),
        "caf": lambda: encoded(tone(_SECONDS), container="caf", codec="pcm_s16le"),
        "au": lambda: encoded(tone(_SECONDS), container="au", codec="pcm_s16be"),
        "amr": lambda: b"#!AMR\n" + _noise(999),
        "rf64": lambda: b"RF64" + wav(tone(_SECONDS))[4:],
        "flac in ogg": lambda: encoded(tone(_SECONDS), container="ogg", codec="flac"),
        "two voices": lambda: encoded(tone(_SECONDS), container="mp4", codec="aac", tracks=2),
        "adpcm in wav": lambda: wav(tone(_SECONDS), coding=2, bits=4),
        "64 channels": lambda: wav(tone(64 * _SECONDS), channels=64),
        "a sample rate of 1 MHz": lambda: wav(tone(_SECONDS), rate=1_000_000),
        "a sample rate of 1 Hz": lambda: wav(tone(_SECONDS), rate=1),
    },
    (Reason.UNSUPPORTED_FORMAT, Reason.DAMAGED): {
        "a sample rate of 4 GHz": lambda: wav(tone(_SECONDS), rate=2**32 - 1),
        "65535 channels": lambda: wav(tone(_SECONDS), channels=65_535),
        "no channel": lambda: wav(tone(_SECONDS), channels=0),
        "a sample rate of 0": lambda: wav(tone(_SECONDS), rate=0),
        "40 voices": lambda: encoded(tone(0.5), container="mp4", codec="aac", tracks=40),
    },
    (Reason.HAS_VIDEO,): {
        "film as mp4": lambda: encoded(tone(_SECONDS), container="mp4", codec="aac", film="mpeg4"),
        "film as webm": lambda: encoded(tone(_SECONDS), container="webm", codec="libopus", film="libvpx"),
        "film as mov": lambda: encoded(tone(_SECONDS), container="mov", codec="aac", film="mpeg4"),
        "silent film": lambda: encoded(np.zeros(RATE, np.int16), container="mp4", codec="aac", tracks=0, film="mpeg4"),
    },
    (Reason.DAMAGED,): {
        "wav without sound": lambda: wav(tone(0)),
        "wav cut in half": lambda: wav(tone(_SECONDS))[:RATE],
        "wav of a playlist": lambda: wav(np.zeros(0, np.int16))[:36] + playlists()["ffconcat"],
        "m4a cut in half": lambda: _half(m4a()),
        "m4a with its header in front, cut in half": lambda: _half(m4a_with_header_first()),
        "m4a of its head": file_type,
        "m4a of noise": lambda: file_type() + atom(b"moov", _noise(99_999)),
        "m4a with a compressed header of 4 GB": lambda: compressed_header(2**32 - 1),
        "m4a with a compressed header": lambda: compressed_header(50_000_000),
        "m4a of 40,000 nested atoms": lambda: nested_atoms(40_000),
        "ogg of its head": lambda: ogg()[:40],
        "webm of its head": lambda: webm()[:40],
        "webm of 40,000 nested elements": lambda: nested_elements(40_000),
    },
    (Reason.DAMAGED, HEARD): {
        "m4a of 4 billion samples": lambda: with_count(b"stsz", 2**32 - 1),
        "m4a of half a billion samples": lambda: with_count(b"stsz", 2**29 - 1),
        "m4a of 4 billion times": lambda: with_count(b"stts", 2**32 - 1),
        "wav that says 4 GB": lambda: wav(tone(_SECONDS), declared_bytes=2**32 - 99),
        "m4a of 4 billion chunks": lambda: with_count(b"stco", 2**32 - 1),
        "m4a with its sound elsewhere": external_data,
        "ogg cut in half": lambda: _half(ogg()),
        "webm cut in half": lambda: _half(webm()),
        "ogg before a playlist": lambda: ogg() + playlists()["ffconcat"],
    },
    (Reason.TOO_LONG,): {
        "a second too long": lambda: _long(MAX_SECONDS + 1),
        "ten hours of silence": lambda: quiet_ogg(_HOURS * 3600),
        "ten minutes of silence in little": _quiet_alac,
    },
    (Reason.TOO_LARGE,): {"a byte too many": lambda: wav(tone(_SECONDS)).ljust(MAX_BYTES + 1, b"\0")},
    (Reason.SILENT,): {
        "zeros as wav": lambda: wav(np.zeros(RATE * 5, np.int16)),
        "zeros as m4a": lambda: encoded(np.zeros(RATE * 5, np.int16), container="ipod", codec="aac"),
        "zeros as ogg": lambda: quiet_ogg(60),
        "hiss": lambda: wav(hiss(5, loudness=0.001)),
        "a constant": lambda: wav(np.full(RATE * 5, 12_000, np.int16)),
        "a click": lambda: wav(tone(0.2)),
    },
    (*Reason, HEARD): {
        f"{name} with noise, {seed}": partial(_with_noise, make, seed)
        for name, make in (("ogg", ogg), ("webm", webm), ("m4a", m4a))
        for seed in range(5)
    },
    (Reason.DAMAGED, Reason.SILENT, Reason.TOO_LONG): {"webm with a packed block": packed_block},
}
