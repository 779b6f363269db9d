"""Test that one scene gives one answer from any phone; an invalid profile rejects no photo."""

import struct
import time
from functools import cache

import numpy as np
import pytest
from PIL import Image, ImageCms

from inspections.engines.imaging import icc
from inspections.engines.imaging.colour import of_code_points, of_gamma
from inspections.engines.imaging.decode import decode, read_picture
from inspections.engines.imaging.quality import PhotoConstraints, check_photo, nearly_same
from inspections.engines.quality_flags import QualityFlag
from rendering.gelcoat import render_gelcoat
from rendering.plate import render_hull_plate
from tests.inspections.engines.imaging.colour_spaces import cicp_tag, grey_profile, heic, in_profile, profile, stored
from tests.inspections.engines.picture_files import encoded
from tests.inspections.engines.registered_engines import SEEING, engine, point_of

SIZE = (1200, 900)
SPACES = ("Display P3", "Adobe RGB", "Rec. 2020", "PQ", "HLG")
CONTAINERS = ("JPEG", "PNG", "HEIC")
ANYTHING = PhotoConstraints(
    min_short_side_px=100, max_bytes=10**8, content_types=("image/jpeg", "image/png", "image/heic")
)


@cache
def scene(mode: str) -> np.ndarray:
    if mode == "osmosis":
        return render_gelcoat(seed=11, angle="close", blisters=80, size=SIZE)
    return render_hull_plate(seed=11, angle="mid", rust=0.1, size=SIZE)


@cache
def photo(mode: str, space: str, container: str) -> bytes:
    return stored(scene(mode), space=space, container=container)


@cache
def in_srgb(mode: str, name: str, container: str = "PNG"):
    content = photo(mode, "sRGB", container)
    return engine(mode, name).examine(point_of(content), context={})


def assert_same_answer(found, plain):
    assert found.signal_detected == plain.signal_detected == "yes"
    assert abs(found.extent.value - plain.extent.value) <= 2


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("space", SPACES)
def test_the_same_scene_gives_the_same_area_in_every_colour_space(space, container):
    content = photo("corrosion", space, container)
    found = engine("corrosion", "trained").examine(point_of(content), context={})
    if (space, container) == ("PQ", "JPEG"):  # of its eight bits few are left for what is darker than white
        assert found.signal_detected == "yes"
    else:
        assert_same_answer(found, in_srgb("corrosion", "trained", container))


@pytest.mark.parametrize("container", CONTAINERS)
def test_the_same_scene_gives_the_same_area_in_every_container(container):
    assert_same_answer(in_srgb("corrosion", "trained", container), in_srgb("corrosion", "trained"))


@pytest.mark.parametrize("turn", range(1, 9))
def test_the_same_scene_gives_the_same_area_in_every_orientation(turn):
    held = np.ascontiguousarray(HELD[turn](scene("corrosion")))
    content = stored(held, space="Display P3", container="JPEG", turn=turn)
    found = engine("corrosion", "trained").examine(point_of(content), context={})
    assert_same_answer(found, in_srgb("corrosion", "trained"))


# The transform that EXIF's turn undoes.
HELD = {
    1: lambda pixels: pixels,
    2: lambda pixels: pixels[:, ::-1],
    3: lambda pixels: pixels[::-1, ::-1],
    4: lambda pixels: pixels[::-1],
    5: lambda pixels: pixels.transpose(1, 0, 2),
    6: lambda pixels: np.rot90(pixels, 1),
    7: lambda pixels: pixels[::-1, ::-1].transpose(1, 0, 2),
    8: lambda pixels: np.rot90(pixels, -1),
}


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize(("mode", "name"), [seeing for seeing in SEEING if seeing != ("corrosion", "trained")])
def test_every_engine_gives_the_same_answer_in_every_colour_space(mode, name, space):
    content = photo(mode, space, "PNG")
    found = engine(mode, name).examine(point_of(content), context={})
    plain = in_srgb(mode, name)
    assert (found.signal_detected, found.confidence) == (plain.signal_detected, plain.confidence)


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("space", SPACES)
def test_check_fingerprint_and_viewing_copy_use_the_same_colours(space, container):
    plain = check_photo(photo("corrosion", "sRGB", container), constraints=ANYTHING)
    check = check_photo(photo("corrosion", space, container), constraints=ANYTHING)
    assert check.usable
    assert nearly_same(plain.fingerprint, check.fingerprint)
    assert abs(plain.quality_meta["lightness"] - check.quality_meta["lightness"]) < 2
    assert np.abs(plain.pixels.astype(int) - check.pixels).mean() < 4


def test_an_srgb_profile_is_recognised_by_effect_and_changes_no_pixel():
    pixels = scene("corrosion")
    for of in (profile("sRGB"), ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()):
        content = encoded(Image.fromarray(pixels), "PNG", icc_profile=of)
        assert np.array_equal(decode(content, long_side_px=1200), pixels)
    assert icc.colour_of(profile("sRGB").replace(b"test", b"P3!!")) is None


