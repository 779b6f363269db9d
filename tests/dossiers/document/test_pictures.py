"""Test how pictures go into the file: within their share of it, without metadata, and never as another format."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from dossiers.document.errors import UnreadablePicture
from dossiers.document.pictures import TOTAL_BYTES, TOTAL_PIXELS, Share, fitted, share_of
from testing.samples.sample_dossiers import sample_dossier
from tests.dossiers.document.reading import pdf_of


def noise(width: int = 1600, height: int = 1200) -> Image.Image:
    return Image.fromarray(np.random.default_rng(1).integers(0, 255, (height, width, 3), dtype=np.uint8))


def encoded(image: Image.Image, kind: str = "JPEG", **options) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def share(most_bytes: int, most_pixels: int = 2_000_000) -> Share:
    return Share(most_bytes=most_bytes, most_pixels=most_pixels)


def test_a_picture_that_fits_goes_through_untouched():
    picture = encoded(noise(400, 300), quality=85)
    assert fitted(picture, share(500_000)) == picture
    assert picture not in pdf_of()


def test_a_picture_that_is_too_large_is_made_smaller_until_it_fits():
    picture = encoded(noise(), quality=95)
    made = fitted(picture, share(200_000))
    assert len(picture) > 1_000_000
    assert len(made) <= 200_000
    with Image.open(BytesIO(made)) as image:
        assert image.width / image.height == pytest.approx(4 / 3, abs=0.01)


def test_the_same_picture_gives_the_same_bytes():
    picture = encoded(noise(600, 400), "PNG")
    assert fitted(picture, share(40_000)) == fitted(picture, share(40_000))


def test_a_marked_up_png_becomes_a_jpeg():
    palette = noise(300, 200).quantize(96)
    with Image.open(BytesIO(fitted(encoded(palette, "PNG"), share(500_000)))) as image:
        assert (image.format, image.mode) == ("JPEG", "RGB")


def test_metadata_does_not_get_into_the_file():
    exif = Image.Exif()
    exif[0x010F] = "secret maker"
    exif.get_ifd(0x8825)[1] = "N"
    picture = encoded(noise(300, 200), exif=exif)
    assert b"secret maker" in picture
    made = fitted(picture, share(500_000))
    assert b"secret maker" not in made
    assert b"Exif" not in made


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        encoded(noise(300, 200))[:900],
        encoded(noise(40, 40), "GIF"),
        encoded(Image.new("RGB", (6000, 6000))),
    ],
    ids=["empty", "text", "svg", "cut off", "gif", "too many pixels"],
)
def test_what_is_no_display_copy_is_refused(broken):
    with pytest.raises(UnreadablePicture):
        fitted(broken, share(500_000))


def test_all_pictures_together_fit_into_the_file():
    content = sample_dossier(visits=5, points=4)
    pictures = sum(
        1 + (photo.pictures.overlay is not None)
        for visit in content.visits
        for point in visit.points
        for photo in point.photos
        if photo.pictures
    )
    assert pictures == 59 + 20 - 1
    assert share_of(content).most_bytes * pictures <= TOTAL_BYTES
    assert share_of(content).most_pixels * pictures <= TOTAL_PIXELS


def test_a_picture_of_more_pixels_than_its_share_is_made_smaller():
    picture = encoded(noise(), quality=20)
    with Image.open(BytesIO(fitted(picture, share(5_000_000, 480_000)))) as image:
        assert image.size == (800, 600)


def test_a_picture_is_in_the_file_as_it_was_given():
    photo = sample_dossier().visits[0].points[0].photos[0]
    assert photo.pictures is not None
    assert photo.pictures.view in pdf_of()
