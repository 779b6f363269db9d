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
def test_nonsense_is_refused(inspections, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        Comparison.objects.create(**inspections, **({"rule_version": "x"} | changes))


def test_one_row_per_ordered_pair(inspections):
    Comparison.objects.create(**inspections, rule_version="x")
    Comparison.objects.create(before=inspections["after"], after=inspections["before"], rule_version="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Comparison.objects.create(**inspections, rule_version="x")


def test_an_inspection_is_not_compared_with_itself(inspections):
    with pytest.raises(IntegrityError), transaction.atomic():
        Comparison.objects.create(before=inspections["after"], after=inspections["after"], rule_version="x")
