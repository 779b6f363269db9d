"""Test what an erasure and an export do with appointments, for the owner and for the surveyor, and retention."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.privacy.register import DataSubject
from billing.models import Order
from billing.tasks import sweep_payments
from maretech.common.work import retention
from notifications.models import Notification
from surveys.disputes.cases import explain, resolve
from surveys.models import (
    Appointment,
    AppointmentDispute,
    CheckIn,
    Place,
    RecoveryAttempt,
    Review,
    ReviewReport,
    Slot,
    Surveyor,
)
from surveys.privacy.personal_data import CLOSED, PERSONAL_DATA
from surveys.reviews.reporting import report_review
from surveys.vocabulary import Outcome
from testing.factories import UserFactory
from testing.phone import Phone
from testing.surveys import confirmed_of, disputed_of, held_of, place_of, review_of, slot_of, surveyor_in
from testing.web_purchases import deliver_events
from tests.accounts.privacy.full_account import erase
from tests.accounts.privacy.test_export import exported, json_in
from tests.surveys.conftest import MONDAY

pytestmark = pytest.mark.django_db
SAID = "Wilhelmine waited at the gate."


def paid(fake, phone: Phone, surveyor: Surveyor, **values) -> tuple[Appointment, Order]:
    row = held_of(phone.owner, slot_of(surveyor, **values))
    page = phone.post(f"/appointments/{row.pk}/checkout").json()
    order = Order.objects.get(pk=page["session_id"])
    fake.pay(order.provider_ref)
    deliver_events(fake)
    row.refresh_from_db()
    assert row.status == "confirmed"
    return row, order


def settled(fake, order: Order) -> str:
    """Let the workers do what the erasure asked for, and return the status of the order."""
    sweep_payments()
    deliver_events(fake)
    order.refresh_from_db()
    return order.status


# --- the owner -------------------------------------------------------------------------------------------------------
def test_an_erased_owners_appointments_are_cancelled_and_refunded(fake, phone, owner, paid_surveyor):
    row, order = paid(fake, phone, paid_surveyor)
    held = held_of(owner, slot_of(paid_surveyor, starts_in=timedelta(days=6)))
    receipt = erase(phone)
    assert receipt.done_at is not None
    assert receipt.counts["surveys"]["appointments that stay"] == 2
    for each in (row, held):
        each.refresh_from_db()
    assert (row.status, row.cancelled_by, row.refund_minor) == ("cancelled", "owner", row.price_minor)
    assert held.status == "released"
    assert settled(fake, order) == "refunded"
    told = Notification.objects.filter(kind="appointment_cancelled").values_list("recipient", flat=True)
    assert list(told) == [paid_surveyor.user_id]


def test_an_erasure_on_the_day_before_pays_the_surveyor(fake, phone, paid_surveyor):
    row, order = paid(fake, phone, paid_surveyor, starts_in=timedelta(hours=24))
    erase(phone)
    row.refresh_from_db()
    assert (row.status, row.refund_minor) == ("cancelled", 0)
    assert settled(fake, order) == "fulfilled"


def test_an_erased_owners_words_are_blanked_and_the_rows_stay(phone, owner, stranger):
    dispute = disputed_of(owner)
    AppointmentDispute.objects.update(reason=SAID)
    explain(user=owner, dispute_id=dispute.pk, explanation=SAID)
    explain(user=dispute.appointment.surveyor.user, dispute_id=dispute.pk, explanation="The surveyor's words.")
    review, other = review_of(owner, text=SAID), review_of(stranger)
    report_review(reporter=owner, review_id=other.pk, reason=SAID)
    counts = erase(phone).counts["surveys"]
    assert counts == {"appointments that stay": 2, "reviews to blank": 1, "surveyors to blank": 0}
    words = [
        *AppointmentDispute.objects.values_list("reason", flat=True),
        *RecoveryAttempt.objects.values_list("explanation", flat=True),
        *Review.objects.order_by("text").values_list("text", flat=True),
        *ReviewReport.objects.values_list("reason", flat=True),
    ]
    assert sorted(words) == ["", "", "", "", "The surveyor's words.", "Thorough."]
    review.refresh_from_db()
    assert (review.rating, review.state) == (4, "visible")
    assert Appointment.objects.filter(owner=owner).count() == 2
    assert Appointment.objects.get(pk=dispute.appointment_id).status == "disputed"


# --- the surveyor ----------------------------------------------------------------------------------------------------
def test_an_erased_surveyors_owners_get_all_back_and_the_times_go(fake, phone, owner, stranger, paid_surveyor):
    near, order = paid(fake, phone, paid_surveyor, starts_in=timedelta(hours=3))
    held = held_of(stranger, slot_of(paid_surveyor, starts_in=timedelta(days=2)))
    free = slot_of(paid_surveyor, starts_in=timedelta(days=3))
    elsewhere = confirmed_of(owner)
    assert erase(Phone.of(paid_surveyor.user)).done_at is not None
    for each in (near, held, free, elsewhere):
        each.refresh_from_db()
    assert (near.status, near.cancelled_by, near.refund_minor) == ("cancelled", "surveyor", near.price_minor)
    assert (held.status, elsewhere.status) == ("released", "confirmed")
    assert not Slot.objects.filter(surveyor=paid_surveyor, withdrawn_at=None).exists()
    assert settled(fake, order) == "refunded"


def test_an_erased_surveyors_profile_is_blanked(owner):
    surveyor = surveyor_in(qualifications=["DIN EN ISO/IEC 17024"])
    row = confirmed_of(owner, slot_of(surveyor))
    address, place = surveyor.user.email, place_of(surveyor)
    counts = erase(Phone.of(surveyor.user)).counts["surveys"]
    assert counts == {"appointments that stay": 1, "reviews to blank": 0, "surveyors to blank": 1}
    surveyor.refresh_from_db()
    row.refresh_from_db()
    assert (surveyor.name, surveyor.is_listed) == (CLOSED, False)
    assert (surveyor.regions, surveyor.qualifications, surveyor.languages) == ([], [], [])
    assert surveyor.user.email != address or not surveyor.user.is_active
    assert Place.objects.get(pk=place.pk).name.startswith(CLOSED)
    assert (row.status, row.place_name) == ("cancelled", "")
    shown = Phone.of(owner).get(f"/appointments/{row.pk}").json()
    assert (shown["surveyor_name"], shown["place"]) == (CLOSED, "")


def test_an_erasure_that_was_killed_goes_on(phone, owner):
    """The second run finds what the first did and changes nothing more."""
    dispute = disputed_of(owner)
    first = erase(phone)
    assert first.done_at is not None
    before = list(Appointment.objects.values())
    subject = DataSubject(owner.pk, "gone@example.org")
    PERSONAL_DATA.settle(subject)
    PERSONAL_DATA.erase(subject)
    assert list(Appointment.objects.values()) == before
    dispute.refresh_from_db()
    assert dispute.reason == ""


# --- exports ---------------------------------------------------------------------------------------------------------
def test_the_export_of_an_owner_has_the_own_words_alone(phone, owner, stranger):
    review_of(stranger, text="A stranger's words.")
    dispute = disputed_of(owner)
    explain(user=owner, dispute_id=dispute.pk, explanation=SAID)
    explain(user=dispute.appointment.surveyor.user, dispute_id=dispute.pk, explanation="The surveyor's words.")
    review = review_of(owner, text="Thorough work.")
    archive = exported(phone)
    rows = json_in(archive, "appointments/appointments.json")
    reviewed, disputed = sorted(rows, key=lambda row: row["status"])  # both were made at the same moment
    assert (disputed["role"], disputed["status"], disputed["dispute_explained"]) == ("owner", "disputed", [SAID])
    assert disputed["dispute_reason"] == dispute.reason
    assert (reviewed["status"], reviewed["price_minor"]) == ("completed", 20_000)
    (written,) = json_in(archive, "appointments/reviews.json")
    assert (written["appointment_id"], written["text"]) == (str(review.appointment_id), "Thorough work.")
    assert "appointments/surveyor.json" not in archive.namelist()
    assert "surveyor's words" not in str(archive.read("appointments/appointments.json"))


def test_the_export_of_a_surveyor_has_the_profile_and_the_paid_appointments(owner, surveyor):
    row = confirmed_of(owner, slot_of(surveyor))
    held_of(owner, slot_of(surveyor, starts_in=timedelta(days=6)))
    archive = exported(Phone.of(surveyor.user))
    profile = json_in(archive, "appointments/surveyor.json")
    assert (profile["name"], profile["regions"], profile["languages"]) == ("Petra Holm", ["Kieler Förde"], ["de"])
    assert profile["places"] == [{"name": "Hall 2, Kiel", "time_zone": "Europe/Berlin"}]
    (booked,) = json_in(archive, "appointments/appointments.json")
    assert (booked["appointment_id"], booked["role"]) == (str(row.pk), "surveyor")
    assert owner.email not in str(archive.read("appointments/appointments.json"))


def test_the_export_of_a_surveyor_has_the_own_scans_without_the_owner(phone, owner, surveyor):
    row = confirmed_of(owner, slot_of(surveyor))
    CheckIn.objects.create(surveyor=surveyor, result="NOT_FOUND")
    CheckIn.objects.create(surveyor=surveyor, appointment=row, place=place_of(surveyor), result="CHECKED_IN")
    CheckIn.objects.create(surveyor=surveyor_in(), result="EXPIRED")
    archive = exported(Phone.of(surveyor.user))
    unknown, checked_in = json_in(archive, "appointments/check_ins.json")
    assert set(checked_in) == {"at", "result", "appointment_id", "place_name"}
    assert (unknown["result"], unknown["appointment_id"], unknown["place_name"]) == ("NOT_FOUND", None, None)
    assert (checked_in["result"], checked_in["appointment_id"]) == ("CHECKED_IN", str(row.pk))
    assert checked_in["place_name"] == "Hall 2, Kiel"
    for said in (owner.email, str(owner.pk)):
        assert said not in str(archive.read("appointments/check_ins.json"))
    assert "appointments/check_ins.json" not in exported(phone).namelist()


def test_an_owner_without_appointments_exports_none(phone):
    assert not [name for name in exported(phone).namelist() if name.startswith("appointments/")]


# --- retention -------------------------------------------------------------------------------------------------------
def test_scans_and_words_of_a_decided_dispute_are_kept_for_some_time(owner, stranger, settings):
    decided, open_ = disputed_of(owner), disputed_of(stranger)
    for user, case in ((owner, decided), (stranger, open_)):
        explain(user=user, dispute_id=case.pk, explanation=SAID)
        CheckIn.objects.create(surveyor=case.appointment.surveyor, result="NOT_FOUND")
    staff = UserFactory.create(is_staff=True)
    resolve(staff=staff, dispute_id=decided.pk, outcome=Outcome.NONE, refund_minor=None, reason="no fault")
    for days, words in ((settings.RETENTION_APPOINTMENT_DAYS - 1, 2), (settings.RETENTION_APPOINTMENT_DAYS + 1, 1)):
        with time_machine.travel(MONDAY + timedelta(days=days)):
            retention.apply_retention()
            assert timezone.now() > open_.opened_at
        assert AppointmentDispute.objects.exclude(reason="").count() == words
        assert RecoveryAttempt.objects.exclude(explanation="").count() == words
        assert CheckIn.objects.count() == (2 if words == 2 else 0)
    assert AppointmentDispute.objects.count() == 2
