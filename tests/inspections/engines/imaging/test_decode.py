"""Test that untrusted bytes become upright RGB pixels or raise `UnreadableImage`, and nothing else."""

import struct

import numpy as np
import pytest
from PIL import Image

from inspections.engines.imaging.decode import UnreadableImage, decode, read_header
from inspections.engines.imaging.display_copy import viewing_copy
from inspections.engines.imaging.headers import sniff
from inspections.media_types import MAX_PIXELS_PNG
from tests.inspections.engines.picture_files import (
    bomb_png,
    corner_picture,
    encoded,
    heic,
    located_jpeg,
    oriented_jpeg,
    sixteen_bit_grey_png,
)

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
JPEG = encoded(corner_picture(), "JPEG", quality=95)
PNG = encoded(corner_picture(), "PNG")
HEIC = heic(corner_picture())
UPSIDE_CORNERS = {1: (0, 0), 2: (0, -1), 3: (-1, -1), 4: (-1, 0), 5: (0, 0), 6: (0, -1), 7: (-1, -1), 8: (-1, 0)}


def is_red(pixel: np.ndarray) -> bool:
    red, green, blue = (int(value) for value in pixel)
    return red > 150 and green < 90 and blue < 90


def test_the_three_types_are_known_by_their_first_bytes():
    assert [sniff(content) for content in (JPEG, PNG, HEIC)] == ["image/jpeg", "image/png", "image/heic"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        HTML,
        SVG,
        b"GIF89a" + bytes(40),
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"\0\0\0\x1cftypavif" + bytes(20),
        b"%PDF-1.7",
    ],
)
def test_other_types_are_refused(content):
    assert sniff(content) is None
    with pytest.raises(UnreadableImage) as refusal:
        decode(content, long_side_px=64)
    assert refusal.value.reason == "not_an_image"


def test_generic_heif_without_a_hevc_brand_is_refused():
    assert sniff(b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif" + bytes(20)) is None


def branded(*brands: bytes) -> bytes:
    """Return the HEIC with the brands of other cameras: the first brand is the major one."""
    size = int.from_bytes(HEIC[:4], "big")
    names = b"".join(brands[1:])
    return HEIC[:8] + brands[0] + bytes(4) + names.ljust(size - 16, b"\0") + HEIC[size:]


BRANDS = [
    (b"heic",),
    (b"mif1", b"heic"),
    (b"msf1", b"mif1", b"hevc"),
    (b"mif2", b"heix"),
    (b"MiHE", b"mif1", b"heic"),
    (b"hevc", b"msf1", b"heic"),
    (b"heim", b"mif1"),
    (b"hevx",),
    (b"isom", b"mp41", b"heic"),
]


@pytest.mark.parametrize("brands", BRANDS, ids=lambda brands: "-".join(brand.decode() for brand in brands))
def test_a_heic_can_name_its_brand_in_any_place(brands):
    assert sniff(branded(*brands)) == "image/heic"
    assert np.array_equal(decode(branded(*brands), long_side_px=320), decode(HEIC, long_side_px=320))


@pytest.mark.parametrize(
    "brands", [(b"mif1", b"avif"), (b"avif", b"mif1"), (b"avis", b"msf1"), (b"isom", b"mp42"), (b"msf1",)]
)
def test_other_codecs_and_videos_are_not_heic(brands):
    assert sniff(branded(*brands)) is None


def test_an_image_sequence_is_unsupported():
    film = struct.pack(">I4s", 24, b"ftyp") + b"hevc\0\0\0\0msf1hevc" + struct.pack(">I4s", 300, b"moov") + bytes(292)
    with pytest.raises(UnreadableImage, match="unsupported"):
        read_header(film)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation):
    pixels = decode(oriented_jpeg(orientation), long_side_px=160)
    assert pixels.shape == ((120, 160, 3) if orientation < 5 else (160, 120, 3))
    assert is_red(pixels[UPSIDE_CORNERS[orientation]])
    assert pixels.flags["C_CONTIGUOUS"]


def test_a_rotated_heic_is_rotated_once():
    pixels = decode(heic(corner_picture(), orientation=6), long_side_px=160)
    assert pixels.shape == (160, 120, 3)
    assert is_red(pixels[4, -5])


def test_the_header_has_the_stored_size_and_orientation():
    header = read_header(oriented_jpeg(6))
    assert (header.content_type, header.width, header.height, header.orientation) == ("image/jpeg", 320, 240, 6)


def test_absurd_orientation_is_ignored():
    assert decode(oriented_jpeg(77), long_side_px=160).shape == (120, 160, 3)


@pytest.mark.parametrize("content", [JPEG, PNG, HEIC], ids=["jpeg", "png", "heic"])
def test_pictures_are_never_enlarged(content):
    assert decode(content, long_side_px=4000).shape == (240, 320, 3)


