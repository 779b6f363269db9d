"""Test the pages of appointments, their disputes and reviews: what staff see, decide and record."""

import pytest

from accounts.models import StaffAction
from billing.admin.money_format import money
from billing.models import Order, RefundRequest
from notifications.models import Notification
from surveys.disputes.cases import explain
from surveys.models import Appointment, AppointmentDispute, CheckIn
from surveys.reviews.reporting import report_review
from surveys.vocabulary import CheckInResult
from testing.dossiers import draft_of
from testing.factories import UserFactory, VesselFactory
from testing.phone import Phone
from testing.surveys import confirmed_of, disputed_of, held_of, place_of, review_of, slot_of
from testing.web_purchases import deliver_events

pytestmark = pytest.mark.django_db
REASON = {"reason": "as the surveyor said on the phone"}


def address(row, name: str = "") -> str:
    page = f"/admin/surveys/{row._meta.model_name}/{row.pk}"
    return f"{page}/act/{name}/" if name else f"{page}/change/"


def act(client, row, name: str, **data):
    return client.post(address(row, name), {**REASON, **data}, follow=True)


def text(client, row) -> str:
    answer = client.get(address(row))
    assert answer.status_code == 200
    return answer.content.decode()


def euros(amount_minor: int) -> str:
    return money(amount_minor, "EUR")


def paid(fake, phone: Phone, surveyor) -> Appointment:
    row = held_of(phone.owner, slot_of(surveyor))
    page = phone.post(f"/appointments/{row.pk}/checkout").json()
    fake.pay(Order.objects.get(pk=page["session_id"]).provider_ref)
    deliver_events(fake)
    row.refresh_from_db()
    assert row.status == "confirmed"
    return row


# --- appointments ----------------------------------------------------------------------------------------------------
def test_staff_cancel_for_the_surveyor_and_the_owner_gets_all_back(fake, desk, staff, phone, paid_surveyor):
    row = paid(fake, phone, paid_surveyor)
    asked = desk.post(address(row, "cancel_for_surveyor"), REASON)
    assert f"{euros(row.price_minor)} go back to {phone.owner}." in asked.content.decode()
    row.refresh_from_db()
    assert row.status == "confirmed"
    act(desk, row, "cancel_for_surveyor", confirmed="yes")
    row.refresh_from_db()
    assert (row.status, row.cancelled_by, row.refund_minor) == ("cancelled", "surveyor", row.price_minor)
    assert RefundRequest.objects.get().amount_minor == row.price_minor
    row.slot.refresh_from_db()
    assert row.slot.withdrawn_at is not None
    record = StaffAction.objects.get()
    assert (record.staff, record.action, record.subject_id) == (staff, "cancel_for_surveyor", str(row.pk))
    told = Notification.objects.filter(kind="appointment_cancelled").values_list("recipient", flat=True)
    assert set(told) == {phone.owner.pk, paid_surveyor.user_id}


def test_an_appointment_links_to_its_dossier_and_vessel(desk, owner):
    row = held_of(owner)
    assert "vessels/vessel" not in text(desk, row).partition('id="content"')[2]
    row.dossier = draft_of(owner, vessel=VesselFactory.create(owner=owner))
    row.save(update_fields=["dossier"])
    shown = text(desk, row)
    assert f"/admin/dossiers/dossier/{row.dossier.pk}/change/" in shown
    assert f"/admin/vessels/vessel/{row.dossier.vessel_id}/change/" in shown


def test_a_vessel_and_a_dossier_list_their_appointments_alone(desk, owner, stranger):
    row, other = held_of(owner), held_of(stranger)
    row.dossier = draft_of(owner, vessel=VesselFactory.create(owner=owner))
    row.save(update_fields=["dossier"])
    for lookup in (f"dossier__id__exact={row.dossier.pk}", f"dossier__vessel__id__exact={row.dossier.vessel_id}"):
        listed = desk.get(f"/admin/surveys/appointment/?{lookup}").content.decode()
        assert f"/admin/surveys/appointment/{row.pk}/change/" in listed
        assert f"/admin/surveys/appointment/{other.pk}/change/" not in listed


