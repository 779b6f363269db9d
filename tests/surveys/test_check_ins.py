"""Test check-ins: a fresh code, at its place, once; every scan is logged with one of six results."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from surveys.appointments import transitions
from surveys.check_ins.tokens import make_token, read_token
from surveys.directory.surveyors import add_place
from surveys.models import Appointment, CheckIn, Surveyor
from surveys.vocabulary import CheckInResult
from testing.phone import Phone
from testing.surveys import confirmed_of, held_of, over_of, place_of, slot_of, surveyor_in
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
SOON = timedelta(hours=2)


@pytest.fixture
def booked(owner, surveyor) -> Appointment:
    return confirmed_of(owner, slot_of(surveyor, starts_in=SOON))


def scan(phone: Phone, token: str, place) -> str:
    answer = phone.post("/check-ins", {"token": token, "place_id": str(place.pk)})
    assert answer.status_code == 200, answer.content
    return answer.json()["result"]


def test_a_fresh_code_at_its_place_checks_in_once(booked, desk_phone, surveyor):
    place = place_of(surveyor)
    answer = desk_phone.post("/check-ins", {"token": make_token(booked), "place_id": str(place.pk)}).json()
    assert (answer["result"], answer["appointment_id"]) == ("CHECKED_IN", str(booked.pk))
    assert scan(desk_phone, make_token(booked), place) == "DUPLICATE"
    booked.refresh_from_db()
    assert (booked.status, booked.checked_in_at) == ("checked_in", timezone.now())
    assert sorted(CheckIn.objects.values_list("result", flat=True)) == ["CHECKED_IN", "DUPLICATE"]


def test_a_code_is_valid_for_a_minute(booked, desk_phone, surveyor):
    token, place = make_token(booked), place_of(surveyor)
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert scan(desk_phone, token, place) == "EXPIRED"
        assert scan(desk_phone, make_token(booked), place) == "CHECKED_IN"
    assert CheckIn.objects.filter(result="EXPIRED").get().appointment == booked


def test_a_code_from_the_future_is_not_valid(booked, desk_phone, surveyor):
    with time_machine.travel(timezone.now() + timedelta(seconds=30)):
        token = make_token(booked)
    assert scan(desk_phone, token, place_of(surveyor)) == "EXPIRED"


def test_another_place_is_wrong(booked, desk_phone, surveyor):
    place, elsewhere = place_of(surveyor), add_place(surveyor, name="Harbour", time_zone="Europe/Berlin")
    assert scan(desk_phone, make_token(booked), elsewhere) == "WRONG_PLACE"
    assert scan(desk_phone, make_token(booked), place_of(surveyor_in("Elsewhere"))) == "WRONG_PLACE"
    assert scan(desk_phone, make_token(booked), place) == "CHECKED_IN"


def test_an_appointment_of_another_surveyor_is_not_found(booked):
    other = surveyor_in("Elsewhere")
    answer = Phone.of(other.user).post("/check-ins", {"token": make_token(booked), "place_id": str(place_of(other).pk)})
    assert (answer.json()["result"], answer.json()["appointment_id"]) == ("NOT_FOUND", None)
    assert CheckIn.objects.get().appointment is None


@pytest.mark.parametrize("damage", [lambda t: t[:-1], lambda t: t.swapcase(), lambda _: "x", lambda t: t.split(".")[0]])
def test_a_forged_or_cut_code_is_not_found(booked, desk_phone, surveyor, damage):
    assert scan(desk_phone, damage(make_token(booked)), place_of(surveyor)) == "NOT_FOUND"


def test_what_is_not_paid_is_unpaid(owner, desk_phone, surveyor):
    held = held_of(owner, slot_of(surveyor, starts_in=SOON))
    assert scan(desk_phone, make_token(held), place_of(surveyor)) == "UNPAID"
    with time_machine.travel(held.held_until):
        assert scan(desk_phone, make_token(held), place_of(surveyor)) == "UNPAID"


def test_what_was_cancelled_missed_or_is_days_away_is_not_found(owner, desk_phone, surveyor):
    place = place_of(surveyor)
    cancelled = confirmed_of(owner, slot_of(surveyor, starts_in=SOON))
    transitions.cancel(cancelled, by=None, refund_minor=0, cause="test")
    missed = over_of(owner, slot_of(surveyor, starts_in=3 * SOON), checked_in=False)
    far = confirmed_of(owner, slot_of(surveyor, starts_in=timedelta(hours=13)))
    assert {scan(desk_phone, make_token(row), place) for row in (cancelled, missed, far)} == {"NOT_FOUND"}


def test_only_surveyors_scan(phone, booked, surveyor):
    answer = phone.post("/check-ins", {"token": make_token(booked), "place_id": str(place_of(surveyor).pk)})
    refused(answer, 403, "FORBIDDEN")
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize(("picture", "begins"), [("png", b"\x89PNG"), ("svg", b"<svg")])
def test_the_owner_sees_the_code_as_a_picture_that_is_not_stored(phone, booked, picture, begins):
    answer = phone.get(f"/appointments/{booked.pk}/qr?picture={picture}")
    assert answer.content.startswith(begins)
    assert answer["Cache-Control"] == "no-store"


def test_only_the_owner_of_a_confirmed_appointment_gets_a_code(phone, owner, desk_phone, booked, surveyor):
    refused(desk_phone.get(f"/appointments/{booked.pk}/qr"), 404, "NOT_FOUND")
    refused(phone.get(f"/appointments/{booked.pk}/qr?picture=gif"), 400, "VALIDATION_ERROR")
    held = held_of(owner, slot_of(surveyor, starts_in=3 * SOON))
    assert refused(phone.get(f"/appointments/{held.pk}/qr"), 409, "NOT_ELIGIBLE")["reason"] == "NOT_CONFIRMED"


def test_a_token_says_its_appointment_and_whether_it_expired(booked):
    scanned = read_token(make_token(booked))
    assert scanned is not None
    assert (scanned.appointment_id, scanned.is_expired) == (booked.pk, False)


def test_the_surveyor_marks_what_was_checked_in_as_completed(booked, phone, desk_phone, surveyor):
    path = f"/appointments/{booked.pk}/complete"
    assert refused(desk_phone.post(path), 409, "NOT_ELIGIBLE")["reason"] == "NOT_CHECKED_IN"
    scan(desk_phone, make_token(booked), place_of(surveyor))
    refused(phone.post(path), 403, "FORBIDDEN")
    assert refused(desk_phone.post(path), 409, "NOT_ELIGIBLE")["reason"] == "NOT_BEGUN"
    with time_machine.travel(booked.starts_at):
        later = Phone.of(surveyor.user)
        assert later.post(path).json()["status"] == later.post(path).json()["status"] == "completed"


def test_the_surveyor_marks_who_did_not_come_only_after_the_end(booked, phone, desk_phone):
    path = f"/appointments/{booked.pk}/no-show"
    assert refused(desk_phone.post(path), 409, "NOT_ELIGIBLE")["reason"] == "NOT_OVER"
    with time_machine.travel(booked.ends_at):
        refused(Phone.of(phone.owner).post(path), 403, "FORBIDDEN")
        later = Phone.of(Surveyor.objects.get().user)
        assert later.post(path).json()["status"] == later.post(path).json()["status"] == "no_show"
        assert refused(later.post(f"/appointments/{booked.pk}/cancel"), 409, "NOT_ELIGIBLE")["reason"] == "BEGUN"


def test_every_result_has_a_message():
    from surveys.api.check_in_views import MESSAGES  # noqa: PLC0415 - beside its only use

    assert set(MESSAGES) == set(CheckInResult)
