"""Test `evaluate_speed`: one photo, three times, in turn."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from evaluation.speed import phone_photo
from inspections.engines.imaging.decode import read_header
from tests.inspections.engines.picture_files import corner_picture, encoded, heic


def measure(**options):
    output = StringIO()
    call_command("evaluate_speed", mode="corrosion", engine="classical", rounds=1, stdout=output, **options)
    return output.getvalue()


def test_times_are_shown_as_ratios_to_the_full_decode(tmp_path):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(encoded(corner_picture(), "JPEG"))
    *lines, last = measure(photo=photo).splitlines()
    assert [line.split()[0] for line in lines] == ["full_decode", "scaled_decode", "check", "viewing_copy", "analysis"]
    spent, high, ratios = zip(*(map(float, re.findall(r"\d+\.\d+", line)) for line in lines), strict=True)
    assert ratios[0] == 1
    assert ratios[4] == pytest.approx(spent[4] / spent[0], rel=0.2)
    assert all(low <= most for low, most in zip(spent, high, strict=True))
    assert 10 < float(re.search(r": (\d+) MB", last)[1]) < 1000


@pytest.mark.parametrize("content", [None, b"no picture"])
def test_an_unreadable_photo_is_refused_with_a_message(tmp_path, content):
    photo = tmp_path / "photo.jpg"
    if content is not None:
        photo.write_bytes(content)
    with pytest.raises(CommandError, match="measurement failed"):
        measure(photo=photo)


def test_the_drawn_photo_has_the_size_of_a_phones_photo():
    content = phone_photo()
    header = read_header(content)
    assert (header.width, header.height) == (4000, 3000)
    assert 2e6 < len(content) < 6e6


def test_a_photo_that_opencv_cannot_read_is_measured_too(tmp_path):
    photo = tmp_path / "photo.heic"
    photo.write_bytes(heic(corner_picture()))
    assert len(measure(photo=photo).splitlines()) == 6
