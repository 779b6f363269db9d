"""Test that the photo check requests a new photo if, and only if, the picture is unusable."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from inspections.engines.imaging.quality import PhotoConstraints, check_photo, nearly_same
from rendering.plate import render_hull_plate
from rendering.samples import jpeg
from tests.inspections.engines.picture_files import bomb_png, corner_picture, heic, located_jpeg, oriented_jpeg

ALL_TYPES = ("image/jpeg", "image/png", "image/heic")
CONSTRAINTS = PhotoConstraints(min_short_side_px=256, max_bytes=15_000_000, content_types=ALL_TYPES)


@pytest.fixture(scope="module")
def plate():
    return render_hull_plate(seed=4, angle="mid", rust=0.05, size=(1200, 900))


def check(pixels, constraints=CONSTRAINTS):
    return check_photo(jpeg(pixels), constraints=constraints)


def dimmed(pixels, factor, offset=0.0):
    return np.clip(pixels * factor + offset, 0, 255).astype(np.uint8)


def test_good_photo_is_usable(plate):
    outcome = check(plate)
    assert (outcome.usable, outcome.retake_reasons, outcome.warnings) == (True, (), ())
    assert len(outcome.fingerprint) == 16


def test_dark_photo_is_too_dark(plate):
    assert check(dimmed(plate, 0.2)).retake_reasons[0] == "too_dark"


def test_bright_photo_is_too_bright(plate):
    assert check(dimmed(plate, 0.1, 222)).retake_reasons[0] == "too_bright"


def test_blurred_photo_is_blurred(plate):
    assert check(cv2.GaussianBlur(plate, (0, 0), 14)).retake_reasons == ("blurred",)


def test_slightly_blurred_photo_gets_a_warning(plate):
    outcome = check(cv2.GaussianBlur(plate, (0, 0), 2.6))
    assert (outcome.usable, outcome.warnings) == (True, ("slightly_blurred",))


def test_small_photo_is_too_small_and_a_middling_one_small(plate):
    assert check(cv2.resize(plate, (300, 225))).retake_reasons == ("too_small",)
    assert "small" in check(cv2.resize(plate, (400, 300))).warnings


def test_smooth_photo_with_one_sharp_corner_is_sharp(plate):
    smooth = cv2.GaussianBlur(plate, (0, 0), 14)
    smooth[:200, :250] = plate[300:500, 300:550]
    assert check(smooth).usable


def test_too_many_bytes_are_refused_before_decoding(plate):
    tight = PhotoConstraints(min_short_side_px=256, max_bytes=1000, content_types=ALL_TYPES)
    assert check(plate, tight).retake_reasons == ("too_large",)


def test_type_outside_the_policy_is_an_unsupported_format():
    only_png = PhotoConstraints(min_short_side_px=100, max_bytes=10**6, content_types=("image/png",))
    assert check_photo(heic(corner_picture()), constraints=only_png).retake_reasons == ("unsupported_format",)


def test_more_pixels_than_the_policy_allows_are_too_large(plate):
    tight = PhotoConstraints(
        min_short_side_px=256, max_bytes=15_000_000, content_types=ALL_TYPES, max_pixels=1200 * 900 - 1
    )
    assert check(plate, tight).retake_reasons == ("too_large",)
    assert check(plate, replace(tight, max_pixels=1200 * 900)).usable


@pytest.mark.parametrize(
    "content",
    [
        b"\x00",
        b"<html>",
        b"PK\3\4" + bytes(200),
        b"BM and more words",
        b"RIFF????WAVE",
    ],
)
def test_garbage_is_not_an_image(content):
    outcome = check_photo(content, constraints=CONSTRAINTS)
    assert (outcome.usable, outcome.retake_reasons, outcome.fingerprint) == (False, ("not_an_image",), "")


def test_bomb_is_too_large():
    assert check_photo(bomb_png(60_000, 60_000), constraints=CONSTRAINTS).retake_reasons == ("too_large",)


def test_the_stored_quality_has_no_metadata_of_the_photo():
    meta = check_photo(located_jpeg(), constraints=CONSTRAINTS).quality_meta
    assert set(meta) == {"width", "height", "sharpness", "lightness", "content_type"}


def test_size_is_that_of_the_upright_photo():
    meta = check_photo(oriented_jpeg(6), constraints=CONSTRAINTS).quality_meta
    assert (meta["width"], meta["height"]) == (240, 320)


def test_recompressed_or_slightly_brighter_photo_is_nearly_the_same(plate):
    original = check(plate).fingerprint
    assert nearly_same(original, check(cv2.resize(plate, (800, 600))).fingerprint)
    assert nearly_same(original, check(dimmed(plate, 1.08)).fingerprint)


def test_other_photo_is_not_nearly_the_same(plate):
    other = render_hull_plate(seed=5, angle="mid", rust=0.05, size=(1200, 900))
    assert not nearly_same(check(plate).fingerprint, check(other).fingerprint)
    assert not nearly_same("", "")
