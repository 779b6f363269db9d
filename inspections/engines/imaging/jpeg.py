"""JPEG by its segments (ITU-T T.81): what it holds, whether all its pixels are there, and how they are decoded.

Decoders are handed a file written anew, of nothing but the segments that make pixels: what phones and editors leave
before, between and behind those never costs an owner the photo.
"""

import math
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from itertools import islice
from typing import Final

import cv2
import numpy as np
from PIL import Image

from inspections.engines.base import Rgb
from inspections.engines.imaging import icc
from inspections.engines.imaging.containers import MAX_PARTS, Undecoded, UnusableFile
from inspections.engines.imaging.exif import UPRIGHT, orientation_of

# A scan costs a pass over the whole picture; a progressive JPEG has some ten.
MAX_SCANS: Final = 100
# A progressive picture is kept whole as coefficients, two bytes each, before a pixel of it is made. This is 50 million
# pixels with colour at half the resolution, as cameras store it, and 25 million at full.
MAX_COEFFICIENT_BYTES: Final = 150_000_000

_END, _SCAN, _COMMENT = 0xD9, 0xDA, 0xFE
_APP0, _EXIF_SEGMENT, _ICC_SEGMENT, _ADOBE_SEGMENT, _APP15 = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE: Final = frozenset({0xC2, 0xCA})
_ICC_PREFIX: Final = b"ICC_PROFILE\0"
# What the decoder must know of the colours beside the frame: the shortest that libjpeg believes.
_COLOUR_SEGMENTS: Final = {_APP0: (b"JFIF\0", 14), _ADOBE_SEGMENT: (b"Adobe", 12)}
# What follows 0xFF where it is no fill byte, no stuffed data and none of the markers that have no length.
_MARKER: Final = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")
_EXIF_PREFIX: Final = b"Exif\0\0"
_EOI: Final = bytes((0xFF, _END))
_COEFFICIENTS: Final = 64
_UNSEEN: Final = 0xFF
_CMYK_COMPONENTS: Final = 4
_READABLE_COMPONENTS: Final = frozenset({1, 3, _CMYK_COMPONENTS})
_REDUCED: Final = ((8, cv2.IMREAD_REDUCED_COLOR_8), (4, cv2.IMREAD_REDUCED_COLOR_4), (2, cv2.IMREAD_REDUCED_COLOR_2))
# What libjpeg puts where a scan ends too early.
_MID_GREY: Final = 128
# Stands where missing pixels would be read: it is decoded if, and only if, some are missing.
_FILLER: Final = bytes(range(1, 255)) * 4


@dataclass(frozen=True, slots=True)
class Segment:
    """One marker with its segment. `start` is where its 0xFF stands, `skipped` how many bytes stood before it."""

    marker: int
    start: int
    end: int
    skipped: int


@dataclass(frozen=True, slots=True)
class _Component:
    number: int
    across: int
    down: int


@dataclass(frozen=True, slots=True)
class _Frame:
    is_progressive: bool
    width: int
    height: int
    components: tuple[_Component, ...]


