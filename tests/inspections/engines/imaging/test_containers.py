"""Test that only pixels decide whether a picture is whole: bytes before, between and behind them reject no photo."""

import io
import struct
import zlib

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from inspections.engines.imaging import heic as reader
from inspections.engines.imaging.decode import UnreadableImage, decode, read_header, read_picture
from rendering.plate import render_hull_plate
from testing.samples.hostile_files import FAST
from tests.inspections.engines.picture_files import encoded, heic

SIZE = (800, 600)
PIXELS = render_hull_plate(seed=4, angle="mid", rust=0.1, size=SIZE)
PICTURE = Image.fromarray(PIXELS)
JPEG = encoded(PICTURE, "JPEG", quality=90)
PROGRESSIVE = encoded(PICTURE, "JPEG", quality=90, progressive=True)
PNG = encoded(PICTURE, "PNG")
HEIC = heic(PICTURE)
EOI = b"\xff\xd9"
# As at the end of one maker's photos: a list of contents, a film, and names at both ends.
FILM = b"\0\0\0\x18ftypmp42" + np.random.default_rng(5).bytes(60_000)
TRAILER = b"\0\0\x30\x0aMotionPhoto_Data" + FILM + b"SEFH\x6a\0\0\0" + bytes(24) + b"\x18\0\0\0SEFT"


def segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def with_segments(*segments: bytes) -> bytes:
    return JPEG[:2] + b"".join(segments) + JPEG[2:]


def with_restarts(**options: object) -> bytes:
    out = io.BytesIO()
    PICTURE.save(out, "JPEG", quality=90, restart_marker_rows=1, **options)
    return out.getvalue()


def exif(kind: int, body: bytes, count: int = 1) -> bytes:
    """Return EXIF of one tag, the orientation, of any type."""
    entry = struct.pack(">HHI", 0x0112, kind, count) + body.ljust(4, b"\0")
    return segment(0xE1, b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4))


def without_size_of_last_box(content: bytes) -> bytes:
    """Let the last box declare that it extends to the end of the file."""
    at = content.rfind(b"mdat") - 4
    return content[:at] + bytes(4) + content[at + 4 :]


WHOLE_JPEGS = {
    "without an end": JPEG[:-2],
    "without an end, progressive": PROGRESSIVE[:-2],
    "without an end, restarts": with_restarts()[:-2],
    "without an end, before a trailer": JPEG[:-2] + TRAILER,
    "progressive, without an end, before a trailer": PROGRESSIVE[:-2] + TRAILER,
    "before a trailer": JPEG + TRAILER,
    "before another picture": JPEG + PROGRESSIVE,
    "before a picture cut short": JPEG + JPEG[: len(JPEG) // 2],
    "before what looks like scans": JPEG[:-2] + b"\xff\xda\0\x0c" * 3000,
    "fill bytes before its end": JPEG[:-2] + b"\xff" * 40 + EOI,
    "without an end, before another picture": JPEG[:-2] + PROGRESSIVE,
    "without an end, before zeros": JPEG[:-2] + bytes(9000),
    "without an end, before fill bytes": JPEG[:-2] + b"\xff" * 4096,
    "without an end, before a restart marker": JPEG[:-2] + b"\xff\xd3" + bytes(100),
    "a restart marker too many": with_restarts()[:-2] + b"\xff\xd3" + EOI,
    "progressive, without an end, before zeros": PROGRESSIVE[:-2] + bytes(9000),
    "zeros before its end": JPEG[:-2] + bytes(9000) + EOI,
    "with numbers of a progressive scan": JPEG.replace(b"\0\x3f\0", b"\x3f\0\0", 1),
    "without metadata of its own": JPEG[:2] + JPEG[JPEG.index(b"\xff\xdb") :],
}
SAME_AS_PLAIN = [name for name in WHOLE_JPEGS if "progressive" not in name and "restart" not in name]


@pytest.mark.parametrize("kind", WHOLE_JPEGS)
def test_a_jpeg_with_all_its_pixels_is_accepted_with_any_ending(kind):
    content = WHOLE_JPEGS[kind]
    assert (read_header(content).width, read_header(content).height) == SIZE
    assert np.abs(decode(content, long_side_px=1000).astype(int) - PIXELS).mean() < 4


@pytest.mark.parametrize("kind", SAME_AS_PLAIN)
def test_bytes_after_the_pixels_change_none(kind):
    assert np.array_equal(decode(WHOLE_JPEGS[kind], long_side_px=1000), decode(JPEG, long_side_px=1000))


def cut_at(content: bytes, share: float) -> bytes:
    return content[: int(len(content) * share)]


CUT_ENDS = {
    "nothing": b"",
    "an end": EOI,
    "a trailer": TRAILER,
    "a trailer and an end": TRAILER + EOI,
    "another picture": JPEG,
    "fill bytes": b"\xff" * 4096,
    "fill bytes and an end": b"\xff" * 4096 + EOI,
    "a restart marker": b"\xff\xd0" + b"\x11" * 1000,
    "another restart marker": b"\xff\xd3" + bytes(100) + EOI,
    "a marker without a length": b"\xff\1" + b"\x11" * 1000,
    "noise": np.random.default_rng(6).bytes(50_000),
    "zeros": bytes(500_000),
    "zeros and an end": bytes(500_000) + EOI,
    "equal bytes": b"\x11" * 500_000,
}
# None of it is a marker, so a decoder makes pixels of it.
FILM_WITHOUT_MARKERS = b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + bytes(range(256)) * 3000


@pytest.mark.parametrize("behind", CUT_ENDS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.98])
@pytest.mark.parametrize("kind", ["baseline", "restarts", "grey", "cmyk"])
def test_a_jpeg_cut_in_its_scan_is_refused_with_any_ending(kind, share, behind):
    content = {
        "baseline": lambda: JPEG,
        "restarts": with_restarts,
        "grey": lambda: encoded(PICTURE.convert("L"), "JPEG", quality=90),
        "cmyk": lambda: encoded(PICTURE.convert("CMYK"), "JPEG", quality=90),
    }[kind]()
    with pytest.raises(UnreadableImage) as refusal:
        decode(cut_at(content, share) + CUT_ENDS[behind], long_side_px=400)
    assert refusal.value.reason == "truncated"


