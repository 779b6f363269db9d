"""JPEG by its segments (ITU-T T.81): contents, completeness of the pixels, and decoding.

Decoders get a rewritten file with only the segments that make pixels: data that phones and editors leave before,
between and behind them never makes a photo unusable.

libjpeg shows whether pixels are missing: it gets the bytes of a scan without an end, and if it asks for more, some are
missing. A scan ends at the first marker that does not belong to it. Foreign bytes without a marker look like pixels:
they are detected by colours that no picture has, or as a run of one byte. Not detected are foreign bytes without a
marker in grey and CMYK pictures and in the last scan of a progressive one, a handful of blocks of them in any picture,
and a few missing bytes. A flat area coded as zeros, with more zeros behind, counts as truncated.
"""

import math
import re
import struct
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from itertools import islice, pairwise
from typing import Final, Literal

import cv2
import numpy as np
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from inspections.engines.base import Rgb
from inspections.engines.imaging import icc
from inspections.engines.imaging.colour import Colour, adobe_rgb
from inspections.engines.imaging.containers import MAX_PARTS, Undecoded, UnusableFile
from inspections.engines.imaging.exif import UPRIGHT, is_adobe_rgb, orientation_of

# A scan costs a pass over the whole picture; a progressive JPEG has some ten.
MAX_SCANS: Final = 100

_END, _SCAN, _COMMENT = 0xD9, 0xDA, 0xFE
_HUFFMAN, _RESTART_INTERVAL, _FIRST_RESTART = 0xC4, 0xDD, 0xD0
_APP0, _EXIF_SEGMENT, _ICC_SEGMENT, _ADOBE_SEGMENT, _APP15 = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE: Final = frozenset({0xC2, 0xCA})
_ICC_PREFIX: Final = b"ICC_PROFILE\0"
# Colour information that the decoder needs beside the frame: the shortest segments that libjpeg accepts.
_COLOUR_SEGMENTS: Final = {_APP0: (b"JFIF\0", 14), _ADOBE_SEGMENT: (b"Adobe", 12)}
# The byte after 0xFF, unless it is a fill byte, stuffed data or a marker without a length.
_MARKER: Final = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")
# A marker that ends a scan, unless it is the restart marker that is due.
_END_OF_SCAN: Final = re.compile(rb"\xff[^\x00\xff]")
_EXIF_PREFIX: Final = b"Exif\0\0"
_EOI: Final = bytes((0xFF, _END))
_COEFFICIENTS: Final = 64
_UNSEEN: Final = 0xFF
_CMYK_COMPONENTS: Final = 4
_READABLE_COMPONENTS: Final = frozenset({1, 3, _CMYK_COMPONENTS})
_REDUCTIONS: Final = (8, 4, 2)
_SHOWS_ALL_SCANS: Final = 2
# libjpeg reads up to eight bytes ahead of the pixels that it makes.
_AHEAD: Final = bytes(8)
# Bytes allowed between the last pixel and the end; more are examined. Some cameras leave thousands of bytes.
_SURPLUS: Final = 64
# No picture is coded as so many equal bytes, unless its tables code a flat area this way.
_ZEROS: Final = bytes(1024)
_RUN: Final = re.compile(rb"([^\xff])\1{63,}", re.DOTALL)
_MOST_RUNS: Final = 50
# How far (of 255) the mean of an area may lie outside of all colours, by rounding or in a wide gamut; and how many
# areas of 16 × 16 pixels may lie further outside.
_OUTSIDE: Final = 64
_OUTSIDE_AREAS: Final = 4
# YCbCr to RGB (JFIF), for numbers around zero.
_TO_RGB: Final = np.array([[1, 0, 1.402], [1, -0.344136, -0.714136], [1, 1.772, 0]], np.float32)
# Replaces missing pixels: it is decoded if, and only if, some are missing.
_FILLER: Final = bytes(range(1, 255)) * 4


@dataclass(frozen=True, slots=True)
class Segment:
    """One marker with its segment. `start` is the offset of its 0xFF, `skipped` the number of bytes before it."""

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
    """Lowest bit of each coefficient that the scans so far have reached; 0 is the last one."""

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
        """Record the header of a scan; False if it does not belong to this frame."""
        count = payload[0] if payload else 0
        if not 1 <= count <= _CMYK_COMPONENTS or len(payload) != 4 + 2 * count:
            return False
        numbers = payload[1 : 1 + 2 * count : 2]
        # In scans that are not progressive these bytes have no meaning, and some cameras write arbitrary values.
        first, last, bits = payload[-3:] if self.frame.is_progressive else (0, _COEFFICIENTS - 1, 0)
        if any(number not in self.missing for number in numbers) or not first <= last < _COEFFICIENTS:
            return False
        for number in numbers:
            self.missing[number][first : last + 1] = [bits & 0xF] * (last + 1 - first)
        return True


