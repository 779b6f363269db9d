"""Test that the statements of the hot paths do not grow with the number of points, photos or rows."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.identity.sessions import refresh_session, start_session
from accounts.identity.tokens import issue_tokens
from inspections.lifecycle import status_query
from maretech.common.http.errors import TokenInvalid
from testing.factories import AssetFactory, InspectionFactory, JobFactory, SlotFactory, deliver_result
from testing.phone import Phone, caller
from testing.statements import statements

pytestmark = pytest.mark.django_db


def with_points(owner, points: int, **state: object):
    inspection = InspectionFactory.create(owner=owner, **state)
    for index in range(1, points + 1):
        slot = SlotFactory.create(inspection=inspection, point_index=index)
        for angle in ("wide", "mid", "close"):
            AssetFactory.create(slot=slot, angle=angle)
    return inspection


@pytest.mark.parametrize("points", [1, 10])
def test_a_status_poll_takes_one_statement(phone, owner, points: int):
    inspection = with_points(owner, points, processing=True)
    JobFactory.create(inspection=inspection)
    (sql,) = statements(phone, f"/inspections/{inspection.pk}/status")
    assert sql.startswith("SELECT")


@pytest.mark.parametrize("points", [0, 1, 10])
def test_a_detail_takes_at_most_three_statements(phone, owner, points: int):
    inspection = with_points(owner, points)
    assert len(statements(phone, f"/inspections/{inspection.pk}")) <= 3


def test_a_result_takes_one_statement(phone, owner):
    inspection = with_points(owner, 10, completed=True)
    deliver_result(inspection)
    assert len(statements(phone, f"/inspections/{inspection.pk}/result")) == 1


@pytest.mark.parametrize("rows", [0, 1, 30])
def test_a_list_takes_two_statements(phone, owner, rows: int):
    """One for the caller, and one for the page."""
    InspectionFactory.create_batch(rows, owner=owner, completed=True)
    assert len(statements(phone, "/inspections?mode=corrosion")) == 2


@pytest.mark.parametrize("poll", ["", "/status", "/result"])
def test_only_the_first_use_of_a_session_takes_an_update(owner, poll: str):
    """The old token counts as reuse after a poll of its successor, which checks the session in its one statement."""
    inspection = with_points(owner, 1, completed=True)
    deliver_result(inspection)
    session = start_session(user=owner)
    old = issue_tokens(session).refresh_token
    phone = Phone(owner, caller(issue_tokens(refresh_session(refresh_token=old)).access_token))
    written = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as captured:
            assert phone.get(f"/inspections/{inspection.pk}{poll}").status_code == 200
        written.append([query["sql"] for query in captured if query["sql"].startswith("UPDATE")])
    assert [len(each) for each in written] == [1, 0, 0]
    with pytest.raises(TokenInvalid):
        refresh_session(refresh_token=old)
    assert phone.get(f"/inspections/{inspection.pk}{poll}").status_code == 401


def test_production_does_not_query_test_passes(settings):
    settings.MOCK_BILLING = False
    assert "mock_osmosis" not in str(status_query.visible_inspections(uuid4(), uuid4(), uuid4()).query)
    settings.MOCK_BILLING = True
    assert "mock_osmosis" in str(status_query.visible_inspections(uuid4(), uuid4(), uuid4()).query)