@pytest.mark.parametrize(
    "behind", [FILM_WITHOUT_MARKERS, b"<x:xmpmeta>So many words</x>" * 30_000, FILM_WITHOUT_MARKERS + EOI]
)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_cut_scan_followed_by_foreign_bytes_is_refused(share, behind):
    for content in (JPEG, with_restarts()):
        with pytest.raises(UnreadableImage, match="truncated"):
            decode(cut_at(content, share) + behind, long_side_px=400)


@pytest.mark.parametrize("lost", [4096, 16_384])
def test_a_block_of_zeros_in_the_pixels_is_refused(lost):
    middle = len(JPEG) // 2
    with pytest.raises(UnreadableImage, match="truncated"):
        decode(JPEG[:middle] + bytes(lost) + JPEG[middle + lost :], long_side_px=400)


@pytest.mark.parametrize("colour", [(255, 255, 255), (0, 0, 255), (255, 0, 0), (0, 255, 255), (255, 0, 255)])
def test_a_picture_with_an_area_of_one_colour_is_accepted(colour):
    picture = PICTURE.copy()
    picture.paste(colour, (0, 300, *SIZE))
    for options in ({}, {"optimize": True}, {"progressive": True}, {"quality": 10}):
        content = encoded(picture, "JPEG", **options)
        for whole in (content, content[:-2], content[:-2] + TRAILER):
            assert decode(whole, long_side_px=400).shape == (300, 400, 3)


@pytest.mark.parametrize("behind", CUT_ENDS)
def test_a_progressive_jpeg_cut_in_its_last_scan_is_refused(behind):
    last = scans_of(PROGRESSIVE)[-1]
    for share in (0.2, 0.6, 0.95):
        with pytest.raises(UnreadableImage, match="truncated"):
            decode(PROGRESSIVE[: last + int((len(PROGRESSIVE) - last) * share)] + CUT_ENDS[behind], long_side_px=400)


def scans_of(content: bytes) -> list[int]:
    return [at for at in range(len(content)) if content.startswith(b"\xff\xda", at)]


