"""Test intervals: they hold the value, are repeatable, and treat photos of one picture as one."""

import numpy as np
import pytest

from evaluation.metrics import measures
from evaluation.metrics.resampling import RESAMPLES, resample


def mean_of(values, groups):
    sample = resample(values, groups)
    return sample.metric(measures.mean(sample.column(float)))


def test_interval_contains_the_value_and_is_repeatable():
    values = [*range(40)]
    metric = mean_of(values, [str(each) for each in values])
    assert metric.low < metric.value == 19.5 < metric.high
    assert metric.n == 40
    assert metric == mean_of(values, [str(each) for each in values])


def test_interval_is_as_wide_as_theory_says():
    values = list(np.random.default_rng(4).normal(0, 1, 400))
    metric = mean_of(values, [str(index) for index in range(400)])
    assert metric.high - metric.low == pytest.approx(2 * 1.96 * np.std(values) / 20, rel=0.1)


def test_crops_of_one_picture_are_resampled_together():
    sample = resample(["a", "b", "c"], ["one", "other", "one"])
    assert sample.weights.shape == (RESAMPLES + 1, 3)
    assert (sample.weights[:, 0] == sample.weights[:, 2]).all()
    assert (sample.weights[:, 0] + sample.weights[:, 1] == 2).all()


def test_crops_of_one_picture_do_not_narrow_the_interval():
    values, pictures = [0, 1] * 20, [str(index) for index in range(40)]
    tenfold = mean_of([value for value in values for _ in range(10)], [name for name in pictures for _ in range(10)])
    once = mean_of(values, pictures)
    assert (tenfold.value, tenfold.low, tenfold.high) == pytest.approx((once.value, once.low, once.high))
    assert tenfold.n == 400


def test_a_share_of_none_or_all_has_a_wide_interval():
    """0 of 18: by the beta distribution, up to 18.5 %."""
    none = resample([0] * 18, [str(index) for index in range(18)]).proportion(bool)
    assert (none.value, none.low, none.high) == (0, 0, pytest.approx(0.1853, abs=1e-4))
    every = resample([1] * 36, [str(index // 2) for index in range(36)]).proportion(bool)
    assert (every.value, every.low, every.high) == (1, pytest.approx(0.8147, abs=1e-4), 1)


def test_a_mixed_share_is_a_mean():
    sample = resample([0, 1, 1, 0], ["a", "b", "c", "d"])
    assert sample.proportion(bool) == sample.metric(measures.mean(sample.column(float)))


def test_no_values_give_no_metric():
    assert mean_of([], []) is None
    sample = resample([1.0, 2.0], ["a", "b"])
    assert sample.metric(measures.ratio(np.ones(2), np.zeros(2))) is None
    assert sample.where(lambda value: value > 5).metric(measures.mean(np.zeros(0))) is None


def test_draws_without_values_are_skipped():
    sample = resample([0.0, 1.0], ["a", "b"])
    only = sample.where(lambda value: value == 1)
    assert only.metric(measures.mean(only.column(float))).as_json() == {"value": 1, "low": 1, "high": 1, "n": 1}
