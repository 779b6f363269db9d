"""Test dossiers of vessels that are renamed, deleted or handed over."""

import pytest

from dossiers.lifecycle.vessel_links import blocks_handover, end_shares
from dossiers.models import Dossier, Share
from inspections.lifecycle import failures
from testing.dossiers import draft_of, eligible_inspection, final_of
from testing.phone import caller

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
    assert blocks_handover(draft.vessel) is None
    phone.post(f"/dossiers/{draft.pk}/finalise")
    assert blocks_handover(draft.vessel) == "dossier_rendering"


def test_the_shares_of_an_owner_end_with_a_handover_and_the_dossiers_stay(phone, owner, stranger):
    final = final_of(owner)
    share = phone.post(f"/dossiers/{final.pk}/shares", {"expires_in_days": 7}).json()
    end_shares(final.vessel, stranger.pk)
    assert Share.objects.filter(revoked_at=None).exists()
    end_shares(final.vessel, owner.pk)
    assert caller().get(share["url"].partition("8000")[2]).status_code == 404
    assert Dossier.objects.get().status == "final"
