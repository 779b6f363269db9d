"""Test noting, reading and removing the lift-out of a vessel."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from osmosis.models import LiftOut
from testing.phone import Phone, caller
from tests.contract.refusals import refused
from tests.osmosis.samples import LIFTED, NOON, note_at
from vessels.models import Vessel

pytestmark = pytest.mark.django_db
PLANNED = "2026-05-08T14:00:00+02:00"


@pytest.fixture
def vessel_id(phone):
    return phone.add_vessel("Tern")["vessel_id"]


@pytest.fixture
def path(vessel_id):
    return f"/osmosis/lift-outs/{vessel_id}"


def test_a_vessel_without_a_lift_out_has_null_values(phone, vessel_id, path):
    expected = {"vessel_id": vessel_id, "lifted_out_at": None, "noted_at": None, "notify_at": None}
    assert phone.fetch(path) == expected


def test_a_planned_lift_out_is_noted_in_utc_and_notified_an_hour_before(phone, vessel_id, path):
    expected = {
        "vessel_id": vessel_id,
        "lifted_out_at": "2026-05-08T12:00:00Z",
        "noted_at": "2026-05-01T12:00:00Z",
        "notify_at": "2026-05-08T11:00:00Z",
    }
    assert note_at(phone, vessel_id, datetime.fromisoformat(PLANNED)) == expected
    assert phone.fetch(path) == expected


def test_a_past_lift_out_is_noted_without_a_notification(phone, vessel_id):
    assert note_at(phone, vessel_id, NOON - timedelta(minutes=5))["notify_at"] is None


def test_a_newer_lift_out_replaces_the_one_before(phone, vessel_id, path):
    note_at(phone, vessel_id)
    note_at(phone, vessel_id, LIFTED + timedelta(days=1), at=NOON + timedelta(hours=1))
    found = phone.fetch(path)
    assert (found["lifted_out_at"], found["noted_at"]) == ("2026-05-09T12:00:00Z", "2026-05-01T13:00:00Z")
    assert LiftOut.objects.count() == 1


def test_the_same_lift_out_again_changes_nothing(phone, vessel_id):
    note_at(phone, vessel_id)
    before = LiftOut.objects.values().get()
    note_at(phone, vessel_id, at=NOON + timedelta(hours=1))
    assert LiftOut.objects.values().get() == before


def test_a_removed_lift_out_is_gone_however_often_it_is_removed(phone, vessel_id, path):
    note_at(phone, vessel_id)
    for _ in range(2):
        assert phone.delete(path).status_code == 204
    assert phone.fetch(path)["lifted_out_at"] is None


def test_a_lift_out_needs_no_payment(phone, path):
    phone.subscribe(active=False)
    assert phone.fetch("/entitlements/osmosis")["paid"] is False
    assert phone.set(path, {"lifted_out_at": PLANNED}).status_code == 200


def test_a_time_out_of_reason_is_refused(phone, path):
    ahead = timezone.now() + timedelta(days=731)
    for bad in ("1899-12-31T23:59:59Z", ahead.isoformat(), "9999-12-31T23:59:59Z"):
        assert set(refused(phone.set(path, {"lifted_out_at": bad}), 400, "VALIDATION_ERROR")["fields"]) == {
            "lifted_out_at"
        }
    for edge in ("1900-01-01T00:00:00Z", (ahead - timedelta(days=2)).isoformat()):
        assert phone.set(path, {"lifted_out_at": edge}).status_code == 200


def test_a_body_without_a_time_is_refused(phone, path):
    for body in ({}, {"lifted_out_at": None}, {"lifted_out_at": "2026-05-08T14:00:00"}):
        refused(phone.set(path, body), 400, "VALIDATION_ERROR")
    assert not LiftOut.objects.exists()


def test_an_anonymous_caller_is_asked_to_sign_in(path):
    for answer in (
        caller().get(f"/v1{path}"),
        caller().put(f"/v1{path}", {"lifted_out_at": PLANNED}, format="json"),
        caller().delete(f"/v1{path}"),
    ):
        refused(answer, 401, "AUTHENTICATION_REQUIRED")


def test_the_vessel_of_another_owner_is_not_found(phone, stranger, vessel_id, path):
    note_at(phone, vessel_id)
    before = LiftOut.objects.values().get()
    other = Phone.of(stranger)
    for answer in (other.get(path), other.set(path, {"lifted_out_at": PLANNED}), other.delete(path)):
        refused(answer, 404, "NOT_FOUND")
    assert LiftOut.objects.values().get() == before


def test_a_vessel_that_goes_takes_its_lift_out_along(phone, vessel_id, path):
    note_at(phone, vessel_id)
    assert phone.delete(f"/vessels/{vessel_id}").status_code == 204
    assert not LiftOut.objects.exists()


def test_the_new_owner_of_a_vessel_does_not_see_what_the_one_before_noted(phone, stranger, vessel_id, path):
    note_at(phone, vessel_id)
    Vessel.objects.filter(pk=vessel_id).update(owner=stranger)
    other = Phone.of(stranger)
    assert other.fetch(path)["lifted_out_at"] is None
    assert other.set(path, {"lifted_out_at": PLANNED}).status_code == 200
    assert LiftOut.objects.get().owner == stranger
