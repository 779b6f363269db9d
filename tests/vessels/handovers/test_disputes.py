"""Test disputes of completed handovers: they lock the vessel, and staff leave it or reverse it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.errors import ReasonRequired
from accounts.models import StaffAction, User
from billing.ledger import inspection_credits, integrity
from corrosion.models import Comparison, Maintenance, Reminder
from inspections.models import Inspection
from notifications.models import Notification
from testing.factories import UserFactory
from testing.phone import Phone
from tests.contract.refusals import refused
from tests.corrosion.rows import work_off
from tests.vessels.handovers.acts import (
    REASON,
    buy_credit,
    credits,
    decide,
    dispute,
    hand_over,
    handover,
    offer,
    reverse,
    verified,
    vessel_of,
)
from vessels.handovers import disputes
from vessels.models import Handover, Vessel

pytestmark = pytest.mark.django_db


@pytest.fixture
def vessel(seller) -> Vessel:
    return vessel_of(seller, "Tern", home_port="Laboe", built_year=1979)


def disputed(phone: Phone, handover_id: str) -> object:
    return phone.post(f"/handovers/{handover_id}/dispute", {"reason": REASON})


def reason_of(answer: object) -> str:
    return refused(answer, 409, "NOT_ELIGIBLE")["reason"]


@pytest.mark.parametrize("party", ["seller", "buyer"])
def test_either_party_disputes_and_all_are_notified(seller, buyer, vessel, party):
    handover_id = hand_over(seller, buyer, vessel.pk)
    body = dispute(seller if party == "seller" else buyer, handover_id)
    assert (body["status"], body["dispute"]["disputed_by"], body["disputable_until"]) == ("disputed", party, None)
    found = Notification.objects.filter(kind__in=["handover_disputed", "handover_to_decide"])
    assert {row.recipient for row in found} == {seller.owner, buyer.owner, None}


def test_a_disputed_vessel_is_locked(seller, buyer, vessel):
    seller.complete("corrosion", vessel_label="Tern")
    dispute(seller, hand_over(seller, buyer, vessel.pk))
    own = Inspection.objects.get()
    for answer in (
        buyer.post("/inspections", {"mode": "corrosion", "vessel_id": str(vessel.pk)}),
        buyer.post(f"/vessels/{vessel.pk}/handovers", {"to_email": "other@example.org"}),
        buyer.delete(f"/vessels/{vessel.pk}"),
        buyer.delete(f"/inspections/{own.pk}"),
    ):
        refused(answer, 409, "VESSEL_IN_HANDOVER")
    assert buyer.fetch(f"/inspections/{own.pk}")["status"] == "completed"


def test_the_same_dispute_again_is_that_dispute_and_the_other_party_is_told(seller, buyer, vessel):
    handover_id = hand_over(seller, buyer, vessel.pk)
    assert dispute(buyer, handover_id)["dispute"] == dispute(buyer, handover_id)["dispute"]
    assert reason_of(disputed(seller, handover_id)) == "DISPUTED"
    assert Notification.objects.filter(kind="handover_to_decide").count() == 1


def test_the_other_party_does_not_read_the_reason(seller, buyer, vessel):
    handover_id = hand_over(seller, buyer, vessel.pk)
    dispute(buyer, handover_id)
    assert REASON not in seller.get(f"/handovers/{handover_id}").content.decode()


def test_an_offer_that_is_not_completed_cannot_be_disputed(seller, buyer, vessel):
    handover_id = offer(seller, vessel.pk, buyer.owner.email)["handover_id"]
    assert reason_of(disputed(seller, handover_id)) == "NOT_COMPLETED"


def test_a_handover_can_be_disputed_for_14_days(seller, buyer, vessel):
    handover_id = hand_over(seller, buyer, vessel.pk)
    Handover.objects.update(completed_at=timezone.now() - timedelta(days=14, seconds=1))
    assert reason_of(disputed(buyer, handover_id)) == "TOO_LATE"
    Handover.objects.update(completed_at=timezone.now() - timedelta(days=13, hours=23))
    dispute(buyer, handover_id)


@pytest.mark.parametrize("reason", ["", None, 7, "x" * 1001])
def test_a_dispute_needs_a_reason(seller, buyer, vessel, reason):
    handover_id = hand_over(seller, buyer, vessel.pk)
    answer = seller.post(f"/handovers/{handover_id}/dispute", {"reason": reason})
    assert "reason" in refused(answer, 400, "VALIDATION_ERROR")["fields"]


def test_a_stranger_disputes_nothing(seller, buyer, vessel):
    refused(disputed(verified(), hand_over(seller, buyer, vessel.pk)), 404, "NOT_FOUND")


def test_staff_leave_it_completed_for_good(seller, buyer, vessel):
    handover_id = hand_over(seller, buyer, vessel.pk)
    dispute(seller, handover_id)
    decide(handover_id, reverse=False)
    shown = buyer.fetch(f"/handovers/{handover_id}")
    assert (shown["status"], shown["dispute"]["decided_at"] is None) == ("completed", False)
    assert Vessel.objects.get().owner == buyer.owner
    assert reason_of(disputed(seller, handover_id)) == "DECIDED"
    offer(buyer, vessel.pk, "other@example.org")
    assert Notification.objects.filter(kind="handover_completed").count() == 4
    assert StaffAction.objects.get().action == "complete_handover"


def test_a_decision_needs_a_reason_and_a_dispute(seller, buyer, vessel):
    handover_id = handover(hand_over(seller, buyer, vessel.pk)).pk
    staff = UserFactory.create(is_staff=True)
    for rule in (disputes.keep_completed, disputes.reverse_handover):
        with pytest.raises(disputes.NotDisputed):
            rule(staff=staff, handover_id=handover_id, reason="why")
    dispute(seller, handover_id)
    for rule in (disputes.keep_completed, disputes.reverse_handover):
        with pytest.raises(ReasonRequired):
            rule(staff=staff, handover_id=handover_id, reason=" ")
    assert Handover.objects.get().status == "disputed"


def test_a_reversal_returns_the_vessel_its_history_and_the_credits(seller, buyer, vessel):
    buy_credit(buyer.owner)
    seller.subscribe()
    inspection_id = seller.complete("corrosion", vessel_label="Tern")
    entry = Maintenance.objects.create(vessel=vessel, kind="painted", performed_on="2026-05-01")
    handover_id = hand_over(seller, buyer, vessel.pk, credits=1)
    reverse(seller, buyer, handover_id)
    assert seller.fetch(f"/handovers/{handover_id}")["status"] == "reversed"
    assert seller.fetch(f"/inspections/{inspection_id}/result")["mode"] == "corrosion"
    assert [row["maintenance_id"] for row in seller.fetch("/corrosion/maintenance")["results"]] == [str(entry.pk)]
    refused(buyer.get(f"/inspections/{inspection_id}"), 404, "NOT_FOUND")
    refused(buyer.get(f"/vessels/{vessel.pk}"), 404, "NOT_FOUND")
    assert buyer.fetch("/vessels")["results"] == []
    assert credits(seller, buyer) == (0, 1)
    assert list(integrity.faults_of_books()) == []
    assert Notification.objects.filter(kind="handover_reversed").count() == 2


def test_used_credits_are_a_debt_after_a_reversal(seller, buyer, vessel):
    buy_credit(buyer.owner)
    handover_id = hand_over(seller, buyer, vessel.pk, credits=1)
    opened = seller.send("/inspections", {"mode": "osmosis", "vessel_label": "Gannet"})
    assert inspection_credits.is_held(owner=seller.owner, inspection_id=opened["inspection_id"])
    reverse(seller, buyer, handover_id)
    assert credits(seller, buyer) == (-1, 1)
    refused(seller.post("/inspections", {"mode": "osmosis"}, HTTP_IDEMPOTENCY_KEY="k"), 402, "PAYMENT_REQUIRED")


def test_what_the_buyer_added_stays_with_the_buyer(seller, buyer, vessel):
    seller.subscribe()
    first = seller.complete("corrosion", vessel_label="Tern")
    handover_id = hand_over(seller, buyer, vessel.pk)
    buyer.subscribe()
    added = buyer.complete("corrosion", seed=30, vessel_label="Tern")
    noted = buyer.send(
        "/corrosion/maintenance", {"vessel_label": "Tern", "kind": "cleaned", "performed_on": "2026-06-01"}
    )["maintenance_id"]
    buyer.set(f"/corrosion/reminders/{vessel.pk}", {"interval_days": 365, "enabled": True})
    assert buyer.get(f"/corrosion/compare?from={first}&to={added}").status_code in (200, 202)
    work_off()
    reverse(seller, buyer, handover_id)
    assert [row["inspection_id"] for row in seller.fetch("/inspections?mode=corrosion")["results"]] == [first]
    assert [row["inspection_id"] for row in buyer.fetch("/inspections?mode=corrosion")["results"]] == [added]
    kept = Inspection.objects.get(pk=added).vessel
    assert (kept.owner, kept.name) == (buyer.owner, "Tern")
    assert kept != vessel
    assert [row["maintenance_id"] for row in buyer.fetch("/corrosion/maintenance")["results"]] == [noted]
    assert seller.fetch("/corrosion/maintenance")["results"] == []
    assert not Comparison.objects.exists()
    assert not Reminder.objects.exists()
    for phone, vessel_id in ((seller, vessel.pk), (buyer, kept.pk)):
        assert len(phone.fetch(f"/corrosion/timeline?vessel_id={vessel_id}")["points"][0]["visits"]) == 1


def test_an_open_inspection_of_the_buyer_stays_open_with_the_buyer(seller, buyer, vessel):
    handover_id = hand_over(seller, buyer, vessel.pk)
    opened = buyer.open("corrosion", vessel_label="Tern")
    reverse(seller, buyer, handover_id)
    buyer.shoot(opened["uploads"])
    assert buyer.post(f"/inspections/{opened['inspection_id']}/complete").status_code == 200


def test_details_that_the_buyer_changed_stay_with_the_buyer(seller, buyer, vessel):
    handover_id = hand_over(seller, buyer, vessel.pk)
    buyer.patch(f"/vessels/{vessel.pk}", {"name": "Puffin", "home_port": "Marstal"})
    buyer.complete("corrosion", vessel_label="Puffin")
    reverse(seller, buyer, handover_id)
    own, kept = seller.fetch(f"/vessels/{vessel.pk}"), buyer.fetch("/vessels")["results"][0]
    assert (own["name"], own["home_port"], own["built_year"]) == ("Tern", "Laboe", 1979)
    assert (kept["name"], kept["home_port"]) == ("Puffin", "Marstal")


def test_a_returned_vessel_gets_a_number_if_its_name_is_taken_by_then(seller, buyer, vessel):
    inspection_id = seller.complete("corrosion", vessel_label="Tern")
    handover_id = hand_over(seller, buyer, vessel.pk)
    vessel_of(seller, "tern")
    reverse(seller, buyer, handover_id)
    assert seller.fetch(f"/vessels/{vessel.pk}")["name"] == "Tern (2)"
    assert Inspection.objects.get(pk=inspection_id).vessel_label == "Tern (2)"


def test_an_inspection_that_the_buyer_deleted_does_not_return(seller, buyer, vessel):
    inspection_id = seller.complete("corrosion", vessel_label="Tern")
    handover_id = hand_over(seller, buyer, vessel.pk)
    buyer.delete(f"/inspections/{inspection_id}")
    reverse(seller, buyer, handover_id)
    assert seller.fetch("/inspections?mode=corrosion")["results"] == []
    assert Inspection.objects.get().owner == buyer.owner


def test_after_an_onward_handover_nothing_is_reversed(seller, buyer, vessel):
    handover_id, third = hand_over(seller, buyer, vessel.pk), verified()
    hand_over(buyer, third, vessel.pk)
    for phone in (seller, buyer):
        assert reason_of(disputed(phone, handover_id)) == "HANDED_ON"


def test_after_a_reversed_onward_handover_the_earlier_one_can_be_disputed(seller, buyer, vessel):
    inspection_id = seller.complete("corrosion", vessel_label="Tern")
    handover_id, third = hand_over(seller, buyer, vessel.pk), verified()
    reverse(buyer, third, hand_over(buyer, third, vessel.pk))
    reverse(seller, buyer, handover_id)
    row = Inspection.objects.get(pk=inspection_id)
    assert (row.owner, row.vessel, row.came_with_vessel) == (seller.owner, vessel, False)


def test_a_deleted_vessel_cannot_return(seller, buyer, vessel):
    handover_id = hand_over(seller, buyer, vessel.pk)
    assert buyer.delete(f"/vessels/{vessel.pk}").status_code == 204
    assert reason_of(disputed(seller, handover_id)) == "HANDED_ON"
    assert seller.fetch(f"/handovers/{handover_id}")["vessel_id"] is None


def test_a_dispute_ends_an_open_onward_offer(seller, buyer, vessel):
    handover_id = hand_over(seller, buyer, vessel.pk)
    onward = offer(buyer, vessel.pk, "third@example.org")["handover_id"]
    dispute(seller, handover_id)
    assert handover(onward).status == "cancelled"


def test_a_reversal_is_not_undone_by_time(seller, buyer, vessel):
    handover_id = hand_over(seller, buyer, vessel.pk)
    dispute(buyer, handover_id)
    with time_machine.travel(timezone.now() + timedelta(days=200)):
        decide(handover_id, reverse=True)
    assert Vessel.objects.get().owner == seller.owner


def test_a_vessel_that_came_back_by_another_handover_was_handed_on(seller, buyer, vessel):
    first = hand_over(seller, buyer, vessel.pk)
    hand_over(buyer, seller, vessel.pk)
    hand_over(seller, buyer, vessel.pk)
    assert reason_of(disputed(buyer, first)) == "HANDED_ON"


@pytest.mark.parametrize("party", ["seller", "buyer"])
def test_nothing_is_reversed_onto_a_closed_account(seller, buyer, vessel, party):
    handover_id = hand_over(seller, buyer, vessel.pk)
    gone, left = (seller, buyer) if party == "seller" else (buyer, seller)
    User.objects.filter(pk=gone.owner.pk).update(is_active=False)
    assert reason_of(disputed(left, handover_id)) == "PARTY_GONE"
    User.objects.filter(pk=gone.owner.pk).update(is_active=True)
    dispute(left, handover_id)
    User.objects.filter(pk=gone.owner.pk).update(is_active=False)
    with pytest.raises(disputes.NotDisputed):
        decide(handover_id, reverse=True)
