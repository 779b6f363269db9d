"""Test the header check before any decoder: whether the file is complete, and worth decoding."""

import io
import struct

import pytest
from PIL import Image

from inspections.engines.imaging.containers import MAX_PARTS
from inspections.engines.imaging.decode import UnreadableImage, read_header
from inspections.engines.imaging.headers import is_complete, is_overloaded
from inspections.engines.imaging.jpeg import MAX_SCANS
from inspections.media_types import JPEG, PNG
from testing.samples.hostile_files import chunk, jpeg, png, scan_bomb, segment, with_chunks, with_segments

OVERLOADED = {
    "scans": lambda: scan_bomb(64, MAX_SCANS + 1),
    "segments": lambda: with_segments(segment(0xFE, b"") * (MAX_PARTS + 1)),
    "fill bytes": lambda: with_segments(b"\xff" * (MAX_PARTS + 1)),
    "fill bytes before the first scan": lambda: jpeg().replace(b"\xff\xda", b"\xff" * (MAX_PARTS + 1) + b"\xff\xda", 1),
    "chunks": lambda: with_chunks(chunk(b"tEXt", b"a\0b") * (MAX_PARTS + 1)),
}


@pytest.mark.parametrize("parts", OVERLOADED)
def test_a_picture_of_too_many_parts_is_refused_before_it_is_decoded(parts):
    with pytest.raises(UnreadableImage) as refusal:
        read_header(OVERLOADED[parts]())
    assert refusal.value.reason == "too_many_parts"


@pytest.mark.parametrize("progressive", [False, True])
def test_files_of_cameras_and_editors_are_accepted(progressive):
    content = jpeg(progressive=progressive, icc_profile=b"x" * 500_000)
    assert not is_overloaded(content, JPEG)
    assert is_complete(content, JPEG)
    assert not is_overloaded(png(), PNG)


def test_restart_markers_and_stuffed_bytes_do_not_count_as_parts():
    pixels = Image.effect_noise((512, 512), 100)
    out = io.BytesIO()
    pixels.save(out, "JPEG", quality=95, restart_marker_blocks=1)
    assert out.getvalue().count(b"\xff\xd0") > MAX_SCANS
    assert not is_overloaded(out.getvalue(), JPEG)
    assert is_complete(out.getvalue(), JPEG)


def test_the_end_of_a_thumbnail_is_not_the_end_of_the_photo():
    thumbnail = io.BytesIO()
    Image.new("RGB", (32, 32)).save(thumbnail, "JPEG")
    content = with_segments(segment(0xE1, b"Exif\0\0" + thumbnail.getvalue()))
    assert is_complete(content, JPEG)
    assert not is_complete(content[:-40], JPEG)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8" + b"\xff" * 5_000_000 + b"\0",
        b"\xff\xd8" + b"\xff\xda\0\2" + b"\xff\xd0" * 2_500_000,
        b"\xff\xd8" + b"\xff\xfe\0\2" * 1_250_000,
        b"\xff\xd8" + b"\xff\xfe" + struct.pack(">H", 0) * 10,
    ],
    ids=["fill bytes", "restart markers", "segments", "a segment of no length"],
)
def test_megabytes_of_markers_without_an_end_are_incomplete(content):
    assert not is_complete(content, JPEG)
