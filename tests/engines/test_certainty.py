"""Probabilities become words by fixed steps."""

import pytest

from inspections.engines.certainty import disagree, logistic, pooled, verdict


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


def test_only_sure_looks_disagree():
    assert disagree([0.9, 0.1])
    assert not disagree([0.9, 0.5])


def test_logistic_does_not_overflow():
    assert (logistic(-1e4), logistic(1e4)) == (0.0, 1.0)