def test_only_a_confirmed_appointment_is_cancelled_for_the_surveyor(desk, owner):
    row = held_of(owner)
    assert "/act/" not in text(desk, row)
    assert b"Only a confirmed appointment" in act(desk, row, "cancel_for_surveyor", confirmed="yes").content
    row.refresh_from_db()
    assert row.status == "held"
    assert not StaffAction.objects.exists()


def test_the_page_of_an_appointment_shows_history_order_and_scans(fake, desk, phone, paid_surveyor):
    row = paid(fake, phone, paid_surveyor)
    place = place_of(paid_surveyor)
    CheckIn.objects.create(surveyor=paid_surveyor, appointment=row, place=None, result=CheckInResult.WRONG_PLACE)
    shown = text(desk, row)
    assert f"/admin/billing/order/{row.orders.get().order_id}/change/" in shown
    assert "held by the owner" in shown
    assert "WRONG_PLACE at an unknown place" in shown
    for each in (row.owner, row.surveyor, row.slot):
        assert f"/{each._meta.model_name}/{each.pk}/change/" in shown
    assert place.name in shown


@pytest.mark.parametrize("what", ["owner", "surveyor", "id", "order"])
def test_an_appointment_is_found(fake, desk, phone, stranger, paid_surveyor, what):
    row = paid(fake, phone, paid_surveyor)
    confirmed_of(stranger)
    words = {"owner": row.owner.email, "surveyor": "Holm", "id": row.pk, "order": row.orders.get().order_id}
    found = desk.get("/admin/surveys/appointment/", {"q": str(words[what])}).context["cl"].queryset
    assert row in found
    assert len(found) == (2 if what == "surveyor" else 1)


# --- disputes --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "column", "action"),
    [
        ("acknowledge", "acknowledged_at", "acknowledge_dispute"),
        ("triage", "triaged_at", "triage_dispute"),
        ("escalate", "is_escalated", "escalate_dispute"),
    ],
)
def test_a_step_of_a_dispute_is_taken_once(desk, staff, owner, name, column, action):
    case = disputed_of(owner)
    assert f"/act/{name}/" in text(desk, case)
    act(desk, case, name)
    case.refresh_from_db()
    assert getattr(case, column)
    assert f"/act/{name}/" not in text(desk, case)
    assert b"already" in act(desk, case, name).content
    record = StaffAction.objects.get()
    assert (record.staff, record.action, record.reason) == (staff, action, REASON["reason"])


@pytest.mark.parametrize(
    ("data", "goes_back", "stays"),
    [
        ({"outcome": "full"}, 20_000, 0),
        ({"outcome": "part", "part": "50.00"}, 5_000, 15_000),
        ({"outcome": "none"}, 0, 20_000),
    ],
)
def test_a_decision_is_confirmed_with_its_amounts(desk, owner, data, goes_back, stays):
    case = disputed_of(owner)
    asked = act(desk, case, "resolve", **data).content.decode()
    assert f"{euros(goes_back)} go back to {owner}." in asked
    assert f"{euros(stays)} stay, and are shared with Petra Holm." in asked
    case.refresh_from_db()
    assert case.resolved_at is None
    act(desk, case, "resolve", **data, confirmed="yes")
    case.refresh_from_db()
    row = case.appointment
    assert (case.outcome, row.status, row.refund_minor) == (data["outcome"], "resolved", goes_back)
    record = StaffAction.objects.get()
    assert (record.action, record.detail) == ("resolve_dispute", {"refund_minor": goes_back})
    told = Notification.objects.filter(kind="appointment_decided").values_list("recipient", flat=True)
    assert set(told) == {owner.pk, row.surveyor.user_id}


