"""Test dossiers of vessels that are renamed, deleted or handed over."""

from functools import partial

import pytest
from django.utils import timezone

from accounts.models import User
from dossiers.lifecycle import transitions
from dossiers.lifecycle.transitions import Document
from dossiers.models import Dossier, DossierInspection
from dossiers.turns import claim_next as claim
from inspections.lifecycle import failures
from testing.dossiers import draft_of, eligible_inspection, final_of
from testing.phone import Phone, caller
from tests.contract.refusals import refused
from tests.vessels.handovers.acts import hand_over, reverse, verified
from vessels.models import Vessel

pytestmark = pytest.mark.django_db
claim_next = partial(claim, give_up=lambda _: None)


@pytest.fixture
def owner(owner) -> User:
    owner.email_verified_at = timezone.now()
    owner.save(update_fields=["email_verified_at"])
    return owner


def a_document() -> Document:
    return Document(
        token="t",
        vessel_name="Tern",
        disclaimer_version="1",
        model_versions=["stub-1"],
        photos=[],
        pdf_uri="dossiers/x.pdf",
        pdf_sha256="0" * 64,
        pdf_bytes=1,
    )


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


def test_a_former_owner_opens_no_new_share_and_sends_no_mail(owner):
    seller, buyer = Phone.of(owner), verified()
    final = final_of(owner)
    hand_over(seller, buyer, final.vessel_id)
    for path, body in (("shares", {"expires_in_days": 7}), ("deliveries", {"channel": "email", "to": "a@example.org"})):
        answer = seller.post(f"/dossiers/{final.pk}/{path}", body)
        assert refused(answer, 409, "NOT_ELIGIBLE")["reason"] == "handed_over"
    hand_over(buyer, seller, final.vessel_id)
    assert seller.post(f"/dossiers/{final.pk}/shares", {"expires_in_days": 7}).status_code == 201


def test_a_reversal_ends_the_rendering_of_the_buyer(owner):
    seller, buyer = Phone.of(owner), verified()
    inspection = eligible_inspection(owner)
    handover_id = hand_over(seller, buyer, inspection.vessel_id)
    inspection.refresh_from_db()
    draft = draft_of(buyer.owner, inspection)
    assert buyer.post(f"/dossiers/{draft.pk}/finalise").status_code == 202
    rendered = claim_next(Dossier)
    reverse(seller, buyer, handover_id)
    assert not transitions.finish(rendered, a_document())
    draft.refresh_from_db()
    assert (draft.status, draft.vessel_id) == ("draft", None)
    assert buyer.post(f"/dossiers/{draft.pk}/finalise").status_code == 409


def test_a_draft_of_what_stays_with_the_buyer_can_become_final(owner):
    seller, buyer = Phone.of(owner), verified()
    handover_id = hand_over(seller, buyer, eligible_inspection(owner).vessel_id)
    vessel = Vessel.objects.get(owner=buyer.owner)
    draft = draft_of(buyer.owner, eligible_inspection(buyer.owner, vessel=vessel))
    reverse(seller, buyer, handover_id)
    draft.refresh_from_db()
    assert draft.vessel == Vessel.objects.get(owner=buyer.owner)
    assert buyer.post(f"/dossiers/{draft.pk}/finalise").status_code == 202


def test_a_lost_attempt_supersedes_nothing(owner):
    current = final_of(owner)
    draft = draft_of(owner, DossierInspection.objects.get(dossier=current).inspection)
    Phone.of(owner).post(f"/dossiers/{draft.pk}/finalise")
    lost = claim_next(Dossier)
    Dossier.objects.filter(pk=draft.pk).update(attempts=lost.attempts + 1)
    assert not transitions.finish(lost, a_document())
    current.refresh_from_db()
    assert current.superseded_by is None
