"""Test that a timeline costs the same number of statements for any number of visits, points and jobs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from corrosion.models import Comparison, Maintenance
from testing.statements import statements
from tests.corrosion.rows import point, visit, work_off
from tests.corrosion.timeline.boats import FIRST_DAY, noon

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PATH = "/corrosion/timeline?vessel_label=Tern"
MOST = 10


def inspected(owner, *, visits: int, points: int, jobs: int) -> None:
    """Create the visits, without photos: their comparisons need no pixels."""
    for number in range(visits):
        last = visit(owner, *[point() for _ in range(points)], created_at=noon(FIRST_DAY + timedelta(days=number)))
    for number in range(jobs):
        day = FIRST_DAY + timedelta(days=2 * number)
        Maintenance.objects.create(vessel=last.vessel, kind="painted", performed_on=day, points=[1 + number % points])


def test_a_complete_timeline_takes_the_same_few_statements(subscriber, owner, stranger):
    inspected(owner, visits=2, points=1, jobs=1)
    subscriber.get(PATH)
    work_off()
    few = statements(subscriber, PATH)
    Comparison.objects.all().delete()
    inspected(owner, visits=40, points=10, jobs=15)
    subscriber.get(PATH)
    work_off()
    assert len(statements(subscriber, PATH)) == len(few) <= MOST


def test_an_incomplete_timeline_takes_the_same_few_statements(subscriber, owner):
    counts = []
    for visits in (2, 40):
        Comparison.objects.all().delete()
        inspected(owner, visits=visits, points=3, jobs=2)
        with CaptureQueriesContext(connection) as captured:
            assert subscriber.get(PATH).json()["pending"]
        # A new row is one of a list in one statement, of a fixed length on SQLite.
        counts.append(len([each for each in captured.captured_queries if "INSERT" not in each["sql"]]))
    assert counts[0] == counts[1] <= MOST + 20
