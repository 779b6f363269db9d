"""Test which two inspections may be compared."""

from uuid import uuid4

import pytest
from django.utils import timezone

from corrosion.models import Comparison
from inspections.models import Inspection
from testing.factories import InspectionFactory, deliver_result
from tests.corrosion.rows import compare, completed

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(owner):
    return completed(owner)


def assert_refused(answer, error_code="INVALID_COMPARISON"):
    assert (answer.status_code, answer.json()["error_code"]) == (400, error_code)
    assert not Comparison.objects.exists()


@pytest.mark.parametrize("query", ["", "?from={id}", "?to={id}", "?from={id}&to=", "?from=&to={id}"])
def test_a_missing_id_is_refused(subscriber, mine, query):
    assert_refused(subscriber.get("/corrosion/compare" + query.format(id=mine.pk)))


@pytest.mark.parametrize("text", ["7", "not-an-id", "null", "%00", "00000000-0000-0000-0000-00000000000g"])
def test_a_malformed_id_is_refused(subscriber, mine, text):
    assert_refused(compare(subscriber, mine, text))
    assert_refused(compare(subscriber, text, mine))


def test_an_unknown_id_is_refused(subscriber, mine):
    assert_refused(compare(subscriber, mine, uuid4()))
    assert_refused(compare(subscriber, uuid4(), mine))


def test_an_inspection_of_another_owner_is_refused_like_an_unknown_one(subscriber, mine, stranger):
    assert_refused(compare(subscriber, mine, completed(stranger)))
    deliver_result(theirs := InspectionFactory.create(owner=stranger, mode="osmosis", completed=True))
    assert_refused(compare(subscriber, mine, theirs))


def test_a_deleted_inspection_is_refused(subscriber, mine, owner):
    gone = completed(owner)
    Inspection.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())
    assert_refused(compare(subscriber, mine, gone))


@pytest.mark.parametrize("state", [{}, {"processing": True}, {"failed": True}])
def test_an_unfinished_inspection_is_refused(subscriber, mine, owner, state):
    assert_refused(compare(subscriber, mine, InspectionFactory.create(owner=owner, **state)))


def test_an_inspection_is_not_compared_with_itself(subscriber, mine):
    assert_refused(compare(subscriber, mine, mine))


@pytest.mark.parametrize("state", [{}, {"completed": True}])
def test_an_own_inspection_of_the_other_mode_is_a_mode_mismatch(subscriber, mine, owner, state):
    other = InspectionFactory.create(owner=owner, mode="osmosis", **state)
    assert_refused(compare(subscriber, mine, other), "MODE_MISMATCH")
    assert_refused(compare(subscriber, other, mine), "MODE_MISMATCH")
