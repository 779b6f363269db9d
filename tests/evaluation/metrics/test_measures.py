"""Test each measure against a case small enough to compute by hand."""

import numpy as np
import pytest

from evaluation.metrics import measures


def value(measure, *weights):
    return measure(np.asarray([weights or (1, 1, 1, 1)], float))[0]


def column(*values):
    return np.asarray(values, float)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((0.9, 0.8, 0.2, 0.1), 1.0),
        ((0.1, 0.2, 0.8, 0.9), 0.0),
        ((0.5, 0.5, 0.5, 0.5), 0.5),
        ((0.9, 0.4, 0.4, 0.1), 0.875),
    ],
    ids=["apart", "upside down", "all tied", "one tie of four pairs"],
)
def test_auroc_counts_ties_half(scores, expected):
    assert value(measures.auroc(column(1, 1, 0, 0), column(*scores))) == pytest.approx(expected)


def test_a_photo_drawn_twice_counts_as_two():
    labels, scores = column(1, 1, 0, 0), column(0.9, 0.3, 0.5, 0.1)
    twice = value(measures.auroc(column(1, 1, 1, 0, 0), column(0.9, 0.3, 0.3, 0.5, 0.1)), 1, 1, 1, 1, 1)
    assert value(measures.auroc(labels, scores), 1, 2, 1, 1) == pytest.approx(twice)


def test_auroc_of_one_class_is_not_defined():
    with np.errstate(invalid="ignore"):
        assert np.isnan(value(measures.auroc(column(1, 1, 1, 1), column(0.1, 0.2, 0.3, 0.4))))


def test_f1_and_iou_follow_from_the_same_counts():
    hits, called, there = column(3, 0, 1, 0), column(4, 1, 1, 0), column(5, 0, 2, 1)
    assert value(measures.f1(hits, called, there)) == pytest.approx(2 * 4 / (6 + 8))
    assert value(measures.iou(hits, called, there)) == pytest.approx(4 / (6 + 8 - 4))


def test_balanced_accuracy_does_not_follow_the_larger_class():
    assert value(measures.balanced_accuracy(column(1, 0, 0, 0), column(0, 0, 0, 0))) == pytest.approx(0.5)


def test_calibration_error_weighs_the_gap_of_each_tenth_by_its_photos():
    probabilities, labels = column(0.91, 0.99, 0.15, 1.0), column(1, 0, 0, 1)
    # The last tenth says .9667 and is right two of three times; the second says .15 and never is.
    expected = 3 / 4 * abs((0.91 + 0.99 + 1.0) / 3 - 2 / 3) + 1 / 4 * 0.15
    assert value(measures.calibration_error(labels, probabilities)) == pytest.approx(expected)


def test_weighted_f1_weighs_each_class_by_its_drawn_pixels():
    first, second = [[6, 1, 0], [1, 2, 0], [0, 0, 0]], [[0, 0, 1], [0, 0, 0], [0, 1, 3]]
    # Pooled: class 0 drawn 8, seen 7, hit 6; class 1 drawn 3, seen 4, hit 2; class 2 drawn 4, seen 4, hit 3.
    expected = (8 * 12 / 15 + 3 * 4 / 7 + 4 * 6 / 8) / 15
    assert value(measures.weighted_f1(np.asarray([first, second], float)), 1, 1) == pytest.approx(expected)


def test_absent_class_does_not_change_weighted_f1():
    two = [[5, 1], [2, 4]]
    four = np.zeros((1, 4, 4))
    four[0, :2, :2] = two
    assert value(measures.weighted_f1(four), 1) == pytest.approx(
        value(measures.weighted_f1(np.asarray([two], float)), 1)
    )


def test_correlation_is_pearsons():
    first, second = column(1, 2, 3, 4), column(2, 4, 5, 9)
    assert value(measures.correlation(first, second)) == pytest.approx(np.corrcoef(first, second)[0, 1])
    assert np.isnan(value(measures.correlation(first, column(3, 3, 3, 3))))


@pytest.mark.parametrize(("q", "expected"), [(0.5, 20), (0.75, 30), (0.76, 40), (0.95, 40), (1, 40)])
def test_quantile_is_a_value_that_was_measured(q, expected):
    assert value(measures.quantile(column(30, 10, 40, 20), q)) == expected


def test_specificity_at_recall_takes_the_highest_threshold_that_finds_enough():
    labels = column(*[1] * 10, *[0] * 4)
    scores = column(*np.linspace(1, 0.55, 10), 0.99, 0.58, 0.52, 0.1)
    everyone, the_last_two = np.ones(14), column(*[0] * 12, 1, 1)
    at = {"recall": 0.9}
    # Nine of ten lie at .6 and above: one negative does too.
    assert measures.specificity_at_recall(labels, scores, **at, among=everyone)(np.ones((1, 14)))[0] == 0.75
    assert measures.specificity_at_recall(labels, scores, **at, among=the_last_two)(np.ones((1, 14)))[0] == 1


def test_specificity_at_recall_includes_ties_at_the_threshold():
    measure = measures.specificity_at_recall(
        column(1, 0, 0, 1), column(0.5, 0.5, 0.2, 0.9), recall=0.9, among=np.ones(4)
    )
    assert value(measure) == 0.5