@dataclass(slots=True)
class _Progress:
    """Which bit of each coefficient the scans so far have come down to; 0 is the last one."""

    frame: _Frame
    missing: dict[int, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.missing = {component.number: [_UNSEEN] * _COEFFICIENTS for component in self.frame.components}

    @property
    def is_whole(self) -> bool:
        return not any(map(any, self.missing.values()))

    @property
    def is_begun(self) -> bool:
        return any(bits[0] != _UNSEEN for bits in self.missing.values())

    def add(self, payload: bytes) -> bool:
        """Note the header of a scan; False when it is none of this frame."""
        count = payload[0] if payload else 0
        if not 1 <= count <= _CMYK_COMPONENTS or len(payload) != 4 + 2 * count:
            return False
        numbers = payload[1 : 1 + 2 * count : 2]
        # Of a picture whose scans are not progressive they mean nothing, and some cameras write what they like.
        first, last, bits = payload[-3:] if self.frame.is_progressive else (0, _COEFFICIENTS - 1, 0)
        if any(number not in self.missing for number in numbers) or not first <= last < _COEFFICIENTS:
            return False
        for number in numbers:
            self.missing[number][first : last + 1] = [bits & 0xF] * (last + 1 - first)
        return True


@dataclass(frozen=True, slots=True)
class _File:
    """What was found. `stream` holds only what makes pixels, and ends as a JPEG must whether the file did or not."""

    frame: _Frame
    stream: bytes
    is_ended: bool
    has_all_scans: bool
    is_kept_whole: bool
    orientation: int
    profile: bytes


def segments(content: bytes) -> Iterator[Segment]:
    """Yield the markers up to the end of the image; what stands inside a segment, as a thumbnail does, is none."""
    at = 2
    while (found := _MARKER.search(content, at)) is not None:
        marker, start = content[found.start() + 1], found.start()
        length = 0
        if marker != _END and start + 4 <= len(content):
            length = max(2, struct.unpack_from(">H", content, start + 2)[0])
        yield Segment(marker, start, start + 2 + length, start - at)
        at = start + 2 + length
        if marker == _END or start + 4 > len(content):
            return


def open_jpeg(content: bytes) -> Undecoded:
    """Return the picture. Raises `UnusableFile`: broken, truncated, too_many_pixels."""
    file = _parsed(content)
    if file.is_kept_whole and _coefficient_bytes(file.frame) > MAX_COEFFICIENT_BYTES:
        raise UnusableFile("too_many_pixels")
    is_cmyk = len(file.frame.components) == _CMYK_COMPONENTS
    return Undecoded(
        width=file.frame.width,
        height=file.frame.height,
        orientation=file.orientation,
        colour=None if is_cmyk else icc.colour_of(file.profile),
        is_whole=partial(_is_whole, file),
        decode=partial(_decode_cmyk if is_cmyk else _decode, file),
    )


def is_whole(content: bytes) -> bool:
    """Tell whether all pixels are there; how the file ends, and what lies behind them, does not matter."""
    try:
        return _is_whole(_parsed(content))
    except UnusableFile:
        return False


def is_overloaded(content: bytes) -> bool:
    """Tell whether a decoder would be kept busy by the number of scans, segments or fill bytes."""
    progress: _Progress | None = None
    scans = fill_bytes = 0
    for number, segment in enumerate(segments(content)):
        fill_bytes += 0 if scans else segment.skipped  # behind a scan it is the bytes of the picture
        if number >= MAX_PARTS or fill_bytes > MAX_PARTS or scans > MAX_SCANS:
            return True
        if segment.marker in _FRAMES and progress is None:
            progress = _Progress(_frame(segment.marker, _payload(content, segment)))
        if segment.marker == _SCAN:
            scans += 1
            if progress is not None and progress.add(_payload(content, segment)) and progress.is_whole:
                return scans + _scans_behind(content, segment.end, progress) > MAX_SCANS
    return scans > MAX_SCANS


def _scans_behind(content: bytes, at: int, progress: _Progress) -> int:
    """How many more scans of the same frame follow those that it needs; what only looks like one is not counted."""
    found = 0
    for _ in range(MAX_PARTS):
        at = content.find(bytes((0xFF, _SCAN)), at)
        if at < 0 or found > MAX_SCANS:
            break
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        found += progress.add(content[at + 4 : at + 2 + length])
        at += 2
    return found


def _parsed(content: bytes) -> _File:
    """Read the segments up to the end of the last scan that the picture needs."""
    reading = _Reading(content)
    for segment in islice(segments(content), MAX_PARTS):
        reading.end_scan(segment.start)
        if segment.end > len(content) or segment.marker == _END or reading.has_all_scans:
            break
        reading.add(segment)
    reading.end_scan(len(content))
    return reading.file()


@dataclass(slots=True)
class _Reading:
    """One pass over the segments of a file, and what it has found so far."""

    content: bytes
    kept: list[bytes] = field(init=False)
    progress: _Progress | None = None
    scan_start: int = -1
    data_end: int = -1
    is_kept_whole: bool = False
    orientation: int | None = None
    profile_parts: dict[int, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kept = [self.content[:2]]

    @property
    def has_all_scans(self) -> bool:
        return self.progress is not None and self.progress.is_whole

    def end_scan(self, at: int) -> None:
        """Keep the bytes of the scan that was begun: they end where the next marker stands."""
        if self.scan_start >= 0:
            self.kept.append(self.content[self.scan_start : at])
            self.scan_start, self.data_end = -1, at

    def add(self, segment: Segment) -> None:
        payload = _payload(self.content, segment)
        if segment.marker in _FRAMES and self.progress is None:
            self.progress = _Progress(_frame(segment.marker, payload))
        if segment.marker == _SCAN and self.progress is not None:
            self._add_scan(self.progress, payload)
            self.scan_start = segment.start
        elif segment.marker == _EXIF_SEGMENT and payload.startswith(_EXIF_PREFIX):
            self.orientation = self.orientation or orientation_of(payload)
        elif segment.marker == _ICC_SEGMENT and payload.startswith(_ICC_PREFIX):
            self.profile_parts[payload[12] if len(payload) > 12 else 0] = payload[14:]
        elif _makes_pixels(segment.marker, payload):
            self.kept.append(self.content[segment.start : segment.end])

    def _add_scan(self, progress: _Progress, payload: bytes) -> None:
        is_first = not progress.is_begun
        progress.add(payload)
        self.is_kept_whole |= progress.frame.is_progressive or (is_first and not progress.is_whole)

    def file(self) -> _File:
        if self.progress is None:
            raise UnusableFile("truncated")
        return _File(
            frame=self.progress.frame,
            stream=b"".join((*self.kept, _EOI)),
            is_ended=self.content[self.data_end : self.data_end + 2] == _EOI,
            has_all_scans=self.progress.is_whole,
            is_kept_whole=self.is_kept_whole,
            orientation=self.orientation or UPRIGHT,
            profile=b"".join(self.profile_parts[number] for number in sorted(self.profile_parts)),
        )


def _payload(content: bytes, segment: Segment) -> bytes:
    return content[segment.start + 4 : segment.end]


def _makes_pixels(marker: int, payload: bytes) -> bool:
    if marker in _COLOUR_SEGMENTS:
        name, shortest = _COLOUR_SEGMENTS[marker]
        return payload.startswith(name) and len(payload) >= shortest
    return not (marker == _COMMENT or _APP0 <= marker <= _APP15)


def _frame(marker: int, payload: bytes) -> _Frame:
    count = payload[5] if len(payload) > 5 else 0
    if count not in _READABLE_COMPONENTS or len(payload) < 6 + 3 * count:
        raise UnusableFile("broken")
    height, width = struct.unpack_from(">HH", payload, 1)
    components = tuple(
        _Component(number, sampling >> 4, sampling & 0xF)
        for number, sampling, _ in struct.iter_unpack("BBB", payload[6 : 6 + 3 * count])
    )
    if not (width and height and all(each.across and each.down for each in components)):
        raise UnusableFile("broken")
    return _Frame(marker in _PROGRESSIVE, width, height, components)


def _coefficient_bytes(frame: _Frame) -> int:
    """How much libjpeg keeps of a picture that is not stored row by row."""
    across, down = (max(getattr(each, side) for each in frame.components) for side in ("across", "down"))
    blocks = sum(
        _blocks(frame.width, each.across, across) * _blocks(frame.height, each.down, down) for each in frame.components
    )
    return 2 * _COEFFICIENTS * blocks


def _blocks(length: int, sampling: int, finest: int) -> int:
    return sampling * math.ceil(length / (8 * finest))


def _is_whole(file: _File) -> bool:
    return file.has_all_scans and (file.is_ended or not _lacks_pixels(file))


def _lacks_pixels(file: _File) -> bool:
    """Tell whether a decoder would need more bytes than there are: it then decodes whatever stands behind them.

    At an eighth of the size only the mean of each block of eight by eight is made, which the first scan brings; what a
    progressive file adds by its last one shows at half of it.
    """
    flag = cv2.IMREAD_REDUCED_COLOR_2 if file.frame.is_progressive else cv2.IMREAD_REDUCED_COLOR_8
    plain, filled = (_decoded(stream, flag) for stream in (file.stream, file.stream[:-2] + _FILLER + _EOI))
    return not np.array_equal(plain, filled)


def _decode(file: _File, long_side_px: int) -> Rgb:
    """Let libjpeg shrink by 2, 4 or 8 inside the inverse transform: several times cheaper than a full decode."""
    long_side = max(file.frame.width, file.frame.height)
    flag = next((flag for factor, flag in _REDUCED if long_side >= factor * long_side_px), cv2.IMREAD_COLOR)
    pixels = _decoded(file.stream, flag)
    if (pixels[-1, -1] == _MID_GREY).all() and not file.frame.is_progressive and _lacks_pixels(file):
        raise UnusableFile("truncated")
    return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False)


def _decoded(stream: bytes, flag: int) -> Rgb:
    pixels = cv2.imdecode(np.frombuffer(stream, np.uint8), flag | cv2.IMREAD_IGNORE_ORIENTATION)
    if pixels is None:
        raise UnusableFile("broken")
    return np.asarray(pixels, np.uint8)


def _decode_cmyk(file: _File, long_side_px: int) -> Rgb:
    """Pillow knows how the inks are stored; libjpeg shrinks here too, so that a bomb stays small."""
    if file.is_ended and _lacks_pixels(file):  # what has no end was asked before
        raise UnusableFile("truncated")
    picture = Image.open(BytesIO(file.stream), formats=("JPEG",))
    scale = min(1.0, long_side_px / max(picture.size))
    picture.draft(None, (math.ceil(picture.width * scale), math.ceil(picture.height * scale)))
    picture.load()
    small = picture.reduce(max(1, max(picture.size) // long_side_px))
    return np.asarray(icc.from_cmyk(small, file.profile))
