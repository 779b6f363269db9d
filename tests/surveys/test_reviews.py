"""Test reviews and their reports: who may write, what is shown, and how much a report weighs."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from surveys.models import Review, ReviewReport
from surveys.reviews import moderation
from testing.factories import UserFactory
from testing.phone import Phone
from testing.surveys import confirmed_of, over_of, slot_of
from tests.contract.refusals import refused
from tests.surveys.conftest import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(owner, surveyor) -> Review:
    row = over_of(owner, slot_of(surveyor))
    return Review.objects.create(appointment=row, surveyor=surveyor, author=owner, rating=2, text="Late.")


def person(*, days: int = 0) -> Phone:
    """Return the phone of somebody who registered that many days ago."""
    user = UserFactory.create(email_verified_at=timezone.now())
    User.objects.filter(pk=user.pk).update(created_at=timezone.now() - timedelta(days=days))
    user.refresh_from_db()
    return Phone.of(user)


def customer(surveyor, nth: int) -> Phone:
    phone = person()
    over_of(phone.owner, slot_of(surveyor, starts_in=timedelta(days=20 + nth)))
    return phone


def report(phone: Phone, review: Review):
    return phone.post(f"/reviews/{review.pk}/reports", {"reason": "An insult."})


def shown(phone: Phone, surveyor) -> list[dict]:
    return phone.get(f"/surveyors/{surveyor.pk}/reviews").json()["results"]


def is_hidden(review: Review) -> bool:
    review.refresh_from_db()
    return review.state == "hidden"


def write(phone: Phone, row, rating: int = 5, **body):
    path = f"/surveyors/{row.surveyor_id}/reviews"
    return phone.post(path, {"appointment_id": str(row.pk), "rating": rating, **body})


def test_a_completed_appointment_is_reviewed_once(phone, owner, surveyor):
    row = over_of(owner, slot_of(surveyor))
    first = write(phone, row, 4, text="Careful.\nCame early.")
    assert first.status_code == 201
    assert refused(write(phone, row), 409, "NOT_ELIGIBLE")["reason"] == "ALREADY_REVIEWED"
    assert shown(phone, surveyor) == [first.json()]
    assert set(first.json()) == {"review_id", "rating", "text", "created_at"}
    listed = phone.get(f"/surveyors/{surveyor.pk}").json()
    assert (listed["rating"], listed["rating_count"]) == (4.0, 1)


def test_only_an_own_appointment_that_took_place_is_reviewed(phone, owner, stranger, surveyor):
    missed = over_of(owner, slot_of(surveyor), checked_in=False)
    upcoming = confirmed_of(owner, slot_of(surveyor, starts_in=timedelta(days=6)))
    for row in (missed, upcoming):
        assert refused(write(phone, row), 409, "NOT_ELIGIBLE")["reason"] == "NOT_COMPLETED"
    User.objects.filter(pk=stranger.pk).update(email_verified_at=timezone.now())
    refused(write(Phone.of(User.objects.get(pk=stranger.pk)), missed), 400, "VALIDATION_ERROR")
    assert not Review.objects.exists()


@pytest.mark.parametrize("rating", [0, 6, 4.5, "5", True, None])
def test_a_rating_is_a_whole_number_from_one_to_five(phone, owner, surveyor, rating):
    refused(write(phone, over_of(owner, slot_of(surveyor)), rating), 400, "VALIDATION_ERROR")


def test_a_person_reports_a_review_once_a_day(review):
    phone = person()
    assert report(phone, review).status_code == 201
    assert refused(report(phone, review), 409, "NOT_ELIGIBLE")["reason"] == "ALREADY_REPORTED"
    with time_machine.travel(MONDAY + timedelta(days=1)):
        assert report(Phone.of(phone.owner), review).status_code == 201


def test_new_accounts_alone_hide_nothing(review):
    for _ in range(19):
        report(person(), review)
    assert not is_hidden(review)
    report(person(), review)
    assert is_hidden(review)


def test_one_person_hides_nothing_however_often(review, surveyor):
    phone = customer(surveyor, 1)
    for day in range(5):
        with time_machine.travel(MONDAY + timedelta(days=day)):
            assert report(Phone.of(phone.owner), review).status_code == 201
    assert not is_hidden(review)


@pytest.mark.parametrize(("people", "count"), [("customers", 2), ("known", 4)])
def test_enough_trusted_people_hide_a_review(review, surveyor, people, count, phone):
    reporters = [customer(surveyor, nth) if people == "customers" else person(days=31) for nth in range(count)]
    for reporter in reporters[:-1]:
        report(reporter, review)
    assert not is_hidden(review)
    report(reporters[-1], review)
    assert is_hidden(review)
    assert shown(phone, surveyor) == []
    assert phone.get(f"/surveyors/{surveyor.pk}").json()["rating"] is None
    refused(report(person(), review), 404, "NOT_FOUND")


def test_a_review_that_staff_show_again_needs_new_reports_that_weigh_less(review, surveyor, staff, phone):
    reporters = [customer(surveyor, nth) for nth in range(3)]
    for reporter in reporters[:2]:
        report(reporter, review)
    moderation.show(staff=staff, review_id=review.pk, reason="It is fair.")
    assert len(shown(phone, surveyor)) == 1
    with time_machine.travel(MONDAY + timedelta(days=1)):
        for reporter in reporters:
            assert report(Phone.of(reporter.owner), review).status_code == 201
        weights = ReviewReport.objects.filter(day=timezone.now().date()).order_by("weight")
        assert list(weights.values_list("weight", flat=True)) == [50, 50, 100]
        assert is_hidden(review)


def test_what_staff_hide_stays_hidden(review, staff, phone, surveyor):
    moderation.hide(staff=staff, review_id=review.pk, reason="An insult.")
    assert shown(phone, surveyor) == []
    with pytest.raises(moderation.NoChange):
        moderation.hide(staff=staff, review_id=review.pk, reason="An insult.")


def test_nobody_reports_an_own_review(review, owner):
    User.objects.filter(pk=owner.pk).update(email_verified_at=timezone.now())
    own = Phone.of(User.objects.get(pk=owner.pk))
    assert refused(report(own, review), 409, "NOT_ELIGIBLE")["reason"] == "OWN_REVIEW"
