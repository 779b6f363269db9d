"""Test the steps from probabilities to a signal and its confidence."""

import pytest

from inspections.engines.base import Prediction
from inspections.engines.confidence import NUMBERS, aggregate, classify, logistic, pool_probabilities
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
def test_classes_follow_the_calibrated_steps(probability, expected):
    assert classify(probability) == expected


def test_probabilities_of_one_place_are_averaged_not_added():
    assert pool_probabilities([0.9, 0.9, 0.9]) == pytest.approx(0.9)
    assert pool_probabilities([0.9, 0.1]) == pytest.approx(0.5)
    assert 0 < pool_probabilities([0.0, 0.0]) < pool_probabilities([1.0, 1.0]) < 1


def test_logistic_does_not_overflow():
    assert (logistic(-1e4), logistic(1e4)) == (0.0, 1.0)


def predictions(*probabilities, quality_flags=()):
    return [Prediction(probability=probability, quality_flags=quality_flags) for probability in probabilities]


def test_panorama_limit_is_part_of_every_model_version():
    assert PANORAMA_FROM in NUMBERS


def test_agreeing_predictions_keep_the_confidence():
    assert aggregate(predictions(0.97, 0.95)) == ("yes", "high", ())


def test_differing_predictions_lower_the_confidence():
    assert aggregate(predictions(0.995, 0.58)) == ("yes", "medium", ())


@pytest.mark.parametrize("probabilities", [(0.95, 0.05), (0.75, 0.001), (0.999, 0.29), (0.72, 0.5, 0.001)])
def test_contradicting_predictions_are_inconclusive(probabilities):
    assert aggregate(predictions(*probabilities)) == ("inconclusive", "low", ("angles_disagree",))


def test_unsure_prediction_contradicts_no_other():
    assert aggregate(predictions(0.95, 0.5))[0] == "yes"


def test_flagged_prediction_is_excluded_and_lowers_the_confidence():
    assert aggregate([*predictions(0.97), *predictions(0.01, quality_flags=("unlike_training",))]) == (
        "yes",
        "medium",
        (),
    )


def test_flagged_predictions_alone_give_their_flags_as_reasons():
    assert aggregate(predictions(0.97, 0.96, quality_flags=("views_disagree",))) == (
        "inconclusive",
        "low",
        ("views_disagree",),
    )
