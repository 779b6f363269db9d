"""Test that probabilities become words by fixed steps."""

import pytest

from inspections.engines.base import Prediction
from inspections.engines.confidence import NUMBERS, judged, logistic, pooled, verdict
from inspections.engines.imaging.quality import PANORAMA_FROM


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (0.95, ("yes", "high")),
        (0.85, ("yes", "medium")),
        (0.72, ("yes", "low")),
        (0.5, ("inconclusive", "low")),
        (0.28, ("no", "low")),
        (0.15, ("no", "medium")),
        (0.02, ("no", "high")),
    ],
)
def test_verdict_follows_the_calibrated_steps(probability, expected):
    assert verdict(probability) == expected


def test_looks_at_one_place_are_averaged_not_added():
    assert pooled([0.9, 0.9, 0.9]) == pytest.approx(0.9)
    assert pooled([0.9, 0.1]) == pytest.approx(0.5)
    assert 0 < pooled([0.0, 0.0]) < pooled([1.0, 1.0]) < 1


def test_logistic_does_not_overflow():
    assert (logistic(-1e4), logistic(1e4)) == (0.0, 1.0)


def predictions(*probabilities, quality_flags=()):
    return [Prediction(probability=probability, quality_flags=quality_flags) for probability in probabilities]


def test_what_counts_as_a_panorama_is_part_of_every_model_version():
    assert PANORAMA_FROM in NUMBERS


def test_looks_that_agree_say_it_surely():
    assert judged(predictions(0.97, 0.95)) == ("yes", "high", ())


def test_looks_that_differ_lower_the_confidence():
    assert judged(predictions(0.995, 0.58)) == ("yes", "medium", ())


@pytest.mark.parametrize("probabilities", [(0.95, 0.05), (0.75, 0.001), (0.999, 0.29), (0.72, 0.5, 0.001)])
def test_looks_that_contradict_each_other_say_nothing(probabilities):
    assert judged(predictions(*probabilities)) == ("inconclusive", "low", ("angles_disagree",))


def test_a_look_that_is_unsure_contradicts_nobody():
    assert judged(predictions(0.95, 0.5))[0] == "yes"


def test_doubted_look_is_left_out_and_lowers_the_confidence():
    assert judged([*predictions(0.97), *predictions(0.01, quality_flags=("unlike_training",))]) == ("yes", "medium", ())


def test_nothing_but_doubted_looks_say_why():
    assert judged(predictions(0.97, 0.96, quality_flags=("views_disagree",))) == (
        "inconclusive",
        "low",
        ("views_disagree",),
    )