def test_a_profile_falsely_named_srgb_is_applied():
    named = profile("Display P3").replace(b"test", b"sRGB")
    assert icc.colour_of(named) is not None


def profiled(of: bytes) -> bytes:
    return encoded(Image.fromarray(scene("corrosion")), "PNG", icc_profile=of)


def with_header(at: int, body: bytes) -> bytes:
    plain = profile("Display P3")
    return plain[:at] + body + plain[at + len(body) :]


def matrix_of_nothing() -> bytes:
    return profile("Display P3", extra={name: b"XYZ \0\0\0\0" + bytes(12) for name in (b"rXYZ", b"gXYZ", b"bXYZ")})


def chain_of_steps() -> bytes:
    """Return a conversion of two hundred thousand steps, each of them the same few bytes."""
    steps = 200_000
    at = 16 + 8 * steps
    matrix = b"matf\0\0\0\0" + struct.pack(">HH", 3, 3) + struct.pack(">12f", 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0)
    table = struct.pack(">II", at, len(matrix)) * steps
    chain = b"mpet\0\0\0\0" + struct.pack(">HHI", 3, 3, steps) + table + matrix
    return profile("sRGB", extra={b"D2B0": chain, b"D2B1": chain})


BROKEN_PROFILES = {
    "nothing": b"",
    "noise": np.random.default_rng(3).bytes(3000),
    "cut short": profile("Display P3")[:200],
    "of a device link": profile("Display P3", kind=b"link"),
    "of named colours": profile("Display P3", kind=b"nmcl"),
    "abstract": profile("Display P3", kind=b"abst"),
    "of CMYK": with_header(16, b"CMYK"),
    "of Lab": with_header(16, b"Lab "),
    "without its mark": with_header(36, b"bcsp"),
    "of a billion tags": with_header(128, b"\x3f\xff\xff\xff"),
    "that makes everything black": matrix_of_nothing(),
    "that makes everything white": profile("Display P3", gamma=0.004),
    "of five megabytes": profile("Display P3") + bytes(5_000_000),
}


@pytest.mark.parametrize("kind", BROKEN_PROFILES)
def test_a_broken_or_absurd_profile_is_ignored(kind):
    assert icc.colour_of(BROKEN_PROFILES[kind]) is None
    picture = read_picture(profiled(BROKEN_PROFILES[kind]), long_side_px=1200)
    assert np.array_equal(picture.pixels, scene("corrosion"))
    assert picture.quality_flags == ()


def test_a_profile_of_many_steps_takes_no_time():
    started = time.process_time()
    decode(profiled(chain_of_steps()), long_side_px=1200)
    assert time.process_time() - started < 2


def test_damaged_profiles_give_pixels_quickly():
    rng = np.random.default_rng(8)
    plain = scene("corrosion")[:40, :40]
    started = time.process_time()
    for _ in range(60):
        damaged = bytearray(profile("Display P3", extra={b"cicp": cicp_tag("HLG")}))
        for at in rng.integers(0, len(damaged), 10):
            damaged[at] = rng.integers(0, 256)
        content = encoded(Image.fromarray(plain), "PNG", icc_profile=bytes(damaged))
        assert decode(content, long_side_px=100).shape == plain.shape
    assert time.process_time() - started < 20


def test_an_unusual_curve_is_flagged_and_not_applied():
    picture = read_picture(profiled(profile("Rec. 2020", gamma=5)), long_side_px=1200)
    assert picture.quality_flags == (QualityFlag.UNKNOWN_COLOUR,)
    assert np.array_equal(picture.pixels, scene("corrosion"))


@pytest.mark.parametrize(("mode", "name"), SEEING)
def test_a_picture_of_unknown_colours_is_inconclusive(mode, name):
    content = encoded(Image.fromarray(scene(mode)), "PNG", icc_profile=profile("Rec. 2020", gamma=5))
    found = engine(mode, name).examine(point_of(content), context={})
    assert (found.signal_detected, found.confidence) == ("inconclusive", "low")
    assert QualityFlag.UNKNOWN_COLOUR in found.reasons


def named_adobe_rgb(space: int, index: bytes = b"", *, profile_of: bytes = b"", pixels=None) -> bytes:
    """Mark as DCF cameras do: the numbers are Adobe RGB, and only EXIF says so."""
    pixels = in_profile(scene("corrosion"), profile("Adobe RGB", gamma=563 / 256)) if pixels is None else pixels
    interoperability = struct.pack(">HHHI4sI", 1, 1, 2, len(index), index.ljust(4, b"\0"), 0) if index else b""
    entries = [struct.pack(">HHIHH", 0xA001, 3, 1, space, 0)]
    entries += [struct.pack(">HHII", 0xA005, 4, 1, 26 + 2 + 24 + 4)] if index else []
    body = b"MM\0*" + struct.pack(">IHHHIII", 8, 1, 0x8769, 4, 1, 26, 0) + struct.pack(">H", len(entries))
    body += b"".join(entries) + bytes(4) + interoperability
    options = {"icc_profile": profile_of} if profile_of else {}
    return encoded(pixels, "JPEG", quality=95, subsampling=0, exif=b"Exif\0\0" + body, **options)