@pytest.mark.parametrize("behind", [b"", EOI, TRAILER], ids=["nothing", "an end", "a trailer"])
def test_a_progressive_jpeg_cut_between_two_scans_is_refused(behind):
    for at in scans_of(PROGRESSIVE)[1:]:
        tables = PROGRESSIVE.rfind(b"\xff\xc4", 0, at)  # those of the scan that is missing
        with pytest.raises(UnreadableImage) as refusal:
            decode(PROGRESSIVE[:tables] + behind, long_side_px=400)
        assert refusal.value.reason == "truncated"


def test_an_evenly_grey_picture_is_accepted():
    content = encoded(Image.new("RGB", (320, 240), (128, 128, 128)), "JPEG")
    assert (decode(content, long_side_px=320) == 128).all()
    assert (decode(content[:-2], long_side_px=320) == 128).all()


@pytest.mark.parametrize(
    ("kind", "body", "count"),
    [(1, b"\6", 1), (2, b"6\0", 2), (7, b"\6", 1), (7, b"\0\6\0\0", 4), (3, b"\0\0", 1), (3, b"\0\x09", 1), (5, b"", 1),
     (12, b"", 1), (99, b"\6", 1), (3, b"\0\6", 2**31)],
)  # fmt: skip
def test_an_unreadable_orientation_counts_as_upright(kind, body, count):
    content = with_segments(exif(kind, body, count))
    assert read_header(content).orientation == 1
    assert np.array_equal(decode(content, long_side_px=1000), decode(JPEG, long_side_px=1000))


def test_a_valid_orientation_is_applied():
    assert read_header(with_segments(exif(3, b"\0\6"))).orientation == 6
    assert read_header(with_segments(exif(4, b"\0\0\0\6"))).orientation == 6


@pytest.mark.parametrize(
    "other",
    [
        segment(0xE1, b"Exif\0\0" + b"\x11" * 30_000),
        segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0" + bytes(6)),
        exif(3, b"\0\3"),
    ],
    ids=["continued", "without one", "with another"],
)
def test_the_first_orientation_counts_before_any_later_exif(other):
    assert read_header(with_segments(exif(3, b"\0\6"), other)).orientation == 6


def test_the_orientation_of_a_second_exif_counts_if_the_first_has_none():
    assert read_header(with_segments(exif(3, b"\0\0"), exif(3, b"\0\6"))).orientation == 6


BROKEN_SEGMENTS = {
    "EXIF of nothing": segment(0xE1, b"Exif\0\0"),
    "EXIF of noise": segment(0xE1, b"Exif\0\0II*\0" + np.random.default_rng(1).bytes(900)),
    "JFIF cut short": segment(0xE0, b"JFIF\0"),
    "Adobe cut short": segment(0xEE, b"Adobe"),
    "profile without its number": segment(0xE2, b"ICC_PROFILE\0"),
    "index of pictures that are not there": segment(0xE2, b"MPF\0" + bytes(8)),
    "Photoshop of noise": segment(0xED, b"Photoshop 3.0\x008BIM" + np.random.default_rng(2).bytes(99)),
    "gain map of noise": segment(0xEB, b"HDR_RI ver=" + bytes(200)),
    "no length": b"\xff\xe4\0\0",
    "a length too small": b"\xff\xe4\0\1",
    "a length that ends in the middle": b"\xff\xe4\0\x08" + bytes(100),
    "fill bytes": b"\xff" * 300,
}


@pytest.mark.parametrize("kind", BROKEN_SEGMENTS)
def test_a_broken_segment_of_metadata_does_not_reject_the_photo(kind):
    content = with_segments(BROKEN_SEGMENTS[kind])
    assert np.array_equal(decode(content, long_side_px=1000), decode(JPEG, long_side_px=1000))


def chunk(name: bytes, body: bytes, *, sum_of: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(sum_of or name + body))


WHOLE_PNGS = {
    "without an end": PNG[:-12],
    "with half an end": PNG[:-6],
    "before a trailer": PNG + TRAILER,
    "with EXIF of noise": PNG[:33] + chunk(b"eXIf", bytes(90)) + PNG[33:],
    "with a profile of noise": PNG[:33] + chunk(b"iCCP", b"a\0\0noise") + PNG[33:],
    "with a text of a wrong sum": PNG[:33] + chunk(b"tEXt", b"a\0b", sum_of=b"x") + PNG[33:],
    "with primaries cut short": PNG[:33] + chunk(b"cHRM", bytes(5)) + PNG[33:],
    "with a gamma of nothing": PNG[:33] + chunk(b"gAMA", bytes(4)) + PNG[33:],
}


