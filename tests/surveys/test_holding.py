"""Test holds: one owner has a free slot, for five minutes, and few at once."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from dossiers.models import Dossier
from inspections.vocabulary import Mode
from surveys.models import Appointment, Surveyor
from surveys.tasks import sweep_appointments
from testing.dossiers import draft_of, eligible_inspection, final_of
from testing.phone import Phone
from testing.surveys import confirmed_of, held_of, place_of, slot_of, surveyor_in
from tests.contract.refusals import refused
from tests.surveys.conftest import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _proven(phone, stranger) -> None:
    User.objects.update(email_verified_at=timezone.now())


def hold(phone: Phone, slot, **body):
    return phone.post("/appointments", {"slot_id": str(slot.pk), **body})


def free(phone: Phone, surveyor: Surveyor, query: str = "") -> list[str]:
    answer = phone.get(f"/surveyors/{surveyor.pk}/appointment-slots{query}")
    return [slot["slot_id"] for slot in answer.json()["results"]]


def test_a_free_slot_is_held_for_five_minutes(phone, surveyor):
    slot = slot_of(surveyor)
    answer = hold(phone, slot)
    assert answer.status_code == 201
    held = answer.json()
    assert (held["status"], held["role"], held["held_until"]) == ("held", "owner", "2026-11-16T10:05:00Z")
    assert (held["price_minor"], held["currency"], held["place"]) == (20_000, "EUR", place_of(surveyor).name)
    assert phone.get(f"/appointments/{held['appointment_id']}").json() == held
    assert phone.get("/appointments").json()["results"] == [held]
    assert free(phone, surveyor) == []


def test_a_held_slot_is_refused_to_everybody_else_and_again(phone, stranger, surveyor):
    slot = slot_of(surveyor)
    hold(phone, slot)
    refused(hold(Phone.of(stranger), slot), 409, "SLOT_TAKEN")
    refused(hold(phone, slot), 409, "SLOT_TAKEN")
    assert Appointment.objects.count() == 1


def test_the_same_key_gives_the_same_hold(phone, surveyor):
    slot = slot_of(surveyor)
    first = phone.post("/appointments", {"slot_id": str(slot.pk)}, HTTP_IDEMPOTENCY_KEY="once")
    again = phone.post("/appointments", {"slot_id": str(slot.pk)}, HTTP_IDEMPOTENCY_KEY="once")
    assert (first.json(), again["Idempotent-Replayed"]) == (again.json(), "true")


@pytest.mark.parametrize("is_swept", [False, True])
def test_a_hold_without_payment_is_released_on_time_with_and_without_a_sweep(phone, stranger, surveyor, is_swept):
    slot = slot_of(surveyor)
    held = hold(phone, slot).json()
    with time_machine.travel(MONDAY + timedelta(minutes=5)):
        if is_swept:
            sweep_appointments()
        assert phone.get(f"/appointments/{held['appointment_id']}").json()["status"] == "released"
        assert free(phone, surveyor) == [str(slot.pk)]
        assert hold(Phone.of(stranger), slot).status_code == 201
    assert sorted(Appointment.objects.values_list("status", flat=True)) == ["held", "released"]


def test_a_cancelled_hold_frees_its_slot_at_once(phone, stranger, surveyor):
    slot = slot_of(surveyor)
    held = hold(phone, slot).json()
    path = f"/appointments/{held['appointment_id']}/cancel"
    assert phone.post(path).json()["status"] == phone.post(path).json()["status"] == "released"
    assert hold(Phone.of(stranger), slot).status_code == 201


def test_an_owner_holds_a_few_slots_at_once(phone, surveyor, settings):
    settings.APPOINTMENT_HOLDS = 2
    slots = [slot_of(surveyor, starts_in=timedelta(days=day)) for day in (1, 2, 3)]
    held = [hold(phone, slot) for slot in slots]
    assert [answer.status_code for answer in held] == [201, 201, 409]
    assert held[2].json()["reason"] == "TOO_MANY_HOLDS"
    phone.post(f"/appointments/{held[0].json()['appointment_id']}/cancel")
    assert hold(phone, slots[2]).status_code == 201


def test_an_owner_asks_for_a_limited_number_of_holds_a_day(phone, surveyor, settings):
    settings.APPOINTMENT_HOLDS_PER_DAY = 1
    slot = slot_of(surveyor)
    phone.post(f"/appointments/{hold(phone, slot).json()['appointment_id']}/cancel")
    refused(hold(phone, slot), 429, "RATE_LIMITED")


def test_slots_that_are_not_offered_cannot_be_held(phone, surveyor):
    too_soon = slot_of(surveyor, starts_in=timedelta(minutes=59))
    withdrawn = slot_of(surveyor, withdrawn_at=timezone.now())
    for slot in (too_soon, withdrawn):
        refused(hold(phone, slot), 409, "SLOT_TAKEN")
    offered = slot_of(surveyor, starts_in=timedelta(days=2))
    Surveyor.objects.update(is_listed=False)
    refused(hold(phone, offered), 404, "NOT_FOUND")


def test_an_unverified_address_cannot_hold(phone, surveyor):
    User.objects.filter(pk=phone.owner.pk).update(email_verified_at=None)
    assert refused(hold(phone, slot_of(surveyor)), 403, "FORBIDDEN")["reason"] == "EMAIL_UNVERIFIED"


def test_surveyors_do_not_book_themselves(surveyor):
    answer = hold(Phone.of(surveyor.user), slot_of(surveyor))
    assert refused(answer, 409, "NOT_ELIGIBLE")["reason"] == "OWN_OFFER"


def test_the_attached_dossier_is_read_by_the_surveyor_alone_and_not_for_ever(phone, owner, stranger, surveyor):
    dossier = final_of(owner)
    row = confirmed_of(owner, slot_of(surveyor), dossier=dossier)
    path, desk = f"/appointments/{row.pk}/dossier", Phone.of(surveyor.user)
    assert desk.get(path)["Content-Type"] == "application/pdf"
    refused(Phone.of(stranger).get(path), 404, "NOT_FOUND")
    refused(desk.get(f"/dossiers/{dossier.pk}"), 404, "NOT_FOUND")
    with time_machine.travel(row.ends_at + timedelta(days=15)):
        refused(Phone.of(surveyor.user).get(path), 404, "NOT_FOUND")
    Dossier.objects.filter(pk=dossier.pk).update(vessel_handed_over_at=timezone.now())
    refused(desk.get(path), 404, "NOT_FOUND")


def test_the_surveyor_of_a_held_or_cancelled_appointment_reads_nothing(owner, surveyor):
    row = held_of(owner, slot_of(surveyor), dossier=final_of(owner))
    desk = Phone.of(surveyor.user)
    refused(desk.get(f"/appointments/{row.pk}"), 404, "NOT_FOUND")
    refused(desk.get(f"/appointments/{row.pk}/dossier"), 404, "NOT_FOUND")


def test_only_an_own_final_dossier_of_the_surveyors_modes_is_attached(phone, owner, stranger):
    surveyor = surveyor_in(modes=[Mode.OSMOSIS])
    slot = slot_of(surveyor)
    of_other_mode = final_of(owner, eligible_inspection(owner, mode=Mode.CORROSION))
    refused(hold(phone, slot, dossier_id=str(of_other_mode.pk)), 400, "VALIDATION_ERROR")
    refused(hold(phone, slot, dossier_id=str(final_of(stranger).pk)), 404, "NOT_FOUND")
    refused(hold(phone, slot, dossier_id=str(draft_of(owner).pk)), 409, "NOT_ELIGIBLE")
    assert not Appointment.objects.exists()
    own = final_of(owner, eligible_inspection(owner, mode=Mode.OSMOSIS))
    assert hold(phone, slot, dossier_id=str(own.pk)).json()["dossier_id"] == str(own.pk)
