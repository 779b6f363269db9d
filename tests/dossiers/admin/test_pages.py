"""Test the staff pages of dossiers: links to and from owner and vessel, and the one action."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import StaffAction
from dossiers.models import Delivery, Recording, Refinement, Share
from dossiers.verification.answers import verify
from testing.dossiers import draft_of, eligible_inspection, final_of
from testing.factories import UserFactory

pytestmark = pytest.mark.django_db


def page(client, row) -> str:
    answer = client.get(f"/admin/dossiers/{row._meta.model_name}/{row.pk}/change/")
    assert answer.status_code == 200
    return answer.content.decode()


def parts_of(owner) -> list:
    inspection = eligible_inspection(owner)
    final, draft = final_of(owner, inspection), draft_of(owner, inspection)
    share = Share.objects.create(dossier=final, expires_at=timezone.now() + timedelta(days=1))
    return [
        final,
        draft,
        draft.entries.get(),
        share,
        Delivery.objects.create(dossier=final, channel="email", email="a@example.net", share=share),
        Recording.objects.create(
            dossier=draft, uri=draft.key_prefix, content_type="audio/ogg", byte_size=1, sha256="0" * 64
        ),
        Refinement.objects.create(dossier=draft, source="Words."),
    ]


def test_every_row_has_a_page_that_links_to_its_dossier_and_owner(desk, owner):
    for row in parts_of(owner):
        text = page(desk, row)
        assert f"/admin/accounts/user/{owner.pk}/change/" in text or row._meta.model_name == "dossierinspection"
        if hasattr(row, "dossier"):
            assert f"/admin/dossiers/dossier/{row.dossier.pk}/change/" in text


def test_every_link_of_a_dossier_leads_to_its_parts_alone(desk, owner):
    parts_of(UserFactory.create())
    final, *_ = parts_of(owner)
    links = re.findall(r'href="(/admin/dossiers/[^"]*\?dossier__id__exact=[^"]*)"', page(desk, final))
    assert len(links) == 4
    for link in links:
        answer = desk.get(link)
        assert "e=1" not in answer.request["QUERY_STRING"]
        assert {row.dossier_id for row in answer.context["cl"].queryset} <= {final.pk}


def test_owner_and_vessel_link_to_their_dossiers(desk, owner, stranger):
    final_of(stranger)
    final = final_of(owner)
    for address in (
        f"/admin/accounts/user/{owner.pk}/change/",
        f"/admin/vessels/vessel/{final.vessel_id}/change/",
    ):
        (link,) = re.findall(r'href="(/admin/dossiers/dossier/\?[^"]*)"', desk.get(address).content.decode())
        assert [row.pk for row in desk.get(link).context["cl"].queryset] == [final.pk]


def test_staff_revoke_a_document_for_a_reason(desk, staff, owner):
    final = final_of(owner)
    address = f"/admin/dossiers/dossier/{final.pk}/act/revoke/"
    assert desk.post(address, {"reason": " "}).status_code == 200
    assert verify(final.token).result == "VALID"
    desk.post(address, {"reason": "It shows another boat."})
    final.refresh_from_db()
    assert (final.status, final.revocation_reason) == ("revoked", "staff")
    assert verify(final.token).result == "REVOKED"
    act = StaffAction.objects.get()
    assert (act.staff, act.action, act.reason) == (staff, "revoke_dossier", "It shows another boat.")


def test_a_draft_cannot_be_revoked(desk, owner):
    draft = draft_of(owner)
    desk.post(f"/admin/dossiers/dossier/{draft.pk}/act/revoke/", {"reason": "why not"})
    draft.refresh_from_db()
    assert draft.status == "draft"
    assert not StaffAction.objects.exists()


def test_an_onlooker_may_not_revoke(onlooker, owner):
    final = final_of(owner)
    answer = onlooker.post(f"/admin/dossiers/dossier/{final.pk}/act/revoke/", {"reason": "because"})
    assert answer.status_code == 403
    final.refresh_from_db()
    assert final.status == "final"


def test_the_spoken_and_proposed_words_are_not_on_the_pages(desk, owner):
    """Staff see why there is no text; the text itself is on the page of the draft once the owner accepts it."""
    *_, recording, _ = parts_of(owner)
    Recording.objects.filter(pk=recording.pk).update(
        state="transcribed", uploaded_at=timezone.now(), transcript="Private words.", transcriber="a"
    )
    assert "Private words." not in page(desk, recording)
