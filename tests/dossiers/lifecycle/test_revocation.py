"""Test the end of a final dossier: its code says so, its PDF and words go, its shares end."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from dossiers.lifecycle.purging import dossiers_to_purge, purge
from dossiers.lifecycle.rendering import render_next
from dossiers.models import Dossier
from dossiers.verification.answers import verify
from inspections.lifecycle import failures
from maretech.common.storage import object_store
from notifications.models import Delivery
from testing.dossiers import draft_of, eligible_inspection, final_of
from testing.factories import UserFactory
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db


def purge_all() -> None:
    for dossier_id in dossiers_to_purge():
        purge(dossier_id)


def test_deleting_a_final_dossier_revokes_it(phone, owner):
    final = final_of(owner, statement="My words.")
    share = phone.post(f"/dossiers/{final.pk}/shares", {"expires_in_days": 7}).json()
    path = share["url"].partition("8000")[2]
    assert phone.client.get(path).status_code == 200
    assert phone.delete(f"/dossiers/{final.pk}").status_code == 204
    body = phone.get(f"/dossiers/{final.pk}").json()
    assert (body["status"], body["statement"]) == ("revoked", "")
    assert body["revoked_at"]
    assert verify(final.token).result == "REVOKED"
    assert phone.client.get(path).status_code == 404
    refused(phone.get(f"/dossiers/{final.pk}/pdf"), 409, "NOT_ELIGIBLE")
    purge_all()
    assert list(object_store().list("dossiers/")) == []
    assert dossiers_to_purge() == []


def test_deleting_one_of_its_inspections_revokes_a_final_dossier(owner):
    inspections = eligible_inspection(owner), eligible_inspection(owner)
    final = final_of(owner, *inspections, statement="My words.")
    failures.delete(inspections[1])
    final.refresh_from_db()
    assert (final.status, final.revocation_reason, final.statement) == ("revoked", "inspection_deleted", "My words.")


def test_the_owner_can_still_remove_the_words_of_a_revoked_dossier(phone, owner):
    inspection = eligible_inspection(owner)
    final = final_of(owner, inspection, statement="My words.")
    failures.delete(inspection)
    assert phone.delete(f"/dossiers/{final.pk}").status_code == 204
    assert phone.get(f"/dossiers/{final.pk}").json()["statement"] == ""


def test_deleting_an_inspection_makes_what_is_rendered_a_draft_without_it(phone, owner, renderer):
    kept, deleted = eligible_inspection(owner), eligible_inspection(owner)
    dossier = draft_of(owner, kept, deleted)
    phone.post(f"/dossiers/{dossier.pk}/finalise")
    failures.delete(deleted)
    body = phone.get(f"/dossiers/{dossier.pk}").json()
    assert (body["status"], body["reason"]) == ("draft", "inspection_deleted")
    assert body["inspection_ids"] == [str(kept.pk)]


def test_a_dossier_of_an_earlier_owner_outlives_the_inspection(owner):
    inspection = eligible_inspection(owner)
    final = final_of(owner, inspection)
    inspection.owner = UserFactory.create()
    inspection.save()
    failures.delete(inspection)
    final.refresh_from_db()
    assert final.status == "final"


def test_a_revoked_dossier_is_not_announced_any_more(phone, owner, renderer):
    dossier = draft_of(owner)
    phone.post(f"/dossiers/{dossier.pk}/finalise")
    render_next()
    phone.delete(f"/dossiers/{dossier.pk}")
    assert set(Delivery.objects.values_list("state", "reason")) == {("skipped", "withdrawn")}


def test_a_deleted_draft_leaves_no_object_and_later_no_row(owner, phone):
    dossier = draft_of(owner)
    object_store().write(f"{dossier.key_prefix}recording/1", b"voice", content_type="audio/ogg")
    phone.delete(f"/dossiers/{dossier.pk}")
    purge_all()
    assert list(object_store().list("dossiers/")) == []
    assert dossiers_to_purge() == []
    object_store().write(f"{dossier.key_prefix}recording/1", b"voice", content_type="audio/ogg")
    with time_machine.travel(timezone.now() + timedelta(seconds=settings.UPLOAD_LINK_SECONDS + 1)):
        purge_all()
    assert list(object_store().list("dossiers/")) == []
    assert not Dossier.objects.exists()


def test_only_what_is_deleted_or_revoked_is_purged(owner):
    final, draft = final_of(owner), draft_of(owner)
    purge(final.pk)
    purge(draft.pk)
    assert list(object_store().list("dossiers/")) == [final.pdf_uri]
    assert Dossier.objects.count() == 2
