"""Test what the database itself refuses."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from corrosion.models import Comparison
from tests.corrosion.rows import completed

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 1, tzinfo=UTC)
DONE = {"state": "done", "comparable": True, "trend": "stable"}


@pytest.fixture
def inspections(owner):
    return {"before": completed(owner), "after": completed(owner)}


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "done"},
        {"state": "pending", "trend": "stable"},
        {**DONE, "computed_at": None},
        {"state": "done", "comparable": False, "trend": "stable", "computed_at": NOW},
        {"state": "done", "comparable": True, "trend": None, "computed_at": NOW},
        {**DONE, "trend": "better", "computed_at": NOW},
        {"rule_version": ""},
    ],
)
def test_the_database_refuses_a_contradictory_comparison(inspections, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        Comparison.objects.create(**inspections, **({"rule_version": "x"} | changes))


def test_the_database_refuses_a_second_row_of_an_ordered_pair(inspections):
    Comparison.objects.create(**inspections, rule_version="x")
    Comparison.objects.create(before=inspections["after"], after=inspections["before"], rule_version="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Comparison.objects.create(**inspections, rule_version="x")


def test_the_database_refuses_a_comparison_of_an_inspection_with_itself(inspections):
    with pytest.raises(IntegrityError), transaction.atomic():
        Comparison.objects.create(before=inspections["after"], after=inspections["after"], rule_version="x")