@pytest.mark.parametrize("long_side_px", [39, 40, 79, 80, 100, 160, 319])
def test_the_long_side_is_as_requested(long_side_px):
    assert max(decode(JPEG, long_side_px=long_side_px).shape) == long_side_px


@pytest.mark.parametrize("content", [JPEG, PNG, HEIC], ids=["jpeg", "png", "heic"])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9, 0.97])
def test_truncated_files_are_refused(content, share):
    cut = content[: int(len(content) * share)]
    with pytest.raises(UnreadableImage):
        read_header(cut)
    with pytest.raises(UnreadableImage):
        decode(cut, long_side_px=64)


def test_truncated_jpeg_with_a_whole_thumbnail_inside_is_refused():
    thumbnail = encoded(corner_picture(32, 24), "JPEG")
    content = JPEG[:2] + b"\xff\xe1" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail + JPEG[2:]
    assert decode(content, long_side_px=64).shape == (48, 64, 3)
    with pytest.raises(UnreadableImage):
        decode(content[:-200], long_side_px=64)


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (6000, 6001), (2**31 - 1, 2**31 - 1)])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_bomb_is_refused_from_its_header(width, height):
    assert width * height > MAX_PIXELS_PNG
    with pytest.raises(UnreadableImage):
        read_header(bomb_png(width, height))


def test_picture_without_its_pixels_is_refused():
    with pytest.raises(UnreadableImage):
        decode(bomb_png(2000, 2000), long_side_px=64)


@pytest.mark.parametrize("content", [JPEG, PNG, HEIC], ids=["jpeg", "png", "heic"])
def test_flipped_bytes_give_pixels_or_a_refusal(content):
    rng = np.random.default_rng(5)
    for _ in range(60):
        damaged = bytearray(content)
        for position in rng.integers(0, len(damaged), 12):
            damaged[position] = rng.integers(0, 256)
        try:
            pixels = decode(bytes(damaged), long_side_px=64)
        except UnreadableImage:
            continue
        assert pixels.dtype == np.uint8
        assert pixels.ndim == 3


def test_the_viewing_copy_drops_other_content_of_a_polyglot():
    polyglot = JPEG + HTML + b"PK\x03\x04"
    copy = viewing_copy(decode(polyglot, long_side_px=320))
    assert b"script" not in copy
    assert sniff(copy) == "image/jpeg"


def test_html_before_a_jpeg_is_refused():
    with pytest.raises(UnreadableImage):
        decode(HTML + JPEG, long_side_px=64)


def test_the_viewing_copy_has_no_camera_metadata():
    copy = viewing_copy(decode(located_jpeg(), long_side_px=320))
    assert b"TopSecretPhone" not in copy
    assert b"Exif" not in copy


def test_cmyk_jpeg_becomes_rgb():
    content = encoded(corner_picture().convert("CMYK"), "JPEG", quality=95)
    pixels = decode(content, long_side_px=320)
    assert is_red(pixels[10, 10])
    assert abs(int(pixels[200, -5, 0]) - 200) < 12


def test_sixteen_bit_png_keeps_its_lightness():
    assert abs(int(decode(sixteen_bit_grey_png(128 * 257), long_side_px=64).mean()) - 128) <= 1


def test_a_transparent_png_gets_a_white_background():
    picture = Image.new("RGBA", (32, 32), (200, 0, 0, 0))
    assert decode(encoded(picture, "PNG"), long_side_px=32).min() == 255


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_png_mode_becomes_rgb(mode):
    content = encoded(corner_picture().convert(mode), "PNG")
    pixels = decode(content, long_side_px=160)
    assert (pixels.shape, pixels.dtype) == ((120, 160, 3), np.uint8)


def test_grey_and_progressive_jpegs_become_rgb():
    for content in (
        encoded(corner_picture().convert("L"), "JPEG"),
        encoded(corner_picture(), "JPEG", progressive=True),
    ):
        assert decode(content, long_side_px=160).shape == (120, 160, 3)


def test_the_first_frame_of_an_animated_png_is_read():
    frames = [corner_picture(), Image.new("RGB", (320, 240), "black")]
    content = encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])
    assert is_red(decode(content, long_side_px=320)[5, 5])


def test_extreme_shapes_stay_at_least_one_pixel_high():
    content = encoded(Image.new("RGB", (6000, 1), "grey"), "PNG")
    assert decode(content, long_side_px=100).shape == (1, 100, 3)


def test_a_bomb_is_refused_before_a_pixel_is_decoded(monkeypatch):
    def decoded(_: object) -> None:
        raise AssertionError("Pillow decoded")

    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", decoded)
    with pytest.raises(UnreadableImage, match="too_many_pixels"):
        read_header(bomb_png(12_000, 11_000))
