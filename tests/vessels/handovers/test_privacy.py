"""Test what an erasure of one party leaves to the other, what is exported, and what is kept for how long."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Erasure
from accounts.privacy import register
from inspections.models import Inspection, MediaAsset
from inspections.objects.integrity import claims, faults_of_objects
from inspections.privacy.former_owners import erase_originals
from maretech.common.storage import object_store
from maretech.common.work.retention import apply_retention
from testing.factories import UserFactory
from testing.phone import Phone
from tests.accounts.privacy.full_account import erase, found
from tests.accounts.privacy.test_export import exported, json_in
from tests.vessels.handovers.acts import (
    REASON,
    buy_credit,
    credits,
    dispute,
    hand_over,
    handover,
    offer,
    offered,
    verified,
    vessel_of,
)
from vessels.models import Handover, HandoverCode, Vessel

pytestmark = pytest.mark.django_db


@pytest.fixture
def vessel(seller) -> Vessel:
    return vessel_of(seller, "Wilhelmine", home_port="Laboe")


def test_an_erased_seller_cancels_the_offer_and_leaves_no_trace(seller, buyer, vessel):
    handover_id, _ = offered(seller, buyer, vessel.pk)
    assert erase(seller).done_at is not None
    assert buyer.fetch(f"/handovers/{handover_id}")["status"] == "cancelled"
    assert found("seller@example.org", "Wilhelmine", "Laboe") == []


def test_an_erased_buyer_declines_the_offer(seller, buyer, vessel):
    handover_id, _ = offered(seller, buyer, vessel.pk)
    assert erase(buyer).done_at is not None
    assert seller.fetch(f"/handovers/{handover_id}")["status"] == "declined"
    assert found("buyer@example.org") == []
    offer(seller, vessel.pk, "other@example.org")


def test_an_erased_seller_takes_nothing_from_the_buyer(seller, buyer, vessel):
    inspection_id = seller.complete("corrosion", vessel_label="Wilhelmine")
    handover_id = hand_over(seller, buyer, vessel.pk)
    erase(seller)
    assert buyer.fetch(f"/inspections/{inspection_id}/result")["mode"] == "corrosion"
    assert buyer.fetch(f"/vessels/{vessel.pk}")["name"] == "Wilhelmine"
    assert buyer.fetch(f"/handovers/{handover_id}")["vessel_name"] == ""
    assert found("seller@example.org") == []


def test_an_erased_buyer_takes_what_was_bought(seller, buyer, vessel):
    seller.complete("corrosion", vessel_label="Wilhelmine")
    handover_id = hand_over(seller, buyer, vessel.pk)
    erase(buyer)
    assert not Vessel.objects.exists()
    assert not Inspection.objects.filter(owner=seller.owner).exists()
    assert seller.fetch(f"/handovers/{handover_id}")["vessel_id"] is None
    assert found("buyer@example.org") == []


def test_a_disputed_vessel_returns_if_the_buyer_goes(seller, buyer, vessel):
    buy_credit(buyer.owner)
    inspection_id = seller.complete("corrosion", vessel_label="Wilhelmine")
    handover_id = hand_over(seller, buyer, vessel.pk, credits=1)
    dispute(seller, handover_id)
    assert erase(buyer).done_at is not None
    assert seller.fetch(f"/handovers/{handover_id}")["status"] == "reversed"
    assert seller.fetch(f"/inspections/{inspection_id}/result")["mode"] == "corrosion"
    assert credits(seller) == (0,)
    assert found("buyer@example.org") == []


def test_a_disputed_vessel_stays_with_the_buyer_if_the_seller_goes(seller, buyer, vessel):
    inspection_id = seller.complete("corrosion", vessel_label="Wilhelmine")
    handover_id = hand_over(seller, buyer, vessel.pk)
    dispute(seller, handover_id)
    assert erase(seller).done_at is not None
    shown = buyer.fetch(f"/handovers/{handover_id}")
    assert (shown["status"], shown["dispute"]["decided_at"] is None) == ("completed", False)
    assert buyer.fetch(f"/inspections/{inspection_id}")["status"] == "completed"
    assert found(REASON, "seller@example.org") == []


def test_nothing_is_erased_before_all_is_settled(seller, buyer, vessel, monkeypatch):
    inspection_id = seller.complete("corrosion", vessel_label="Wilhelmine")
    dispute(seller, hand_over(seller, buyer, vessel.pk))
    parts = dict(register._registered)
    with monkeypatch.context() as patched:
        patched.setattr("vessels.handovers.departures.disputes.reverse", lambda *_, **__: 1 / 0)
        erase(buyer)
    assert Erasure.objects.get().done_at is None
    assert dict(register._registered) == parts
    assert Inspection.objects.get(pk=inspection_id).deleted_at is None
    assert Handover.objects.get().status == "disputed"


def test_each_party_exports_the_handover_as_its_own(seller, buyer, vessel):
    handover_id = hand_over(seller, buyer, vessel.pk)
    dispute(buyer, handover_id)
    [sold] = json_in(exported(seller), "vessels/handovers.json")
    [bought] = json_in(exported(buyer), "vessels/handovers.json")
    assert (sold["role"], sold["to_email"], "dispute_reason" in sold) == ("seller", "buyer@example.org", False)
    assert (bought["role"], bought["dispute_reason"], "to_email" in bought) == ("buyer", REASON, False)
    assert "seller@example.org" not in str(bought)


@pytest.mark.parametrize("outcome", ["cancelled", "completed"])
def test_codes_and_addresses_go_when_they_are_not_needed_any_more(seller, buyer, vessel, outcome):
    if outcome == "completed":
        handover_id = hand_over(seller, buyer, vessel.pk)
    else:
        handover_id, _ = offered(seller, buyer, vessel.pk)
        seller.send(f"/handovers/{handover_id}/cancel")
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        apply_retention()
    assert not HandoverCode.objects.exists()
    assert handover(handover_id).to_email == "buyer@example.org"
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        apply_retention()
    row = handover(handover_id)
    assert (row.to_email, row.moved, row.former_details) == ("", {}, {})
    assert seller.fetch(f"/handovers/{handover_id}")["to_email"] is None


def test_a_dispute_keeps_what_its_reversal_needs(seller, buyer, vessel):
    handover_id = hand_over(seller, buyer, vessel.pk)
    dispute(buyer, handover_id)
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        apply_retention()
    assert handover(handover_id).former_details["home_port"] == "Laboe"


def test_an_address_that_is_not_proven_declines_no_offer(seller, vessel):
    handover_id = offer(seller, vessel.pk, "squatter@example.org")["handover_id"]
    squatter = Phone.of(UserFactory.create(email="squatter@example.org"))
    assert erase(squatter).done_at is not None
    shown = seller.fetch(f"/handovers/{handover_id}")
    assert (shown["status"], shown["to_email"]) == ("initiated", "squatter@example.org")


def test_a_proven_address_declines_an_offer_that_no_worker_has_read(seller, vessel):
    handover_id = offer(seller, vessel.pk, "late@example.org")["handover_id"]
    assert erase(verified(email="late@example.org")).done_at is not None
    assert seller.fetch(f"/handovers/{handover_id}")["status"] == "declined"
    assert found("late@example.org") == []


def test_the_phone_and_the_typed_place_of_the_seller_do_not_pass_to_the_buyer(seller, buyer, vessel):
    context = {"region_text": "behind the barn in Laboe", "surface": "wet"}
    opened = seller.open("corrosion", vessel_label="Wilhelmine", capture_context=context)
    Inspection.objects.update(status="completed", submitted_at=timezone.now(), finished_at=timezone.now())
    MediaAsset.objects.update(capture={"device_model": "Farphone 3", "captured_at": "2026-05-01T10:00:00+00:00"})
    hand_over(seller, buyer, vessel.pk)
    shown = buyer.fetch(f"/inspections/{opened['inspection_id']}")["capture_context"]
    assert (shown["region_text"], shown["surface"]) == ("", "wet")
    exported_rows = str(json_in(exported(buyer), "corrosion/inspections.json"))
    assert "Farphone" not in exported_rows
    assert "barn" not in exported_rows
    assert "2026-05-01T10:00" in exported_rows


def test_an_erased_seller_takes_the_original_photos_and_the_buyer_keeps_what_was_shown(seller, buyer, vessel):
    inspection_id = seller.complete("corrosion", vessel_label="Wilhelmine")
    hand_over(seller, buyer, vessel.pk)
    before = {row.pk: (row.evidence_uri, row.view_uri) for row in MediaAsset.objects.all()}
    assert erase(seller).done_at is not None
    kept = set(object_store().list("inspections/"))
    for row in MediaAsset.objects.all():
        original, view = before[row.pk]
        assert original not in kept
        assert {row.evidence_uri, view} <= kept
        assert object_store().read(row.evidence_uri, max_bytes=10**8) == object_store().read(view, max_bytes=10**8)
    assert not [key for key in kept if "/quarantine/" in key]
    assert list(faults_of_objects(claims())) == []
    assert buyer.fetch(f"/inspections/{inspection_id}/result")["mode"] == "corrosion"
    again = set(object_store().list("inspections/"))
    erase_originals(seller.owner.pk)
    assert set(object_store().list("inspections/")) == again
