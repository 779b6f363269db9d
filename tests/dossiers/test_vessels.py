"""Test dossiers of vessels that are renamed, deleted or handed over."""

import pytest

from inspections.lifecycle import failures
from testing.dossiers import draft_of, eligible_inspection, final_of
from testing.phone import Phone, caller
from tests.contract.refusals import refused
from tests.vessels.handovers.acts import hand_over, reverse, verified

pytestmark = pytest.mark.django_db


def test_a_document_keeps_the_name_that_is_printed_and_a_draft_follows(phone, owner):
    final, draft = final_of(owner, vessel_name="Tern"), draft_of(owner)
    phone.patch(f"/vessels/{final.vessel_id}", {"name": "Gannet"})
    labels = [phone.get(f"/dossiers/{each.pk}").json()["vessel_label"] for each in (final, draft)]
    assert labels == ["Tern", "Gannet"]


def test_a_vessel_without_inspections_can_be_deleted_and_its_documents_stay(phone, owner):
    inspection = eligible_inspection(owner)
    final = final_of(owner, inspection, vessel_name="Tern")
    phone.delete(f"/vessels/{final.vessel_id}")
    final.refresh_from_db()
    assert final.vessel_id is not None  # archived: it has an inspection
    failures.delete(inspection)
    assert phone.delete(f"/vessels/{final.vessel_id}").status_code == 204
    body = phone.get(f"/dossiers/{final.pk}").json()
    assert (body["status"], body["vessel_id"], body["vessel_label"]) == ("revoked", None, "Tern")


def test_a_vessel_whose_dossier_is_rendered_is_not_handed_over(phone, owner):
    draft = draft_of(owner)
    phone.post(f"/dossiers/{draft.pk}/finalise")
    answer = phone.post(f"/vessels/{draft.vessel_id}/handovers", {"to_email": "buyer@example.org"})
    assert refused(answer, 409, "NOT_ELIGIBLE")["reason"] == "DOSSIER_RENDERING"


def test_a_handover_ends_the_shares_and_leaves_the_dossiers_to_the_seller(owner):
    seller, buyer = Phone.of(owner), verified()
    final, draft = final_of(owner, vessel_name="Tern"), draft_of(owner)
    share = seller.post(f"/dossiers/{final.pk}/shares", {"expires_in_days": 7}).json()
    hand_over(seller, buyer, final.vessel_id)
    assert caller().get(share["url"].partition("8000")[2]).status_code == 404
    assert [each["vessel_label"] for each in seller.get("/dossiers").json()["results"]] == ["", "Tern"]
    assert buyer.get("/dossiers").json()["results"] == []
    refused(buyer.get(f"/dossiers/{final.pk}"), 404, "NOT_FOUND")
    assert seller.post(f"/dossiers/{draft.pk}/finalise").status_code == 409


def test_a_reversed_handover_gives_the_dossiers_their_vessel_again(owner):
    seller, buyer = Phone.of(owner), verified()
    final = final_of(owner, vessel_name="Tern")
    handover_id = hand_over(seller, buyer, final.vessel_id)
    reverse(seller, buyer, handover_id)
    assert seller.get(f"/dossiers/{final.pk}").json()["vessel_id"] == str(final.vessel_id)
