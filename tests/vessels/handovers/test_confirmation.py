"""Test the codes of a handover: both must be right, the credits must be there, and then all happens at once."""

import pytest

from billing.ledger import integrity
from billing.models import LedgerTransaction
from inspections.models import Inspection
from notifications.models import Notification
from testing.factories import InspectionFactory
from tests.accounts.mailed_codes import other_code
from tests.contract.refusals import refused
from tests.vessels.handovers.acts import (
    buy_credit,
    confirm,
    credits,
    hand_over,
    handover,
    offered,
    verified,
    vessel_of,
)
from vessels.models import Handover, HandoverEvent, Vessel

pytestmark = pytest.mark.django_db


@pytest.fixture
def vessel(seller) -> Vessel:
    return vessel_of(seller)


@pytest.mark.parametrize("first", ["seller", "buyer"])
def test_the_second_right_code_changes_the_owner(seller, buyer, vessel, first):
    handover_id, mailed = offered(seller, buyer, vessel.pk)
    order = [seller, buyer] if first == "seller" else [buyer, seller]
    shown = [confirm(phone, handover_id, mailed[phone.owner.email]).json() for phone in order]
    assert [body["status"] for body in shown] == ["pending_codes", "completed"]
    assert [body["confirmed"] for body in shown] == [True, True]
    assert Vessel.objects.get().owner == buyer.owner
    assert shown[1]["completed_at"] is not None
    assert shown[1]["disputable_until"] > shown[1]["completed_at"]


def test_every_step_leaves_an_event(seller, buyer, vessel):
    hand_over(seller, buyer, vessel.pk)
    assert [str(event) for event in HandoverEvent.objects.all()] == [
        "new → initiated",
        "initiated → pending_codes",
        "pending_codes → completed",
    ]


def test_a_code_of_the_other_party_is_wrong(seller, buyer, vessel):
    handover_id, mailed = offered(seller, buyer, vessel.pk)
    answer = confirm(seller, handover_id, mailed[buyer.owner.email])
    assert "code" in refused(answer, 400, "VALIDATION_ERROR")["fields"]
    assert handover(handover_id).status == "initiated"


def test_digits_of_another_script_are_accepted(seller, buyer, vessel):
    handover_id, mailed = offered(seller, buyer, vessel.pk)
    arabic = "".join(chr(0x0660 + int(digit)) for digit in mailed[seller.owner.email])
    assert confirm(seller, handover_id, arabic).json()["status"] == "pending_codes"


@pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", 123456, None])
def test_a_text_that_is_no_code_costs_no_try(seller, buyer, vessel, code):
    handover_id, _ = offered(seller, buyer, vessel.pk)
    refused(confirm(seller, handover_id, code), 400, "VALIDATION_ERROR")
    assert set(handover(handover_id).codes.values_list("tries", flat=True)) == {0}


def test_after_five_wrong_codes_the_handover_has_failed(seller, buyer, vessel):
    handover_id, mailed = offered(seller, buyer, vessel.pk)
    own = mailed[buyer.owner.email]
    for _ in range(5):
        refused(confirm(buyer, handover_id, other_code(own)), 400, "VALIDATION_ERROR")
    for phone in (buyer, seller):
        answer = confirm(phone, handover_id, mailed[phone.owner.email])
        assert refused(answer, 409, "NOT_ELIGIBLE")["reason"] == "HANDOVER_CLOSED"
    assert seller.fetch(f"/handovers/{handover_id}")["status"] == "failed"
    assert Vessel.objects.get().owner == seller.owner
    seller.open("corrosion", vessel_label="Tern")


def test_four_wrong_codes_leave_the_right_one_valid(seller, buyer, vessel):
    handover_id, mailed = offered(seller, buyer, vessel.pk)
    for _ in range(4):
        confirm(seller, handover_id, other_code(mailed[seller.owner.email]))
    assert confirm(seller, handover_id, mailed[seller.owner.email]).status_code == 200


def test_a_code_before_it_was_mailed_is_wrong(seller, buyer, vessel):
    handover_id = seller.send(f"/vessels/{vessel.pk}/handovers", {"to_email": buyer.owner.email})["handover_id"]
    refused(confirm(seller, handover_id, "000000"), 400, "VALIDATION_ERROR")


def test_a_repeated_confirmation_changes_nothing(seller, buyer, vessel):
    handover_id, mailed = offered(seller, buyer, vessel.pk)
    own = mailed[seller.owner.email]
    for _ in range(2):
        assert confirm(seller, handover_id, own).json()["status"] == "pending_codes"
    confirm(buyer, handover_id, mailed[buyer.owner.email])
    assert confirm(seller, handover_id, own).json()["status"] == "completed"
    assert HandoverEvent.objects.count() == 3


