"""Test the pure rules: when a change counts, and how the points combine."""

import numpy as np
import pytest

from corrosion.judgement import wording
from corrosion.judgement.trend import (
    FALSE_ALARMS,
    NO_CHANGE,
    Change,
    Noise,
    change_trend,
    overall_trend,
    place_trend,
    pool_changes,
)
from corrosion.vocabulary import IncomparableReason


def change(points, error=1.0):
    return Change(points, error)


@pytest.mark.parametrize(
    ("measured", "trend"),
    [
        (change(0), "stable"),
        (change(1.6), "stable"),
        (change(-1.6), "stable"),
        (change(2), "worsening"),
        (change(-2), "improving"),
        (change(2, error=1.2), "stable"),  # the same change, less well known
        (change(4, error=2.5), "stable"),
        (change(9, error=6), None),  # ten points could be hidden in it: "stable" would be a guess
        (change(12, error=6), "worsening"),
        (NO_CHANGE, "stable"),
    ],
)
def test_a_change_counts_only_beyond_its_error(measured, trend):
    assert change_trend(measured, among=1) == trend


def test_each_of_many_changes_must_be_larger_to_count():
    assert change_trend(change(2.2), among=1) == "worsening"
    assert change_trend(change(2.2), among=10) is None
    assert change_trend(change(1.5), among=10) == "stable"
    assert change_trend(change(5), among=10) == "worsening"


def test_the_chance_of_a_false_alarm_does_not_grow_with_the_points():
    chances = np.random.default_rng(1).uniform(0, 1, (4000, 8))  # of going so far or farther, as measured
    draws = np.where(chances < FALSE_ALARMS, 1.7 + 1.11 * np.log(FALSE_ALARMS / chances), 0)
    alarms = [any(change_trend(change(points), among=8) == "worsening" for points in row) for row in draws]
    assert np.mean(alarms) == pytest.approx(FALSE_ALARMS, abs=0.01)


def test_two_photos_of_a_place_reduce_the_error():
    both = pool_changes([change(6, error=2), change(2, error=2)])
    assert (both.points, both.error) == (4, pytest.approx(2 / 2**0.5))


def test_an_uncertain_photo_does_not_weaken_a_certain_one():
    assert change_trend(change(8, error=2.5), among=1) == "worsening"
    assert place_trend([change(8, error=2.5), change(1, error=10)], among=1) == "worsening"
    assert place_trend([change(8, error=2.5), NO_CHANGE], among=1) == "worsening"
    assert pool_changes([change(8, error=2.5), NO_CHANGE]) == change(8, error=2.5)
    assert pool_changes([NO_CHANGE, NO_CHANGE]) == NO_CHANGE


@pytest.mark.parametrize("among", [1, 10, 20])
def test_no_change_is_stable_among_any_number_of_points(among):
    assert change_trend(change(0.5, error=3), among=among) == "stable"


def test_an_uncertain_map_increases_the_noise():
    noise = Noise(repeat_photo_points=1.5, per_unsure_point=0.1)
    assert noise.of(0) == 1.5
    assert noise.of(20) == pytest.approx(2.5)


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
def test_the_worst_point_decides_and_no_point_gives_no_trend(trends, whole):
    assert overall_trend(trends) == whole


def test_every_incomparable_reason_has_a_sentence():
    assert set(wording.REASONS) == set(IncomparableReason.values())


FORBIDDEN = ("blister", "gelcoat", "osmosis", "laminate", "%", "percent", "diagnos", "probab", " has rust", "score")


@pytest.mark.parametrize("sentence", list(wording.every_sentence()))
def test_no_sentence_has_a_forbidden_word(sentence):
    assert not [word for word in FORBIDDEN if word in sentence.lower()]
