"""Test the measurement of change on a place under other cameras and other light."""

import numpy as np
import pytest

from corrosion.judgement.alignment import align_pair
from corrosion.judgement.change import measure_change, predict_pair, register_pair
from corrosion.judgement.normalisation import estimate_tone, match_colours
from corrosion.judgement.trend import Change, change_trend
from inspections.engines.registry import engine_for
from rendering.plate import render_hull_plate
from tests.corrosion.pictures import photographed_otherwise, plate, seen_from
from tests.corrosion.predictors import ColourPredictor

MOVED = {"shift": (14, -9), "zoom": 1.05, "turn": 2}


def measured(before, after):
    change = measure_change(before, after, predictor=ColourPredictor())
    assert isinstance(change, Change), change
    return change


@pytest.mark.parametrize("rust", [0.0, 0.1, 0.3])
def test_another_stance_camera_and_light_change_nothing(rust):
    later = photographed_otherwise(seen_from(plate(1, rust=rust), **MOVED))
    assert abs(measured(plate(1, rust=rust), later).points) < 1.5


@pytest.mark.parametrize(("earlier", "later"), [(0.05, 0.15), (0.1, 0.3), (0.3, 0.1)])
def test_a_change_is_found_under_another_camera_and_light(earlier, later):
    seen = photographed_otherwise(seen_from(plate(1, rust=later), **MOVED))
    assert measured(plate(1, rust=earlier), seen).points == pytest.approx(100 * (later - earlier), abs=3)


def test_another_light_counts_as_a_change_without_normalisation():
    """The control: only the matching keeps an unchanged place unchanged."""
    before, after = plate(1, rust=0.2), (plate(1, rust=0.2) * 0.3).astype(np.uint8)
    areas = [ColourPredictor().predict(pixels).probability_map.mean() for pixels in (before, after)]
    assert abs(100 * (areas[1] - areas[0])) > 15
    assert abs(measured(before, after).points) < 1.5


def test_tones_are_estimated_from_unchanged_areas():
    before, after = plate(1), (plate(1, rust=0.25).astype(np.float32) * 0.8).astype(np.uint8)
    tone = estimate_tone(before, after, np.ones(before.shape[:2], np.bool_))
    unrusted = (plate(1).astype(np.float32) * 0.8).astype(np.uint8)
    assert np.abs(tone.apply(before).astype(int) - unrusted).mean() < 2


def test_only_the_area_in_both_photos_counts():
    """Rust that the second photo shows outside the first one's frame did not grow there."""
    whole = plate(1)
    aside = seen_from(whole, shift=(-90, 0))
    aside[:, 400:] = (150, 84, 40)
    assert abs(measured(whole, aside).points) < 1


def test_another_place_and_quality_flags_make_a_pair_incomparable():
    assert measure_change(plate(1), plate(2), predictor=ColourPredictor()) == "photos_do_not_match"
    flagging = ColourPredictor(quality_flags=("unlike_training",))
    assert measure_change(plate(1), seen_from(plate(1), turn=2), predictor=flagging) == "too_uncertain"


def test_uniform_map_is_measured_like_any_other():
    change = measure_change(plate(1), seen_from(plate(1), **MOVED), predictor=engine_for(mode="corrosion", name="stub"))
    assert isinstance(change, Change)


def test_the_same_pixels_give_the_same_change():
    later = photographed_otherwise(seen_from(plate(1, rust=0.2), **MOVED))
    assert measured(plate(1), later) == measured(plate(1), later)


def test_colours_are_matched_on_the_shared_region_alone():
    earlier, later = plate(1), seen_from(plate(1), shift=(90, 0))
    registration = register_pair(earlier, later)
    assert registration is not None
    matched = match_colours(align_pair(earlier, later, registration))
    difference = np.abs(matched.earlier.astype(int) - matched.later)[matched.shared]
    assert difference.mean() < 4
    assert not matched.shared[:, :80].any()


@pytest.mark.parametrize(
    ("rust", "trend"), [((0.1, 0.1), "stable"), ((0.1, 0.25), "worsening"), ((0.25, 0.1), "improving")]
)
def test_rendered_plates_give_their_true_trend(rust, trend):
    before, after = (
        render_hull_plate(seed=1, angle="mid", rust=share, size=(800, 600), visit=number)
        for number, share in enumerate(rust)
    )
    change = measure_change(before, after, predictor=engine_for(mode="corrosion", name="classical"))
    assert isinstance(change, Change)
    assert change_trend(change, among=1) == trend


def test_both_photos_are_predicted_in_one_frame():
    predictor = ColourPredictor()
    earlier, later = plate(1), seen_from(plate(1), **MOVED)
    registration = register_pair(earlier, later)
    assert registration is not None
    pair = predict_pair(align_pair(earlier, later, registration), predictor=predictor)
    assert pair.before.probability_map.shape == pair.after.probability_map.shape == pair.aligned.shared.shape
    assert predictor.calls == 2
    assert max(earlier.shape) > predictor.longest_side_px == 384