@pytest.mark.parametrize(
    "data",
    [
        {"outcome": "part"},
        {"outcome": "part", "part": "0"},
        {"outcome": "part", "part": "200.00"},
        {"outcome": "part", "part": "50.005"},
        {"outcome": "part", "part": "21474836.48"},
        {"outcome": "perhaps"},
        {},
        {"outcome": "none", "reason": " "},
    ],
)
def test_an_impossible_decision_is_refused(desk, owner, data):
    case = disputed_of(owner)
    for confirmed in ({}, {"confirmed": "yes"}):
        assert act(desk, case, "resolve", **data, **confirmed).context["form"].errors
    case.refresh_from_db()
    assert case.resolved_at is None
    assert not StaffAction.objects.exists()


def test_a_decided_dispute_has_no_more_steps(desk, owner):
    case = disputed_of(owner)
    act(desk, case, "resolve", outcome="none", confirmed="yes")
    assert "/act/" not in text(desk, case)
    for name in ("acknowledge", "triage", "escalate", "resolve"):
        assert b"This dispute is decided." in act(desk, case, name, outcome="full", confirmed="yes").content
    assert StaffAction.objects.count() == 1


def test_the_list_shows_open_disputes_first_and_the_page_what_was_explained(desk, owner, stranger):
    decided, open_ = disputed_of(owner), disputed_of(stranger)
    explain(user=stranger, dispute_id=open_.pk, explanation="I waited at the gate.")
    act(desk, decided, "resolve", outcome="none", confirmed="yes")
    assert list(desk.get("/admin/surveys/appointmentdispute/").context["cl"].result_list) == [open_, decided]
    shown = text(desk, open_)
    assert "owner: I waited at the gate." in shown
    assert "The survey took ten minutes." in shown


def test_a_late_dispute_is_marked(desk, owner):
    case = disputed_of(owner)
    assert "overdue" not in text(desk, case)
    AppointmentDispute.objects.update(acknowledge_by=case.opened_at)
    assert ": overdue</strong>" in text(desk, case)


# --- reviews ---------------------------------------------------------------------------------------------------------
def test_staff_hide_a_review_and_show_it_again(desk, staff, owner):
    review = review_of(owner)
    path = f"/surveyors/{review.surveyor_id}/reviews"
    reader = Phone.of(UserFactory.create())
    assert "/act/show/" not in text(desk, review)
    act(desk, review, "hide")
    assert reader.get(path).json()["results"] == []
    assert reader.get(f"/surveyors/{review.surveyor_id}").json()["rating"] is None
    assert "/act/hide/" not in text(desk, review)
    assert b"hidden this review already" in act(desk, review, "hide").content
    act(desk, review, "show")
    assert len(reader.get(path).json()["results"]) == 1
    assert b"This review is visible." in act(desk, review, "show").content
    names = StaffAction.objects.order_by("pk").values_list("staff", "action")
    assert list(names) == [(staff.pk, "hide_review"), (staff.pk, "show_review")]


def test_a_review_that_reports_have_hidden_waits_for_a_decision(desk, owner, settings):
    settings.REVIEW_HIDING_WEIGHT = 1
    review = review_of(owner)
    reporter = UserFactory.create(email_verified_at=review.created_at)
    report_review(reporter=reporter, review_id=review.pk, reason="It names a private person.")
    review.refresh_from_db()
    assert (review.state, review.awaits_staff) == ("hidden", True)
    assert "It names a private person." in text(desk, review)
    act(desk, review, "show")
    review.refresh_from_db()
    assert (review.state, review.awaits_staff, review.reports.get().is_rejected) == ("visible", False, True)


# --- rights ----------------------------------------------------------------------------------------------------------
def test_an_onlooker_may_decide_nothing(onlooker, owner):
    case, review = disputed_of(owner), review_of(owner)
    row = confirmed_of(owner)
    acts = {"cancel_for_surveyor": row, "hide": review, "show": review}
    acts |= dict.fromkeys(("acknowledge", "triage", "escalate", "resolve"), case)
    for name, each in acts.items():
        assert act(onlooker, each, name, outcome="full", confirmed="yes").status_code == 403, name
        assert "/act/" not in text(onlooker, each)
    assert not StaffAction.objects.exists()
