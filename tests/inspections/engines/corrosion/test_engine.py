"""Test the corrosion engine on drawn plates: rust is seen, grows, and is not seen on clean plates."""

import dataclasses

import cv2
import numpy as np
import pytest

from inspections.engines.base import Prediction
from inspections.engines.corrosion.classical import ClassicalDetector
from inspections.engines.corrosion.engine import CorrosionEngine, Parameters
from inspections.engines.findings import Photo, Point
from rendering.samples import jpeg
from tests.inspections.engines.drawn_points import mixed_point, plate_point

ENGINE = CorrosionEngine(ClassicalDetector())
SEEDS = (2, 3, 4)


def examine(point, **context):
    return ENGINE.examine(point, context=context)


@pytest.mark.parametrize("seed", SEEDS)
def test_clean_plate_shows_no_rust(seed):
    finding = examine(plate_point(seed=seed, rust=0.0))
    assert (finding.signal_detected, finding.extent.value) == ("no", 0.0)


@pytest.mark.parametrize("seed", SEEDS)
def test_more_rust_gives_a_larger_area(seed):
    findings = [examine(plate_point(seed=seed, rust=rust)) for rust in (0.03, 0.1, 0.25)]
    areas = [finding.extent.value for finding in findings]
    assert {finding.signal_detected for finding in findings} == {"yes"}
    assert areas == sorted(areas)
    assert areas[0] > 0.5
    assert areas[2] > 2 * areas[0]


def test_square_on_photo_is_measured_and_marked():
    assert examine(plate_point(seed=2, rust=0.1)).overlay_asset_id == "asset-mid"


def test_wide_photo_decides_only_where_it_is_alone():
    wide = plate_point(seed=1, rust=0.25, angles=("wide",))
    assert examine(wide).signal_detected == "yes"
    assert examine(mixed_point(wide, plate_point(seed=1, rust=0.0))).signal_detected == "no"


def test_near_photos_that_contradict_each_other_are_inconclusive():
    contradictory = mixed_point(
        plate_point(seed=1, rust=0.1, angles=("mid",)), plate_point(seed=1, rust=0.0, angles=("close",))
    )
    finding = examine(contradictory)
    assert (finding.signal_detected, finding.confidence, finding.reasons) == (
        "inconclusive",
        "low",
        ("angles_disagree",),
    )


class DarkFlaggingDetector:
    """Flags dark pictures; in others it predicts rust everywhere or nowhere, by how red they are."""

    name, digest, long_side_px = "dark-flagging", "0", 256

    def predict(self, pixels):
        red, green, _ = pixels.reshape(-1, 3).mean(axis=0)
        rusty = red > green + 30
        probability_map = np.full(pixels.shape[:2], 0.9 if rusty else 0.0, np.float32)
        quality_flags = ("unlike_training",) if pixels.mean() < 40 else ()
        segmentation_map = (probability_map > 0.5).astype(np.uint8)
        return Prediction(
            probability=0.99 if rusty else 0.01,
            quality_flags=quality_flags,
            probability_map=probability_map,
            segmentation_map=segmentation_map,
        )


def even(angle, colour):
    return Photo(asset_id=angle, angle=angle, content=jpeg(np.full((120, 160, 3), colour, np.uint8)))


def test_flagged_photo_does_not_count_for_the_area_and_lowers_the_confidence():
    engine = CorrosionEngine(DarkFlaggingDetector())
    dark, rusty = even("mid", (20, 20, 20)), even("close", (180, 90, 40))
    finding = engine.examine(Point(point_index=1, photos=(dark, rusty)), context={})
    assert (finding.signal_detected, finding.confidence, finding.overlay_asset_id) == ("yes", "medium", "close")
    assert finding.extent.value > 80


def test_aluminium_shows_no_rust():
    finding = examine(plate_point(seed=1, rust=0.25), hull_material="aluminium")
    assert (finding.signal_detected, finding.reasons) == ("inconclusive", ("not_made_for_this_metal",))
    assert finding.signals == ()


@pytest.mark.parametrize("colour", [(150, 60, 45), (120, 45, 38), (165, 50, 50)])
def test_red_antifouling_is_not_rust(colour):
    noise = np.random.default_rng(2).normal(0, 4, (600, 800, 1))
    shade = np.linspace(1.1, 0.7, 800)[None, :, None]
    pixels = np.clip(np.array(colour) * shade + cv2.GaussianBlur(noise, (0, 0), 1.0)[..., None], 0, 255)
    photo = Photo(asset_id="a", angle="mid", content=jpeg(pixels.astype(np.uint8)))
    assert examine(Point(point_index=1, photos=(photo,))).signal_detected != "yes"


def test_prediction_maps_every_pixel_of_its_picture():
    prediction = ENGINE.predict(np.full((120, 200, 3), 128, np.uint8))
    assert (prediction.probability_map.shape, prediction.probability_map.dtype) == ((120, 200), np.float32)
    assert (prediction.segmentation_map.shape, prediction.segmentation_map.dtype) == ((120, 200), np.uint8)


def test_changed_parameter_changes_the_model_version():
    changed = CorrosionEngine(ClassicalDetector(), dataclasses.replace(Parameters(), marked_above=0.4))
    assert changed.model_version != ENGINE.model_version
