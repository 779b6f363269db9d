"""Test the comparison of a photo with its known truth; missing or broken files are named and stop nothing."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from evaluation.observation import Unreadable, observe
from inspections.engines.base import Circle, Prediction
from inspections.engines.registry import engine_for
from tests.evaluation.samples import FixedEngine, row
from tests.inspections.engines.picture_files import corner_picture, encoded, heic

PICTURE = corner_picture(320, 240)


def photo(tmp_path, content, **known):
    path = tmp_path / "photo"
    path.write_bytes(content)
    return replace(row("photo"), path=path, **{"sha256": hashlib.sha256(content).hexdigest(), **known})


def masked(tmp_path, mask, **known):
    Image.fromarray(mask).save(tmp_path / "mask.png")
    return photo(tmp_path, encoded(PICTURE, "PNG"), mask_file="mask.png", mask_path=tmp_path / "mask.png", **known)


def quarter(height, width, value=1):
    mask = np.zeros((height, width), np.uint8)
    mask[: height // 2, : width // 2] = value
    return mask


@pytest.mark.parametrize(
    "content",
    [
        encoded(PICTURE, "JPEG"),
        encoded(PICTURE, "PNG"),
        encoded(PICTURE.convert("CMYK"), "JPEG"),
        encoded(PICTURE.convert("L"), "JPEG"),
        heic(PICTURE),
        encoded(PICTURE.resize((1, 1)), "PNG"),
    ],
    ids=["jpeg", "png", "cmyk", "grey", "heic", "one pixel"],
)
@pytest.mark.parametrize("mode", ["corrosion", "osmosis"])
def test_photo_of_every_format_is_judged(tmp_path, content, mode):
    observation = observe(photo(tmp_path, content), engine_for(mode=mode, name="classical"))
    assert 0 <= observation.probability <= 1
    assert observation.cost.cpu_ms > 0
    assert observation.cost.peak_memory_mb > 10
    assert (observation.pixels, observation.objects, observation.true_percent) == (None, None, None)


@pytest.mark.parametrize(
    ("content", "sha256", "reason"),
    [
        (b"words", "", "not_an_image"),
        (encoded(PICTURE, "JPEG")[:900], "", "truncated"),
        (encoded(PICTURE, "JPEG"), "0" * 64, "sha256_differs"),
    ],
    ids=["no picture", "cut short", "changed"],
)
def test_file_that_cannot_be_judged_is_named(tmp_path, content, sha256, reason):
    assert observe(photo(tmp_path, content, sha256=sha256), FixedEngine()) == Unreadable(file="photo", reason=reason)


def test_missing_file_is_named(tmp_path):
    assert observe(row("nowhere.jpg"), FixedEngine()) == Unreadable(file="nowhere.jpg", reason="not_found")


def test_map_is_compared_at_the_size_of_the_mask(tmp_path):
    grades = np.zeros((48, 64), np.uint8)
    grades[:24] = 2
    prediction = Prediction(
        probability=0.9, probability_map=np.full((48, 64), 0.5, np.float32), segmentation_map=grades
    )
    observation = observe(masked(tmp_path, quarter(480, 640, value=3)), FixedEngine(prediction))
    quarter_px = 240 * 320
    assert (observation.pixels.hits, observation.pixels.predicted, observation.pixels.drawn) == (
        quarter_px,
        2 * quarter_px,
        quarter_px,
    )
    confusion = np.reshape(observation.pixels.confusion, (4, 4))
    assert (confusion[3, 2], confusion[0, 2], confusion[0, 0]) == (quarter_px, quarter_px, 2 * quarter_px)
    assert (observation.true_percent, observation.share_percent) == (25, 50)


@pytest.mark.parametrize("value", [255, 7])
def test_binary_mask_has_no_classes(tmp_path, value):
    prediction = Prediction(
        probability=0.9, probability_map=np.zeros((48, 64), np.float32), segmentation_map=np.ones((48, 64), np.uint8)
    )
    observation = observe(masked(tmp_path, quarter(240, 320, value=value)), FixedEngine(prediction))
    assert observation.pixels.confusion is None
    assert observation.pixels.hits == observation.pixels.drawn == 120 * 160


def test_mask_in_colours_is_read(tmp_path):
    mask = np.repeat(quarter(240, 320, value=255)[..., None], 3, axis=2)
    assert observe(masked(tmp_path, mask), FixedEngine()).true_percent == 25


def test_one_bit_mask_has_places_without_grades(tmp_path):
    row = masked(tmp_path, quarter(240, 320, value=255))
    Image.open(row.mask_path).convert("1").save(row.mask_path)
    prediction = Prediction(
        probability=0.9, probability_map=np.zeros((48, 64), np.float32), segmentation_map=np.ones((48, 64), np.uint8)
    )
    observation = observe(row, FixedEngine(prediction))
    assert (observation.true_percent, observation.pixels.confusion) == (25, None)


def test_opacity_of_a_mask_is_ignored(tmp_path):
    row = masked(tmp_path, quarter(240, 320, value=255))
    Image.open(row.mask_path).convert("LA").save(row.mask_path)
    assert observe(row, FixedEngine()).true_percent == 25


@pytest.mark.parametrize(
    ("break_it", "reason"),
    [
        (lambda path: path.unlink(), "mask_not_found"),
        (lambda path: path.write_bytes(b"words"), "mask_broken"),
        (lambda path: Image.new("L", (100, 300)).save(path), "mask_another_shape"),
    ],
    ids=["missing", "no picture", "of another photo"],
)
def test_photo_without_its_mask_counts_for_image_metrics(tmp_path, break_it, reason):
    with_mask = masked(tmp_path, quarter(240, 320))
    break_it(with_mask.mask_path)
    observation = observe(with_mask, FixedEngine())
    assert observation.unreadable_mask == Unreadable(file="mask.png", reason=reason)
    assert (observation.probability, observation.true_percent) == (0.7, None)


def test_objects_are_matched_at_the_size_of_the_mask(tmp_path):
    mask = np.zeros((480, 640), np.uint8)
    mask[100:140, 200:240] = mask[300:340, 500:540] = 255
    there, unsure, elsewhere = (
        Circle(x=22, y=12, radius=2, likelihood=0.9),
        Circle(x=52, y=32, radius=2, likelihood=0.3),
        Circle(x=40, y=5, radius=2, likelihood=0.5),
    )
    prediction = Prediction(probability=0.9, detections=(there, unsure, elsewhere))
    engine = FixedEngine(prediction, unit="count")
    observation = observe(masked(tmp_path, mask), engine)
    assert (observation.objects.hits, observation.objects.counted, observation.objects.drawn) == (1, 2, 2)
    assert (observation.counted, observation.true_count) == (2, 2)
    engine.counted_above = 0.3
    assert observe(masked(tmp_path, mask, true_count=5), engine).objects.hits == 2
    assert observe(masked(tmp_path, mask, true_count=5), engine).true_count == 5