@dataclass(frozen=True, slots=True)
class _File:
    """Parsed contents. `stream` holds only what makes pixels, without an end; its last scan begins at `scan_at`."""

    frame: _Frame
    stream: bytes
    scan_at: int
    is_ended: bool
    has_all_scans: bool
    is_buffered: bool
    can_zeros_be_pixels: bool
    orientation: int
    profile: bytes
    is_adobe_rgb: bool


class _PiecewiseImage(JpegImageFile):
    """A picture that the decoder reads piece by piece; `pieces_read` counts the pieces read so far."""

    pieces: tuple[bytes, ...] = ()
    pieces_read = 0

    def load_read(self, read_bytes: int) -> bytes:
        if self.pieces_read == len(self.pieces):
            raise UnusableFile("truncated")
        self.pieces_read += 1
        return self.pieces[self.pieces_read - 1]


def segments(content: bytes) -> Iterator[Segment]:
    """Yield the markers up to the end of the image; skips those inside a segment, such as in a thumbnail."""
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
    """Return the picture. Raises `UnusableFile`: broken, truncated."""
    file = _parsed(content)
    is_cmyk = len(file.frame.components) == _CMYK_COMPONENTS
    return Undecoded(
        width=file.frame.width,
        height=file.frame.height,
        orientation=file.orientation,
        colour=None if is_cmyk else _colour_of(file),
        decoder_bytes=_coefficient_bytes(file.frame) if file.is_buffered else 0,
        is_whole=partial(_is_whole, file),
        decode=partial(_decode_cmyk if is_cmyk else _decode, file),
    )


def _colour_of(file: _File) -> Colour | None:
    """Return the colours of the profile; those of EXIF only if there is none."""
    if file.profile or not file.is_adobe_rgb or len(file.frame.components) == 1:
        return icc.colour_of(file.profile)
    return adobe_rgb()


def is_whole(content: bytes) -> bool:
    """Return whether all pixels are present; ignores how the file ends and what lies behind the pixels."""
    try:
        return _is_whole(_parsed(content))
    except UnusableFile:
        return False


def is_overloaded(content: bytes) -> bool:
    """Return whether the number of scans, segments or fill bytes would overload a decoder."""
    progress: _Progress | None = None
    scans = fill_bytes = 0
    for number, segment in enumerate(segments(content)):
        fill_bytes += 0 if scans else segment.skipped  # behind a scan, skipped bytes are pixel data
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
    """Count the scans of the same frame behind the needed ones; ignores anything that only looks like a scan."""
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
        if segment.end > len(content) or segment.marker == _END or reading.is_over:
            break
        reading.add(segment)
    return reading.file()


