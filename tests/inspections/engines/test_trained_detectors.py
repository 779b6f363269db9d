"""Test the trained detectors: repeatable to the bit, owned by their process, with quality flags."""

import multiprocessing
from dataclasses import replace

import numpy as np
import pytest

from inspections.engines.corrosion import trained as corrosion
from inspections.engines.corrosion.engine import CorrosionEngine
from inspections.engines.onnx_model import pad_to_multiple
from inspections.engines.osmosis import trained as osmosis
from inspections.engines.osmosis.engine import OsmosisEngine
from rendering.gelcoat import render_gelcoat
from rendering.plate import render_hull_plate
from tests.inspections.engines.drawn_points import gelcoat_point, plate_point

SIZE = (320, 240)
PLATE = render_hull_plate(seed=3, angle="mid", rust=0.15, size=SIZE)
GELCOAT = render_gelcoat(seed=3, angle="close", blisters=40, size=SIZE)
DETECTORS = {"corrosion": (corrosion.TrainedDetector, PLATE), "osmosis": (osmosis.TrainedDetector, GELCOAT)}
MODES = sorted(DETECTORS)


def numbers_of(prediction):
    area = None if prediction.probability_map is None else float(prediction.probability_map.mean())
    return [prediction.probability, area, len(prediction.detections), prediction.quality_flags]


def predict_in_child(mode, answers):
    build, pixels = DETECTORS[mode]
    answers.put(numbers_of(build().predict(pixels)))


@pytest.mark.parametrize("mode", MODES)
def test_same_pixels_give_the_same_prediction_to_the_bit(mode):
    build, pixels = DETECTORS[mode]
    first, again = build().predict(pixels), build().predict(pixels)
    assert numbers_of(first) == numbers_of(again)
    assert first.detections == again.detections
    if first.probability_map is not None:
        assert np.array_equal(first.probability_map, again.probability_map)


@pytest.mark.parametrize("mode", MODES)
def test_forked_worker_creates_its_own_session(mode):
    build, pixels = DETECTORS[mode]
    parent_prediction = build().predict(pixels)
    forking = multiprocessing.get_context("fork")
    answers = forking.Queue()
    child = forking.Process(target=predict_in_child, args=(mode, answers))
    child.start()
    assert answers.get(timeout=60) == numbers_of(parent_prediction)
    child.join()


def test_corrosion_maps_every_pixel():
    prediction = corrosion.TrainedDetector().predict(PLATE)
    assert prediction.probability_map.shape == prediction.segmentation_map.shape == PLATE.shape[:2]
    assert 0 <= prediction.probability_map.min() <= prediction.probability_map.max() <= 1
    assert set(np.unique(prediction.segmentation_map)) <= {0, 1, 2, 3}


def test_osmosis_finds_circles_inside_the_picture():
    prediction = osmosis.TrainedDetector().predict(GELCOAT)
    assert prediction.detections
    assert all(
        0 <= circle.x < SIZE[0] and 0 <= circle.y < SIZE[1] and circle.radius > 0 for circle in prediction.detections
    )


def test_scene_unlike_training_is_inconclusive():
    strict = replace(corrosion.Calibration.shipped(), unlike_above=0.0)
    finding = CorrosionEngine(corrosion.TrainedDetector(strict)).examine(plate_point(seed=2, rust=0.1), context={})
    assert (finding.signal_detected, finding.confidence) == ("inconclusive", "low")
    assert finding.reasons == ("unlike_training",)


def test_mirror_images_that_disagree_are_inconclusive():
    strict = replace(osmosis.Calibration.shipped(), views_differ_by=-1.0)
    finding = OsmosisEngine(osmosis.TrainedDetector(strict)).examine(gelcoat_point(seed=2, blisters=30), context={})
    assert (finding.signal_detected, finding.reasons) == ("inconclusive", ("views_disagree",))


@pytest.mark.parametrize("mode", MODES)
def test_calibration_is_part_of_the_digest(mode):
    module = {"corrosion": corrosion, "osmosis": osmosis}[mode]
    moved = replace(module.Calibration.shipped(), presence_offset=9.0)
    assert module.TrainedDetector(moved).digest != module.TrainedDetector().digest


@pytest.mark.parametrize(("height", "width"), [(1, 1), (33, 64), (480, 512)])
def test_pictures_are_padded_to_multiples_of_32(height, width):
    padded = pad_to_multiple(np.full((height, width, 3), 7, np.uint8))
    assert padded.shape == (3, -(-height // 32) * 32, -(-width // 32) * 32)
    assert (padded == 7).all()