def test_a_stranger_confirms_nothing(seller, buyer, vessel):
    handover_id, mailed = offered(seller, buyer, vessel.pk)
    refused(confirm(verified(), handover_id, mailed[buyer.owner.email]), 404, "NOT_FOUND")


def test_the_buyer_pays_the_seller_in_credits(seller, buyer, vessel):
    for _ in range(3):
        buy_credit(buyer.owner)
    handover_id = hand_over(seller, buyer, vessel.pk, credits=2)
    assert credits(seller, buyer) == (2, 1)
    sources = LedgerTransaction.objects.filter(source=f"handover:{handover_id}").values_list("kind", flat=True)
    assert sorted(sources) == ["credit_transfer_in", "credit_transfer_out"]
    assert list(integrity.faults_of_books()) == []


def test_too_few_credits_leave_the_handover_and_its_codes(seller, buyer, vessel):
    buy_credit(buyer.owner)
    InspectionFactory.create(owner=seller.owner, vessel=vessel, completed=True)
    handover_id, mailed = offered(seller, buyer, vessel.pk, credits=2)
    confirm(buyer, handover_id, mailed[buyer.owner.email])
    for _ in range(6):  # it costs no try
        answer = confirm(seller, handover_id, mailed[seller.owner.email])
        assert refused(answer, 409, "NOT_ELIGIBLE")["reason"] == "CREDITS_MISSING"
    assert (handover(handover_id).status, credits(seller, buyer)) == ("pending_codes", (0, 1))
    assert Inspection.objects.get().owner == seller.owner
    buy_credit(buyer.owner)
    assert confirm(seller, handover_id, mailed[seller.owner.email]).json()["status"] == "completed"
    assert credits(seller, buyer) == (2, 0)


def test_credits_within_their_refund_window_do_not_count(seller, buyer, vessel):
    buyer.buy()
    handover_id, mailed = offered(seller, buyer, vessel.pk, credits=1)
    confirm(seller, handover_id, mailed[seller.owner.email])
    answer = confirm(buyer, handover_id, mailed[buyer.owner.email])
    assert refused(answer, 409, "NOT_ELIGIBLE")["reason"] == "CREDITS_MISSING"


def test_an_inspection_that_staff_queue_again_delays_the_handover(seller, buyer, vessel):
    inspection = InspectionFactory.create(owner=seller.owner, vessel=vessel, failed=True)
    handover_id, mailed = offered(seller, buyer, vessel.pk)
    confirm(seller, handover_id, mailed[seller.owner.email])
    requeued = {"status": "processing", "finished_at": None, "failure_reason": ""}
    Inspection.objects.filter(pk=inspection.pk).update(**requeued)
    answer = confirm(buyer, handover_id, mailed[buyer.owner.email])
    assert refused(answer, 409, "NOT_ELIGIBLE")["reason"] == "INSPECTION_OPEN"
    Inspection.objects.filter(pk=inspection.pk).update(
        status="failed", finished_at=inspection.finished_at, failure_reason="technical_failure"
    )
    assert confirm(buyer, handover_id, mailed[buyer.owner.email]).json()["status"] == "completed"


def test_a_closed_account_completes_nothing(seller, buyer, vessel):
    handover_id, mailed = offered(seller, buyer, vessel.pk)
    confirm(seller, handover_id, mailed[seller.owner.email])
    seller.owner.is_active = False
    seller.owner.save()
    answer = confirm(buyer, handover_id, mailed[buyer.owner.email])
    assert refused(answer, 409, "NOT_ELIGIBLE")["reason"] == "PARTY_GONE"
    assert Vessel.objects.get().owner == seller.owner


def test_a_failure_halfway_changes_nothing(seller, buyer, vessel, monkeypatch):
    buy_credit(buyer.owner)
    InspectionFactory.create(owner=seller.owner, vessel=vessel, completed=True)
    handover_id, mailed = offered(seller, buyer, vessel.pk, credits=1)
    confirm(seller, handover_id, mailed[seller.owner.email])
    with monkeypatch.context() as patched:
        patched.setattr("vessels.handovers.transitions.complete", lambda *_, **__: 1 / 0)
        assert confirm(buyer, handover_id, mailed[buyer.owner.email]).status_code == 500
    assert (credits(seller, buyer), Vessel.objects.get().owner) == ((0, 1), seller.owner)
    assert Inspection.objects.get().owner == seller.owner
    assert Handover.objects.get().status == "pending_codes"
    assert confirm(buyer, handover_id, mailed[buyer.owner.email]).json()["status"] == "completed"


def test_both_parties_are_notified_of_the_completion(seller, buyer, vessel):
    handover_id = hand_over(seller, buyer, vessel.pk)
    found = Notification.objects.filter(kind="handover_completed")
    assert {row.recipient for row in found} == {seller.owner, buyer.owner}
    assert all(row.data == {"handover_id": handover_id} for row in found)
