"""Test that the benchmark of the photo check compares a photo with a ghost and one without."""

import pytest

from testing.check_cost.measure import FIRST, REPEAT, measure
from tests.corrosion.pictures import plate, png

pytestmark = pytest.mark.django_db


def test_both_visits_take_time():
    spent = measure(rounds=2, photo=png(plate(1, spots=40)))
    assert spent.keys() == {FIRST, REPEAT}
    assert all(times.rounds == 2 and min(*times.wall_ms, *times.cpu_ms) > 0 for times in spent.values())