@dataclass(slots=True)
class _Reading:
    """State of one pass over the segments of a file."""

    content: bytes
    kept: list[bytes] = field(init=False)
    progress: _Progress | None = None
    restart_interval: int = 0
    scan_length: int = 0
    end_marker: int = 0
    is_buffered: bool = False
    can_zeros_be_pixels: bool = True
    orientation: int | None = None
    is_adobe_rgb: bool = False
    profile_parts: dict[int, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kept = [self.content[:2]]

    @property
    def is_over(self) -> bool:
        """Return whether the last needed scan was read, or a scan ended at a foreign marker."""
        is_whole = self.progress is not None and self.progress.is_whole
        return is_whole or (self.scan_length > 0 and not _begins_a_segment(self.end_marker))

    def add(self, segment: Segment) -> None:
        payload = _payload(self.content, segment)
        if segment.marker in _FRAMES and self.progress is None:
            self.progress = _Progress(_frame(segment.marker, payload))
        if segment.marker == _SCAN and self.progress is not None:
            self._add_scan(self.progress, payload, segment)
        elif segment.marker == _EXIF_SEGMENT and payload.startswith(_EXIF_PREFIX):
            self.orientation = self.orientation or orientation_of(payload)
            self.is_adobe_rgb = self.is_adobe_rgb or is_adobe_rgb(payload)
        elif segment.marker == _ICC_SEGMENT and payload.startswith(_ICC_PREFIX):
            self.profile_parts[payload[12] if len(payload) > 12 else 0] = payload[14:]
        elif _makes_pixels(segment.marker, payload):
            self._add_tables(segment.marker, payload)
            self.kept.append(self.content[segment.start : segment.end])

    def _add_tables(self, marker: int, payload: bytes) -> None:
        if marker == _RESTART_INTERVAL:
            self.restart_interval = int.from_bytes(payload[:2], "big")
        if marker == _HUFFMAN:
            self.can_zeros_be_pixels &= _can_zeros_be_pixels(payload)

    def _add_scan(self, progress: _Progress, payload: bytes, segment: Segment) -> None:
        is_first = not progress.is_begun
        progress.add(payload)
        self.is_buffered |= progress.frame.is_progressive or (is_first and not progress.is_whole)
        end, self.end_marker = _end_of_scan(self.content, segment.end, has_restarts=self.restart_interval > 0)
        self.scan_length = end - segment.start
        self.kept.append(self.content[segment.start : end])

    def file(self) -> _File:
        if self.progress is None:
            raise UnusableFile("truncated")
        stream = b"".join(self.kept)
        return _File(
            frame=self.progress.frame,
            stream=stream,
            scan_at=len(stream) - self.scan_length,
            is_ended=self.end_marker == _END,
            has_all_scans=self.progress.is_whole,
            is_buffered=self.is_buffered,
            can_zeros_be_pixels=self.can_zeros_be_pixels,
            orientation=self.orientation or UPRIGHT,
            profile=b"".join(self.profile_parts[number] for number in sorted(self.profile_parts)),
            is_adobe_rgb=self.is_adobe_rgb,
        )


def _end_of_scan(content: bytes, at: int, *, has_restarts: bool) -> tuple[int, int]:
    """Return the end of the coded data, without fill bytes, and the marker that ends them; 0 for the end of the file.

    Restart markers count from 0 to 7 and start over. One that is not due does not belong to this scan: a decoder stops
    there, or continues at another place of the picture.
    """
    due = 0
    begin = at
    while (found := _END_OF_SCAN.search(content, at)) is not None:
        marker = content[found.start() + 1]
        if not has_restarts or marker != _FIRST_RESTART + due % 8:
            return begin + len(content[begin : found.start()].rstrip(b"\xff")), marker
        due, at = due + 1, found.end()
    return begin + len(content[begin:].rstrip(b"\xff")), 0


def _begins_a_segment(marker: int) -> bool:
    return marker > 1 and not _FIRST_RESTART <= marker < _END


def _can_zeros_be_pixels(tables: bytes) -> bool:
    """Return whether these Huffman tables (T.81, B.2.4.2) let zeros code a flat area.

    The first symbol of a table has the code of zeros alone: in a flat area it is "no more" in the AC tables.
    """
    at = 0
    while at + 17 < len(tables):
        is_of_ac, first, count = tables[at] >> 4, tables[at + 17], sum(tables[at + 1 : at + 17])
        if is_of_ac and first != 0:
            return False
        at += 17 + count
    return True


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
    """Return the memory for a picture that is not stored row by row: libjpeg keeps its coefficients, 2 bytes each."""
    across, down = (max(getattr(each, side) for each in frame.components) for side in ("across", "down"))
    blocks = sum(
        _blocks(frame.width, each.across, across) * _blocks(frame.height, each.down, down) for each in frame.components
    )
    return 2 * _COEFFICIENTS * blocks


def _blocks(length: int, sampling: int, finest: int) -> int:
    return sampling * math.ceil(length / (8 * finest))


def _is_whole(file: _File) -> bool:
    if not file.has_all_scans:
        return False
    return file.is_ended or not _lacks_pixels(file)


def _lacks_pixels(file: _File) -> bool:
    return _lacks_buffered_pixels(file) if file.is_buffered else _lacks_rows(file)


def _lacks_buffered_pixels(file: _File, decoded: Image.Image | None = None) -> bool:
    """Return whether the bytes end before the pixels, or within a run of one byte that some pixels were made of.

    `decoded` is the picture at half the size or more, because a smaller one does not show what the last scan adds.
    """
    plain = np.asarray(decoded or _decode_pieces(file, (file.stream + _EOI,), _SHOWS_ALL_SCANS)[0])
    is_needed = partial(_is_needed, file, plain)
    if is_needed(len(file.stream)):
        return True
    runs = deque(_RUN.finditer(file.stream, file.scan_at), maxlen=1)
    return bool(runs) and is_needed(runs[-1].start() + len(_AHEAD)) and not is_needed(runs[-1].end() - len(_AHEAD))


def _is_needed(file: _File, plain: Rgb, at: int) -> bool:
    """Return whether pixels depend on these bytes, present or not: a decoder accepts any bytes there."""
    factor = math.ceil(file.frame.width / plain.shape[1])
    filled, _ = _decode_pieces(file, (file.stream[:at] + _FILLER + _EOI,), factor)
    return not np.array_equal(plain, np.asarray(filled))


def _lacks_rows(file: _File) -> bool:
    """Return whether the bytes end before the pixels, or some of them do not belong to this picture.

    At an eighth of the size only the mean of each block of eight by eight is made, in the numbers of the file.
    """
    data = file.stream[file.scan_at :]
    edges, runs = [0], []
    for run in deque(_RUN.finditer(data), maxlen=_MOST_RUNS):
        start, end = (file.scan_at + at for at in run.span())
        edges += [start + len(_AHEAD), end - len(_AHEAD)]
        runs.append(data[run.start() : run.end()])
    pieces = tuple(file.stream[a:b] for a, b in pairwise((*edges, len(file.stream))))
    try:
        picture, pieces_read = _decode_pieces(file, (*pieces, _AHEAD), 8, "YCbCr")
    except UnusableFile:
        return True
    read = runs[: pieces_read // 2]
    # The pixels end within a run, so the pixels before belong to the run too.
    if pieces_read % 2 == 0 and pieces_read <= len(pieces):
        return True
    if any(_ZEROS in run for run in read) and not file.can_zeros_be_pixels:
        return True
    return picture.mode == "YCbCr" and _has_impossible_colours(np.asarray(picture))


def _has_impossible_colours(pixels: Rgb) -> bool:
    """Return whether areas have a mean that no colour can have: no picture contains such numbers."""
    height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
    if not (height and width):
        return False
    means = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)
    rgb = (means - (0, 128, 128)) @ _TO_RGB.T
    outside = np.maximum(-rgb, rgb - 255).max(axis=2)
    return int((outside > _OUTSIDE).sum()) > _OUTSIDE_AREAS


def _decode(file: _File, long_side_px: int) -> Rgb:
    """Let libjpeg shrink by 2, 4 or 8 inside the inverse transform: several times cheaper than a full decode."""
    return np.asarray(_decoded(file, long_side_px))


def _decode_cmyk(file: _File, long_side_px: int) -> Rgb:
    """Uses Pillow, which knows how the inks are stored."""
    picture = _decoded(file, long_side_px)
    return np.asarray(icc.from_cmyk(picture.reduce(max(1, max(picture.size) // long_side_px)), file.profile))


def _decoded(file: _File, long_side_px: int) -> Image.Image:
    """Raises `UnusableFile` (truncated), also if the file has an end marker."""
    long_side = max(file.frame.width, file.frame.height)
    factor = next((factor for factor in _REDUCTIONS if long_side >= factor * long_side_px), 1)
    if file.is_buffered:
        pieces: tuple[bytes, ...] = (file.stream + _EOI,)
    else:
        pieces = (file.stream[:-_SURPLUS], file.stream[-_SURPLUS:], _AHEAD)
    picture, pieces_read = _decode_pieces(file, pieces, factor)
    if file.is_ended:  # files without an end were checked before
        if file.is_buffered:
            is_cut = _lacks_buffered_pixels(file, picture if factor <= _SHOWS_ALL_SCANS else None)
        else:
            is_cut = (pieces_read == 1 or _ZEROS in file.stream) and _lacks_rows(file)
        if is_cut:
            raise UnusableFile("truncated")
    return picture


def _decode_pieces(
    file: _File, pieces: tuple[bytes, ...], factor: int, mode: Literal["YCbCr"] | None = None
) -> tuple[Image.Image, int]:
    """Decode at a part of the size; also returns the number of pieces used. Raises `UnusableFile`: truncated."""
    picture = _PiecewiseImage(BytesIO(file.stream))
    picture.pieces = tuple(filter(None, pieces))
    picture.draft(mode, (max(1, picture.width // factor), max(1, picture.height // factor)))
    picture.load()
    return picture, picture.pieces_read
