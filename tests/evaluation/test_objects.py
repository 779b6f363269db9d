"""Test that a counted object is correct if it matches a drawn one, once."""

import numpy as np
import pytest

from evaluation.objects import drawn_objects, match_objects, scale_circle
from inspections.engines.base import Circle


def circle(x, y, radius=10.0):
    return Circle(x=x, y=y, radius=radius)


def tally(counted, drawn):
    found = match_objects(counted, drawn)
    return found.hits, found.counted, found.drawn


def test_parts_of_a_mask_are_its_objects():
    mask = np.zeros((40, 60), np.int64)
    mask[5:15, 5:15] = 255
    mask[20, 30] = mask[21, 31] = 255
    large, small = drawn_objects(mask)
    assert (large.x, large.y, large.radius) == pytest.approx((9.5, 9.5, np.sqrt(100 / np.pi)))
    assert (small.x, small.y) == (30.5, 20.5)


@pytest.mark.parametrize(
    ("apart", "radius", "hits"),
    [(9.9, 10, 1), (10.1, 10, 0), (5.9, 2, 1), (6.1, 2, 0)],
    ids=["inside", "outside", "small but near", "small and far"],
)
def test_match_needs_the_centre_inside_the_drawn_object(apart, radius, hits):
    assert tally([circle(50 + apart, 50)], [circle(50, 50, radius)]) == (hits, 1, 1)


def test_large_detection_is_no_hit():
    assert tally([circle(50, 50, 500)], [circle(80, 50)]) == (0, 1, 1)


def test_two_detections_of_one_object_are_one_hit():
    assert tally([circle(50, 50), circle(53, 50)], [circle(51, 50)]) == (1, 2, 1)


def test_one_detection_between_two_objects_is_one_hit():
    assert tally([circle(50, 50)], [circle(46, 50), circle(54, 50)]) == (1, 1, 2)


def test_nearest_centres_are_paired_first():
    assert tally([circle(50, 50), circle(57, 50)], [circle(51, 50), circle(64, 50)]) == (2, 2, 2)


def test_no_objects_and_no_detections_count_nothing():
    assert tally([], []) == (0, 0, 0)


def test_circle_is_scaled_to_a_picture_of_another_size():
    assert scale_circle(Circle(x=10, y=20, radius=3, likelihood=0.4), 2.5) == Circle(
        x=25, y=50, radius=7.5, likelihood=0.4
    )
