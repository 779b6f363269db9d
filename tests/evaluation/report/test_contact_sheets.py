"""Test the sheets of photos worth review, and the plot beside them."""

import re

import pytest

from evaluation.metrics.reliability import plot, reliability
from evaluation.report.contact_sheets import PER_SHEET, sheets
from tests.evaluation.samples import observation


def six_observations():
    return [
        observation(probability, shows=shows)
        for probability, shows in ((0.9, True), (0.2, True), (0.7, False), (0.97, False), (0.1, False), (0.4, True))
    ]


def shown(title):
    (sheet,) = (sheet for sheet in sheets(six_observations()) if sheet.title == title)
    return [each.probability for each in sheet.observations]


def test_sheets_begin_with_the_clearest_cases():
    assert shown("Worst") == [0.97, 0.2, 0.7, 0.4, 0.9, 0.1]
    assert shown("Best") == [0.9, 0.1, 0.4, 0.7, 0.2, 0.97]
    assert shown("False alarms") == [0.97, 0.7]
    assert shown("Misses") == [0.2, 0.4]


def test_sheet_has_a_limited_number_of_photos():
    many = [observation(1.0, shows=False)] * (PER_SHEET + 5)
    assert [len(sheet.observations) for sheet in sheets(many)] == [PER_SHEET, PER_SHEET, 0, PER_SHEET]


def test_reliability_compares_predicted_and_true_frequency():
    low, high = reliability([observation(p, shows=shows) for p, shows in ((0.1, False), (0.95, True), (1.0, False))])
    assert (low.probability, low.frequency, low.n) == (pytest.approx(0.1), 0, 1)
    assert (high.probability, high.frequency, high.n) == (pytest.approx(0.975), 0.5, 2)


def test_plot_draws_a_dot_for_each_bin():
    bins = reliability(six_observations())
    drawn = plot(bins)
    assert len(re.findall("<circle ", drawn)) == len(bins)
    assert drawn.startswith("<svg ")
    assert plot(()).endswith("</svg>")
