"""Hostile recordings beyond those of `testing`: headers that lie, files that decode to hours, and seeded damage.

Each is generated on demand.
"""

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from random import Random
from typing import Final

import numpy as np

from dossiers.statement.audio import MAX_BYTES, MAX_SECONDS
from dossiers.statement.reasons import RecordingReason as Reason
from testing.samples.hostile_recordings import (
    HEARD,
    Hostile,
    atom,
    ebml_header,
    element,
    file_type,
    m4a,
    ogg,
    ogg_page,
    packets_of_nothing,
    quiet_ogg,
    repeated_packet,
    webm,
)
from testing.samples.recordings import encoded, tone, wav

_HOURS: Final = 10
_PACKETS_OF_AN_HOUR: Final = 3600 * 16_000 // 1024
_MEGABYTES: Final = 15
_UNKNOWN_SIZE: Final = b"\x01\xff\xff\xff\xff\xff\xff\xff"
_EITHER: Final = frozenset({*Reason, HEARD})
_SEED: Final = 20_261_130


def more_files(*, mutations: int) -> Iterator[Hostile]:
    """Return the kinds, and this many mutations of each good file."""
    for expected, kinds in _KINDS.items():
        for name, make in kinds.items():
            yield Hostile(name, make, frozenset(expected))
    for form, make in GOOD.items():
        for number in range(mutations):
            yield Hostile(f"{form}, mutation {number}", partial(_mutated, form, make, number), _EITHER)


# --- m4a -------------------------------------------------------------------------------------------------------------
def _short_by_its_header() -> bytes:
    """Return an m4a with a header of one second and the packets of an hour."""
    content = repeated_packet(_PACKETS_OF_AN_HOUR)
    for name, at in ((b"mvhd", 20), (b"mdhd", 20), (b"tkhd", 24)):
        where = content.index(name) + at
        content = content[:where] + struct.pack(">I", 1000) + content[where + 4 :]
    return content


