"""Test that the benchmark of the status poll compares two routes with the same answer."""

import pytest

from testing.poll_cost.measure import ROUTES, measure

pytestmark = [pytest.mark.django_db, pytest.mark.urls("testing.poll_cost.urls")]


def test_both_routes_answer_alike_and_take_time():
    spent = measure(rounds=1, requests=2)
    assert spent.keys() == ROUTES.keys()
    assert all(milliseconds > 0 for milliseconds in spent.values())
