"""Test the list of an owner's notifications, and marking them as read."""

from datetime import timedelta

import pytest

from notifications.models import Notification
from testing.factories import UserFactory
from testing.phone import Phone, caller
from tests.contract.refusals import refused
from tests.notifications.sample_notifications import result_ready, security

pytestmark = pytest.mark.django_db


def listed(phone: Phone, query: str = "") -> list[dict]:
    return phone.fetch(f"/notifications{query}")["results"]


def test_notifications_are_listed_newest_first(clock, owner, phone) -> None:
    first = result_ready(owner)
    clock.shift(timedelta(minutes=1))
    second = security(owner)
    assert [row["id"] for row in listed(phone)] == [str(second.pk), str(first.pk)]
    assert listed(phone)[1] == {
        "id": str(first.pk),
        "kind": "result_ready",
        "title": "The result of your corrosion inspection is ready",
        "body": "Open the app to see what your photos show, and what you can do next.",
        "data": first.data,
        "created_at": "2026-06-01T12:00:00Z",
        "read_at": None,
    }


def test_a_page_holds_as_many_as_its_size(owner, phone) -> None:
    for _ in range(3):
        result_ready(owner)
    page = phone.fetch("/notifications?page_size=2")
    assert len(page["results"]) == 2
    assert page["next"]


def test_the_unread_filter_separates_read_notifications(clock, owner, phone) -> None:
    read, unread = result_ready(owner), security(owner)
    for _ in range(2):
        assert phone.post(f"/notifications/{read.pk}/read").status_code == 204
        clock.shift(timedelta(minutes=1))
    assert [row["id"] for row in listed(phone, "?unread=true")] == [str(unread.pk)]
    (found,) = listed(phone, "?unread=false")
    assert (found["id"], found["read_at"]) == (str(read.pk), "2026-06-01T12:00:00Z")
    refused(phone.get("/notifications?unread=maybe"), 400, "VALIDATION_ERROR")


def test_read_all_marks_only_the_callers_notifications(owner, phone) -> None:
    stranger = UserFactory.create()
    for reader in (owner, owner, stranger):
        result_ready(reader)
    assert phone.post("/notifications/read-all").status_code == 204
    assert Notification.objects.filter(recipient=owner, read_at=None).count() == 0
    assert Notification.objects.filter(recipient=stranger, read_at=None).count() == 1


def test_other_owners_see_nothing_and_anonymous_callers_get_401(owner, stranger) -> None:
    notification = result_ready(owner)
    theirs = Phone.of(stranger)
    assert not listed(theirs)
    refused(theirs.post(f"/notifications/{notification.pk}/read"), 404, "NOT_FOUND")
    notification.refresh_from_db()
    assert notification.read_at is None
    for method, path in (("get", ""), ("post", "/read-all"), ("post", f"/{notification.pk}/read")):
        refused(getattr(caller(), method)(f"/v1/notifications{path}"), 401, "AUTHENTICATION_REQUIRED")