@pytest.mark.parametrize("kind", WHOLE_PNGS)
def test_a_png_with_all_its_pixels_is_accepted(kind):
    assert np.array_equal(decode(WHOLE_PNGS[kind], long_side_px=1000), PIXELS)


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_a_png_cut_in_its_pixels_is_refused(share):
    pixels_end = len(PNG) - 12 - 4
    with pytest.raises(UnreadableImage) as refusal:
        decode(PNG[: int(pixels_end * share)] + b"\0" * 3, long_side_px=400)
    assert refusal.value.reason == "truncated"


WHOLE_HEICS = {
    "before a raw trailer": HEIC + TRAILER,
    "before a box cut short": HEIC + struct.pack(">I4s", 900_000, b"mpvd") + FILM[:900],
    "before a film in a box": HEIC + struct.pack(">I4s", 8 + len(FILM), b"mpvd") + FILM,
    "before zeros": HEIC + bytes(500),
    "open at its end": without_size_of_last_box(HEIC),
    "open at its end, before a trailer": without_size_of_last_box(HEIC) + TRAILER,
}


@pytest.mark.parametrize("kind", WHOLE_HEICS)
def test_a_heic_with_all_its_pixels_is_accepted_with_any_ending(kind):
    assert np.array_equal(decode(WHOLE_HEICS[kind], long_side_px=1000), decode(HEIC, long_side_px=1000))


@pytest.mark.parametrize("share", [0.02, 0.2, 0.7, 0.99])
def test_a_heic_cut_in_its_pixels_is_refused(share):
    for content in (HEIC, without_size_of_last_box(HEIC)):
        with pytest.raises(UnreadableImage) as refusal:
            read_picture(cut_at(content, share), long_side_px=400)
        assert refusal.value.reason in {"truncated", "not_an_image"}


BEHIND_A_CUT_HEIC = {
    "zeros": bytes(500_000),
    "fill bytes": b"\xff" * 500_000,
    "equal bytes": b"\x11" * 500_000,
    "a film": TRAILER + FILM * 9,
    "a film in a box": struct.pack(">I4s", 600_000, b"mpvd") + FILM + bytes(range(256)) * 2000,
    "itself": HEIC * 9,
}


@pytest.mark.parametrize("behind", BEHIND_A_CUT_HEIC)
@pytest.mark.parametrize("share", [0.2, 0.7, 0.95])
def test_a_heic_cut_in_its_pixels_is_refused_with_any_ending(share, behind):
    with pytest.raises(UnreadableImage, match="truncated"):
        decode(cut_at(HEIC, share) + BEHIND_A_CUT_HEIC[behind], long_side_px=400)


def in_tiles() -> bytes:
    """Return a picture in tiles of 256 × 256 pixels, as phones write them, each an item of its own."""
    out = io.BytesIO()
    pillow_heif.from_pillow(PICTURE).save(out, quality=90, enc_params=FAST, tile_size=256)
    return out.getvalue()


def test_a_tiled_heic_is_accepted_and_a_cut_one_with_noise_is_refused():
    content = in_tiles()
    assert np.abs(decode(content, long_side_px=1000).astype(int) - PIXELS).mean() < 6
    noise = np.random.default_rng(3).bytes(500_000)
    for share in (0.2, 0.5, 0.8):
        with pytest.raises(UnreadableImage, match="truncated"):
            decode(cut_at(content, share) + noise, long_side_px=400)


def test_a_few_zeros_after_a_unit_are_padding():
    assert reader._is_unit(b"\x26\1\xaf" + bytes(40))
    assert not reader._is_unit(b"\x26\1\xaf" + bytes(400))


def test_a_heic_with_too_many_extents_is_refused_at_once():
    at = HEIC.index(b"iloc") + 4
    endless = HEIC[:at] + b"\0\0\0\0" + b"\0\0" + b"\xff\xff" + b"\0\1\0\0\xff\xff" * 3000
    size = struct.pack(">I", len(endless) - at + 8)
    content = endless[: at - 8] + size + endless[at - 4 :]
    with pytest.raises(UnreadableImage):
        decode(content, long_side_px=100)
