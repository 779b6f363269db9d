"""The pure rules: when a change counts, and what the points say together."""

import pytest

from corrosion import wording
from corrosion.comparability import OBSTACLES
from corrosion.trend import Area, point_trend, whole_trend


def area(value, spread=0.0):
    return Area(value, value - spread, value + spread)


@pytest.mark.parametrize(
    ("before", "after", "trend"),
    [
        (area(10), area(10), "stable"),
        (area(10), area(15.5), "stable"),
        (area(15.5), area(10), "stable"),
        (area(10), area(16), "worsening"),
        (area(16), area(10), "improving"),
        (area(0), area(6), "worsening"),
        (area(10, 6), area(19, 8), "stable"),  # 9 points, and the ranges reach 10 together
        (area(10, 6), area(21, 8), "worsening"),
        (area(21, 8), area(10, 6), "improving"),
        (Area(10, 0, 11), Area(20, 19, 60), "worsening"),  # only the sides that face each other matter
        (Area(20, 19, 60), Area(10, 0, 11), "improving"),
        (Area(10, 9, 25), Area(20, 19, 21), "stable"),
        (area(0), area(100), "worsening"),
    ],
)
def test_a_change_counts_only_beyond_noise_and_ranges(before, after, trend):
    assert point_trend(before=before, after=after) == trend


@pytest.mark.parametrize(
    ("trends", "whole"),
    [
        ([], None),
        (["stable"], "stable"),
        (["stable", "improving"], "improving"),
        (["improving", "stable", "worsening"], "worsening"),
        (["worsening", "worsening"], "worsening"),
    ],
)
def test_the_worst_point_rules_and_nothing_comparable_has_no_trend(trends, whole):
    assert whole_trend(trends) == whole


def test_every_obstacle_has_a_sentence():
    assert set(wording.WHY) == set(OBSTACLES)


FORBIDDEN = ("blister", "gelcoat", "osmosis", "laminate", "%", "percent", "diagnos", "probab", " has rust", "score")


@pytest.mark.parametrize("sentence", list(wording.every_sentence()))
def test_no_sentence_diagnoses_counts_or_speaks_of_the_other_mode(sentence):
    assert not [word for word in FORBIDDEN if word in sentence.lower()]
