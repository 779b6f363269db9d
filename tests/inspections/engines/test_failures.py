"""Test that each engine returns a whole finding or refuses for any input; never a guess."""

from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image

from inspections.engines.imaging import jpeg as jpeg_reader
from inspections.engines.imaging import png as png_reader
from inspections.engines.imaging.decode import UnreadableImage
from inspections.media_types import MAX_PIXELS, MAX_PIXELS_PNG
from tests.inspections.engines.drawn_points import gelcoat_point, plate_point
from tests.inspections.engines.picture_files import (
    bomb_png,
    corner_picture,
    encoded,
    heic,
    oriented_jpeg,
    sixteen_bit_grey_png,
)
from tests.inspections.engines.registered_engines import EVERY, SEEING, engine, point_of

GREY = corner_picture().convert("L")
JPEG, PNG, HEIC = encoded(corner_picture(), "JPEG"), encoded(corner_picture(), "PNG"), heic(corner_picture())


def palette_png() -> bytes:
    picture = Image.fromarray(np.asarray(GREY))
    picture.putpalette([value for value in range(256) for _ in range(3)])
    assert picture.mode == "P"
    return encoded(picture, "PNG")


def grey_in_sixteen_bits_png() -> bytes:
    return encoded(Image.fromarray(np.asarray(GREY).astype(np.uint16) * 257), "PNG")


def animated_png(first: Image.Image) -> bytes:
    frames = [first, Image.new(first.mode, first.size, "white")]
    return encoded(first, "PNG", save_all=True, append_images=frames[1:])


def cv2_out_of_memory() -> cv2.error:
    fault = cv2.error("Insufficient memory")
    fault.code = cv2.Error.StsNoMem
    return fault


PICTURES = {
    "cmyk jpeg": encoded(corner_picture().convert("CMYK"), "JPEG", quality=95),
    "grey jpeg": encoded(GREY, "JPEG"),
    "progressive jpeg": encoded(corner_picture(), "JPEG", progressive=True),
    "grey png": encoded(GREY, "PNG"),
    "grey png of 16 bits": grey_in_sixteen_bits_png(),
    "even grey png of 16 bits": sixteen_bit_grey_png(40_000),
    "png of one bit": encoded(corner_picture().convert("1"), "PNG"),
    "palette png": palette_png(),
    "transparent png": encoded(corner_picture().convert("RGBA"), "PNG"),
    "animated png": animated_png(corner_picture()),
    "heic": HEIC,
    "one pixel jpeg": encoded(Image.new("RGB", (1, 1), "red"), "JPEG"),
    "one pixel png": encoded(Image.new("RGB", (1, 1), "red"), "PNG"),
    "one grey pixel of 16 bits": encoded(Image.fromarray(np.full((1, 1), 40_000, np.uint16)), "PNG"),
    "one row": encoded(Image.new("RGB", (6000, 1), "grey"), "PNG"),
    "one column": encoded(Image.new("RGB", (1, 6000), "grey"), "PNG"),
}
SAME_PIXELS = {
    "palette": (palette_png(), encoded(GREY, "PNG")),
    "16 bits": (grey_in_sixteen_bits_png(), encoded(GREY, "PNG")),
    "opaque alpha": (encoded(corner_picture().convert("RGBA"), "PNG"), PNG),
    "animated": (animated_png(corner_picture()), PNG),
}
NO_PICTURES = {
    "nothing": b"",
    "html": b"<html><script>alert(1)</script></html>",
    "gif": b"GIF89a" + bytes(600),
    "jpeg cut short": JPEG[: len(JPEG) // 2],
    "png cut short": PNG[: len(PNG) // 2],
    "heic cut short": HEIC[: len(HEIC) // 2],
    "png without pixels": bomb_png(2000, 2000),
    "bomb of 3.6 gigapixels": bomb_png(60_000, 60_000),
    "bomb just over the limit": bomb_png(MAX_PIXELS // 1000 + 1, 1000),
    "png that would be decoded whole": bomb_png(MAX_PIXELS_PNG // 1000 + 1, 1000),
}


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize(("mode", "name"), EVERY)
def test_a_picture_of_any_kind_gets_a_complete_finding(mode, name, picture):
    finding = engine(mode, name).examine(point_of(PICTURES[picture]), context={})
    assert finding.overlay_asset_id == "close"
    for measured in (finding.extent, *finding.measurements):
        assert np.isfinite([measured.low, measured.value, measured.high]).all()
        assert measured.low <= measured.value <= measured.high
    Image.open(BytesIO(finding.overlay_png)).load()


@pytest.mark.parametrize("kind", SAME_PIXELS)
@pytest.mark.parametrize(("mode", "name"), SEEING)
def test_the_same_pixels_get_the_same_finding_in_every_container(mode, name, kind):
    first, second = (engine(mode, name).examine(point_of(content), context={}) for content in SAME_PIXELS[kind])
    assert first == second


@pytest.mark.parametrize("content", NO_PICTURES)
@pytest.mark.parametrize(("mode", "name"), SEEING)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_an_undecodable_photo_is_refused_and_not_called_clean(mode, name, content):
    with pytest.raises(UnreadableImage):
        engine(mode, name).examine(point_of(NO_PICTURES[content]), context={})


@pytest.mark.parametrize(("mode", "name"), SEEING)
def test_a_broken_photo_beside_a_good_one_is_refused(mode, name):
    for contents in ((JPEG, JPEG[:900]), (JPEG[:900], JPEG)):
        with pytest.raises(UnreadableImage):
            engine(mode, name).examine(point_of(*contents), context={})


@pytest.mark.parametrize(("mode", "name"), SEEING)
@pytest.mark.parametrize("orientation", [1, 6])
def test_the_overlay_matches_the_upright_photo(mode, name, orientation):
    finding = engine(mode, name).examine(point_of(oriented_jpeg(orientation)), context={"hull_material": "aluminium"})
    overlay = Image.open(BytesIO(finding.overlay_png)).convert("RGB")
    assert overlay.size == ((320, 240) if orientation == 1 else (240, 320))
    corner = np.asarray(overlay, int)[:20, :20] if orientation == 1 else np.asarray(overlay, int)[:20, -20:]
    red, green, blue = np.median(corner.reshape(-1, 3), axis=0)
    assert red > green + 60
    assert red > blue + 60


@pytest.mark.parametrize(("mode", "name"), SEEING)
@pytest.mark.parametrize(
    ("decoder", "content"),
    [
        ((jpeg_reader, "_decode"), JPEG),
        ((png_reader, "_decode"), PNG),
        ((png_reader, "_opened"), PNG),
        ((jpeg_reader, "_parsed"), JPEG),
    ],
)
@pytest.mark.parametrize("fault", [MemoryError(), cv2_out_of_memory()])
def test_lack_of_memory_does_not_reject_the_picture(mode, name, decoder, content, fault, monkeypatch):
    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(*decoder, fail)
    with pytest.raises(MemoryError):
        engine(mode, name).examine(point_of(content), context={})


@pytest.mark.parametrize("fault", [MemoryError, TimeoutError, RuntimeError])
@pytest.mark.parametrize(("mode", "name"), SEEING)
def test_a_failing_detector_gives_no_answer(mode, name, fault, monkeypatch):
    built = engine(mode, name)

    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(type(built._detector), "predict", fail)
    with pytest.raises(fault):
        built.examine(
            plate_point(seed=4, rust=0.1) if mode == "corrosion" else gelcoat_point(seed=2, blisters=0), context={}
        )