def mean_difference(content: bytes) -> float:
    return float(np.abs(decode(content, long_side_px=1200).astype(int) - scene("corrosion")).mean())


@pytest.mark.parametrize(("space", "index"), [(0xFFFF, b"R03\0"), (2, b""), (2, b"R98\0")])
def test_adobe_rgb_named_by_exif_alone_is_applied(space, index):
    assert mean_difference(named_adobe_rgb(space, index)) < 2


@pytest.mark.parametrize(
    ("space", "index"), [(0xFFFF, b""), (0xFFFF, b"R98\0"), (1, b"R98\0"), (1, b"R03\0"), (7, b"")]
)
def test_other_colour_spaces_of_exif_change_no_pixel(space, index):
    plain = Image.fromarray(scene("corrosion"))
    assert np.array_equal(
        decode(named_adobe_rgb(space, index, pixels=plain), long_side_px=1200),
        decode(encoded(plain, "JPEG", quality=95, subsampling=0), long_side_px=1200),
    )


def test_a_profile_takes_precedence_over_exif():
    numbers = in_profile(scene("corrosion"), profile("Display P3"))
    assert mean_difference(named_adobe_rgb(2, pixels=numbers, profile_of=profile("Display P3"))) < 2


def test_rust_has_the_same_area_in_adobe_rgb_named_by_exif_as_in_srgb():
    found = engine("corrosion", "trained").examine(point_of(named_adobe_rgb(0xFFFF, b"R03\0")), context={})
    assert_same_answer(found, in_srgb("corrosion", "trained", "JPEG"))


def test_damaged_exif_gives_pixels():
    content = named_adobe_rgb(0xFFFF, b"R03\0", pixels=Image.fromarray(scene("corrosion")[:40, :40]))
    rng, begin = np.random.default_rng(2), content.index(b"MM\0*")
    for _ in range(300):
        damaged = bytearray(content)
        for at in rng.integers(begin, begin + 70, 4):
            damaged[at] = rng.integers(0, 256)
        assert decode(bytes(damaged), long_side_px=100).size == 40 * 40 * 3


def test_logarithmic_curves_are_flagged():
    colour = of_code_points(primaries=9, transfer=9)
    assert colour is not None
    assert colour.quality_flags == (QualityFlag.UNKNOWN_COLOUR,)


@pytest.mark.parametrize(("primaries", "transfer"), [(1, 13), (1, 1), (1, 6), (2, 2), (0, 0), (255, 255)])
def test_code_points_of_srgb_and_television_change_no_pixel(primaries, transfer):
    assert of_code_points(primaries=primaries, transfer=transfer) is None


def test_heic_code_points_of_display_p3_are_applied():
    numbers = in_profile(scene("corrosion"), profile("Display P3"))
    content = heic(numbers, save_nclx_profile=True, color_primaries=12, transfer_characteristics=13)
    assert np.abs(decode(content, long_side_px=1200).astype(int) - scene("corrosion")).mean() < 2


def test_grey_pictures_follow_a_grey_profile():
    grey = Image.fromarray(np.full((32, 32), 128, np.uint8))
    content = encoded(grey, "PNG", icc_profile=grey_profile(1.8))
    assert decode(content, long_side_px=32).mean() == pytest.approx(144, abs=3)


def test_a_grey_profile_on_a_coloured_picture_is_ignored():
    pixels = decode(profiled(grey_profile(2.2)), long_side_px=1200)
    assert np.abs(pixels.astype(int) - scene("corrosion")).mean() < 3


def test_an_rgb_profile_on_a_cmyk_picture_is_ignored():
    picture = Image.fromarray(scene("corrosion")).convert("CMYK")
    plain, converted = (
        decode(encoded(picture, "JPEG", quality=95, **extra), long_side_px=640)
        for extra in ({}, {"icc_profile": profile("Display P3")})
    )
    assert np.array_equal(plain, converted)


def test_gamma_and_primaries_of_a_png_are_applied_unless_absurd():
    pixels = np.full((4, 4, 3), 128, np.uint8)
    linear = of_gamma(gamma=1.0, chromaticities=None)
    assert linear is not None
    assert linear.convert(pixels).mean() == pytest.approx(188, abs=1)
    p3 = (0.68, 0.32, 0.265, 0.69, 0.15, 0.06, 0.3127, 0.329)
    assert of_gamma(gamma=1 / 2.2, chromaticities=p3) is not None
    assert of_gamma(gamma=1 / 2.2, chromaticities=(0.64, 0.33, 0.3, 0.6, 0.15, 0.06, 0.3127, 0.329)) is None
    for absurd in ((0.0,) * 8, (0.3127, 0.329) * 4, (1e9,) * 8):
        assert of_gamma(gamma=0.0, chromaticities=absurd) is None


def test_pixels_brighter_than_white_keep_their_hue():
    hdr = of_code_points(primaries=1, transfer=16)
    assert hdr is not None
    red, green, blue = hdr.convert(np.array([[[230, 150, 150]]], np.uint8))[0, 0]
    assert red == 255
    assert green == blue < 100