def _packed_header_of_a_gigabyte() -> bytes:
    packer, size = zlib.compressobj(9), 1_000_000_000
    packed = b"".join(packer.compress(bytes(10_000_000)) for _ in range(size // 10_000_000)) + packer.flush()
    movie = atom(b"cmov", atom(b"dcom", b"zlib"), atom(b"cmvd", struct.pack(">I", size), packed))
    return file_type() + atom(b"moov", movie)


def _around_itself() -> bytes:
    """Return an m4a with a header that contains a copy of itself, which claims to contain the whole file."""
    head = m4a()[m4a().index(b"moov") - 4 :]
    inner = struct.pack(">I", 2**31 - 1) + head[4:]
    return file_type() + struct.pack(">I", len(head) + len(inner)) + head[4:] + inner


def _text_in_m4a(length: int) -> bytes:
    name = atom(b"\xa9nam", atom(b"data", struct.pack(">II", 1, 0), b"x" * length))
    return m4a() + atom(b"moov", atom(b"udta", atom(b"meta", bytes(4), atom(b"ilst", name))))


# --- webm ------------------------------------------------------------------------------------------------------------
def _endless(number: bytes, body: bytes) -> bytes:
    return number + _UNKNOWN_SIZE + body


def _webm_of(blocks: bytes, *, seconds: float = 1.0, tags: bytes = b"") -> bytes:
    """Return a webm that streams: neither its segment nor its clusters know their size. It says how long it lasts."""
    head = b"OpusHead\1\1" + struct.pack("<HIhB", 0, 48_000, 0, 0)
    sound = element(b"\xe1", element(b"\xb5", struct.pack(">d", 48_000.0)) + element(b"\x9f", b"\x01"))
    kind = element(b"\x86", b"A_OPUS") + element(b"\x83", b"\x02") + element(b"\x63\xa2", head)
    track = element(b"\x16\x54\xae\x6b", element(b"\xae", element(b"\xd7", b"\x01") + kind + sound))
    about = element(b"\x15\x49\xa9\x66", element(b"\x44\x89", struct.pack(">d", seconds * 1000)))
    return ebml_header() + _endless(b"\x18\x53\x80\x67", about + track + tags + blocks)


def _blocks(packet: bytes, count: int) -> bytes:
    """Return a cluster of unknown size with this packet again and again."""
    block = b"\xa3" + bytes([0x84 + len(packet)]) + b"\x81\0\0\x80" + packet
    return _endless(b"\x1f\x43\xb6\x75", element(b"\xe7", b"\0") + block * count)


def _quiet_blocks(count: int) -> bytes:
    """Return blocks of 120 ms of silence, each in two bytes."""
    return _blocks(b"\xfb\x06", count)


def _clusters_in_clusters(depth: int) -> bytes:
    return (b"\x1f\x43\xb6\x75" + _UNKNOWN_SIZE) * depth


def _text_in_webm() -> bytes:
    text = element(b"\x67\xc8", element(b"\x45\xa3", b"TITLE") + element(b"\x44\x87", b"x" * _MEGABYTES * 1_000_000))
    return _webm_of(_quiet_blocks(30), tags=element(b"\x12\x54\xc3\x67", element(b"\x73\x73", text)))


# --- ogg -------------------------------------------------------------------------------------------------------------
_OPUS_HEAD: Final = b"OpusHead\1\1" + struct.pack("<HIhB", 0, 48_000, 0, 0)


def _comments(length: int) -> bytes:
    return b"OpusTags" + struct.pack("<III", 0, 1, length) + b"TITLE=".ljust(length, b"x")


def _text_in_ogg(length: int) -> bytes:
    """Return an ogg with one comment of this length, on as many pages as it takes."""
    comments, each = _comments(length), 255 * 255
    pages = [ogg_page([_OPUS_HEAD], number=0, granule=0, flags=2)]
    for number, start in enumerate(range(0, len(comments), each), start=1):
        part = comments[start : start + each]
        page = ogg_page([part], number=number, granule=0, flags=1 if start else 0) if len(part) < each else None
        pages.append(page or _full_page(part, number, 1 if start else 0))
    return b"".join(pages)


def _full_page(part: bytes, number: int, flags: int) -> bytes:
    """Return a page of 255 full segments. FFmpeg reads it without a checksum of ours, which it does not compare."""
    head = b"OggS\0" + struct.pack("<BqIII", flags, -1, 1, number, 0) + b"\xff" * 256
    return head + part


def _tiny_packets(megabytes: int) -> bytes:
    """Return an ogg with millions of packets of one byte, none of them a sound."""
    pages = [ogg_page([_OPUS_HEAD], number=0, granule=0, flags=2)]
    pages.append(ogg_page([_comments(9)], number=1, granule=0))
    page = ogg_page([b"\xff"] * 255, number=2, granule=5760)
    return b"".join([*pages, *[page] * (megabytes * 1_000_000 // len(page))])


def _many_channels() -> bytes:
    head = b"OpusHead\1\xff" + struct.pack("<HIhB", 0, 48_000, 0, 255) + b"\xff\0" + bytes(range(255))
    pages = [
        ogg_page([head[:250], head[250:]], number=0, granule=0, flags=2),
        ogg_page([_comments(9)], number=1, granule=0),
    ]
    return b"".join([*pages, ogg_page([b"\xfb\x06"] * 99, number=2, granule=5760 * 99, flags=4)])


# --- wav -------------------------------------------------------------------------------------------------------------
def _floats(*values: float) -> bytes:
    sound = np.resize(np.array(values, np.float32), 32_000)
    return wav(sound.view(np.int16), coding=3, bits=32)


def _chunks_in_wav(chunk: bytes, count: int) -> bytes:
    content = wav(tone(2))
    middle = chunk * count
    return content[:4] + struct.pack("<I", len(content) - 8 + len(middle)) + content[8:36] + middle + content[36:]


def _list_chunk(length: int) -> bytes:
    return b"LIST" + struct.pack("<I", length + 12) + b"INFOINAM" + struct.pack("<I", length) + b"x" * length


def _short_wav() -> bytes:
    """Return a wav with a header of one second and ten minutes behind it."""
    content = wav(tone(600, rate=8000), rate=8000)
    return content[:4] + struct.pack("<I", 16_036) + content[8:40] + struct.pack("<I", 16_000) + content[44:]


# --- Damage ----------------------------------------------------------------------------------------------------------
GOOD: Final[Mapping[str, Callable[[], bytes]]] = {
    "m4a": m4a,
    "ogg": ogg,
    "webm": webm,
    "wav": lambda: wav(tone(2)),
    "alac": lambda: encoded(tone(2), container="ipod", codec="alac"),
    "float wav": lambda: _floats(*(tone(1) / 32768)),
    "m4a in fragments": lambda: encoded(
        tone(2),
        container="mp4",
        codec="aac",
        options={"movflags": "frag_keyframe+empty_moov", "frag_duration": "500000"},
    ),
}


def _mutated(form: str, make: Callable[[], bytes], number: int) -> bytes:
    """Change a good file at a few places: bits, numbers, parts cut out, doubled, swapped, or the end lost."""
    draw = Random(f"{_SEED} {form} {number}")  # noqa: S311 - damage, not a secret
    content = bytearray(make())
    for _ in range(draw.choice((1, 1, 2, 8, 60))):
        # Headers are short: half of all changes hit the first or the last kilobyte.
        at = draw.choice((draw.randrange(len(content)), draw.randrange(min(len(content), 1024))))
        at = draw.choice((at, len(content) - 1 - at))
        length = draw.randrange(1, 64)
        match draw.randrange(6):
            case 0:
                content[at] ^= 1 << draw.randrange(8)
            case 1:
                content[at : at + 4] = draw.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\1"))
            case 2:
                del content[at : at + length]
            case 3:
                content[at:at] = content[at : at + length * 9]
            case 4:
                content[at : at + length] = draw.randbytes(length)
            case _:
                del content[max(99, at) :]
        if len(content) < 99:
            break
    return bytes(content)


def _cut(make: Callable[[], bytes], sixteenths: int) -> bytes:
    content = make()
    return content[: len(content) * sixteenths // 16]


def _with_film() -> bytes:
    return encoded(tone(1), container="ipod", codec="aac", film="mpeg4")


def _chained(*parts: Callable[[], bytes]) -> bytes:
    return b"".join(part() for part in parts)


def _stereo_ogg() -> bytes:
    return encoded(tone(1, rate=48_000), container="ogg", codec="libopus", rate=48_000, layout="stereo")


def _best_wav() -> bytes:
    """Return a wav of eight channels at 192 kHz, as large as an upload may be."""
    return wav(np.resize(tone(1), (MAX_BYTES - 99) // 16 * 8), channels=8, rate=192_000)


_KINDS: Final[Mapping[tuple[str, ...], Mapping[str, Callable[[], bytes]]]] = {
    (Reason.TOO_LONG,): {
        "m4a of one packet, ten hours long": lambda: repeated_packet(_HOURS * _PACKETS_OF_AN_HOUR),
        "m4a whose header says a second": _short_by_its_header,
        "webm whose header says a second": lambda: _webm_of(_quiet_blocks(MAX_SECONDS * 30)),
        "webm of 70 hours of unknown size": lambda: _webm_of(_quiet_blocks(2_000_000)),
        "ogg of 30 hours": lambda: quiet_ogg(30 * 3600),
        "hours in oggs one behind another": lambda: quiet_ogg(200) * 90,
    },
    (Reason.DAMAGED,): {
        "m4a whose header unpacks to a gigabyte": _packed_header_of_a_gigabyte,
        "ogg of ten million packets of nothing": lambda: _tiny_packets(19),
        "webm of millions of packets of nothing": lambda: _webm_of(_blocks(b"\xff", 2_800_000)),
        "m4a of millions of packets of nothing": lambda: packets_of_nothing(5_000_000),
        "m4a of so many packets that no memory holds them": lambda: packets_of_nothing(20_000_000),
        "m4a with an atom of four bytes": lambda: file_type() + b"\0\0\0\4moov" + bytes(99),
        "m4a with an atom of 2^63 bytes": lambda: file_type() + b"\0\0\0\1moov\x7f" + b"\xff" * 7 + bytes(99),
        "wav of its header": lambda: wav(tone(0))[:20],
    },
    (Reason.DAMAGED, Reason.UNSUPPORTED_FORMAT): {
        "m4a with a header around itself": _around_itself,
    },
    (Reason.DAMAGED, HEARD): {
        "m4a with an atom of unknown size": lambda: m4a() + b"\0\0\0\0moov" + m4a(),
        "m4a of two headers": lambda: m4a() + m4a()[m4a().index(b"moov") - 4 :],
        "m4a with a million empty atoms": lambda: m4a() + atom(b"moov", atom(b"free") * 1_000_000),
        "m4a with a text of megabytes": lambda: _text_in_m4a(_MEGABYTES * 1_000_000),
        "wav with a list of megabytes": lambda: _chunks_in_wav(_list_chunk(_MEGABYTES * 1_000_000), 1),
        "wav with a million chunks": lambda: _chunks_in_wav(b"junk\0\0\0\0", 1_000_000),
        "ogg with a text of megabytes": lambda: _text_in_ogg(_MEGABYTES * 1_000_000),
    },
    (Reason.UNSUPPORTED_FORMAT, Reason.DAMAGED): {
        "ogg of 255 channels": _many_channels,
        "wav of doubles": lambda: wav(tone(2), coding=3, bits=64),
    },
    (Reason.HAS_VIDEO,): {
        "m4a with a film": _with_film,
    },
    (Reason.SILENT,): {
        "webm with a text of megabytes": _text_in_webm,
        "wav of a thousandth of a second": lambda: wav(tone(0.001)),
        "wav of nothing but not a number": lambda: _floats(float("nan")),
        "wav of values too small to be normal": lambda: _floats(1e-40, -1e-40),
    },
    (Reason.SILENT, HEARD): {
        "wav of 1 bit": lambda: wav(tone(2), bits=1),
        "wav of infinities": lambda: _floats(float("inf"), float("-inf")),
        "wav of a voice with not a number in it": lambda: _floats(*(tone(1) / 32768), float("nan"), float("-inf")),
        "wav of values far over full scale": lambda: _floats(3e38, -3e38, 0.0),
        "wav whose header says a second": _short_wav,
        "wav whose header says 0 bytes": lambda: wav(tone(2), declared_bytes=0),
        "wav that is larger than it says by its form": lambda: wav(tone(2))[:4] + b"\xff" * 4 + wav(tone(2))[8:],
        "wav of eight channels at 192 kHz": _best_wav,
    },
    tuple(_EITHER): {
        "webm of clusters in clusters": lambda: _webm_of(_clusters_in_clusters(500_000)),
        "webm of 30 blocks that says it lasts 300 hours": lambda: _webm_of(_quiet_blocks(30), seconds=1e6),
        "webm that says it lasts not a number": lambda: _webm_of(_quiet_blocks(30), seconds=float("nan")),
        "ogg of one voice, then of two": lambda: _chained(ogg, _stereo_ogg),
        "a thousand oggs one behind another": lambda: ogg()[: len(ogg())] * 1000,
        "m4a in an ogg's name": lambda: b"OggS" + m4a()[4:],
        "wav in an m4a": lambda: atom(b"ftyp", b"M4A \0\0\0\0") + wav(tone(2)),
        **{
            f"{form}, cut at {sixteenths}/16": partial(_cut, make, sixteenths)
            for form, make in GOOD.items()
            for sixteenths in range(1, 16, 2)
        },
    },
}
