"""Test that a long list of appointments needs no more database queries than a short one: in the admin, in the API."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from surveys.models import CheckIn
from surveys.reviews.reporting import report_review
from testing.factories import UserFactory
from testing.phone import Phone
from testing.surveys import confirmed_of, disputed_of, place_of, review_of, slot_of, surveyor_in

pytestmark = pytest.mark.django_db


def create_one_of_each(owner, surveyor) -> None:
    case = disputed_of(owner)
    CheckIn.objects.create(surveyor=case.appointment.surveyor, appointment=case.appointment, result="DUPLICATE")
    reporter = UserFactory.create(email_verified_at=timezone.now())
    report_review(reporter=reporter, review_id=review_of(owner).pk, reason="It names a private person.")
    row = slot_of(surveyor, starts_in=timedelta(hours=30 + surveyor.slots.count()))
    confirmed_of(owner, row)
    assert place_of(surveyor_in()).name


def assert_constant(listed, create, django_assert_max_num_queries) -> None:
    create()
    listed()
    with CaptureQueriesContext(connection) as queries:
        listed()
    for _ in range(4):
        create()
    with django_assert_max_num_queries(len(queries)):
        listed()


@pytest.mark.parametrize(
    "name", ["appointment", "appointmentdispute", "checkin", "place", "review", "slot", "surveyor"]
)
def test_a_longer_list_of_staff_takes_no_more_queries(support, owner, surveyor, name, django_assert_max_num_queries):
    def listed():
        assert support.get(f"/admin/surveys/{name}/").status_code == 200

    assert_constant(listed, lambda: create_one_of_each(owner, surveyor), django_assert_max_num_queries)


@pytest.mark.parametrize("path", ["/appointments", "/surveyors", "/surveyors/me/appointments"])
def test_a_longer_list_of_the_api_takes_no_more_queries(owner, surveyor, path, django_assert_max_num_queries):
    phone = Phone.of(surveyor.user if "/me/" in path else owner)

    def listed():
        assert phone.get(path).json()["results"]

    assert_constant(listed, lambda: create_one_of_each(owner, surveyor), django_assert_max_num_queries)
