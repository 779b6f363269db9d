"""Test what an export and an erasure do with dossiers, and with an address to which others sent theirs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.privacy.personal_data import _cascading_rows
from accounts.privacy.register import DataSubject
from dossiers.models import Delivery, Dossier, DossierInspection, Recording, Refinement, Share
from dossiers.privacy.personal_data import PERSONAL_DATA
from dossiers.verification.answers import verify
from maretech.common.storage import object_store
from testing.dossiers import PDF, draft_of, final_of
from tests.accounts.privacy.full_account import erase
from tests.accounts.privacy.test_export import exported, json_in

pytestmark = pytest.mark.django_db
TABLES = (Dossier, DossierInspection, Recording, Refinement, Share, Delivery)


def use_everything(owner) -> Dossier:
    """Create a final dossier that was shared and sent, one that it supersedes, and a draft that was spoken."""
    older = final_of(owner)
    final = final_of(owner, superseded_by=older.pk, statement="My words.")
    Dossier.objects.filter(pk=older.pk).update(superseded_by=final)
    Dossier.objects.filter(pk=older.pk).update(status="revoked", revoked_at=timezone.now(), revocation_reason="owner")
    share = Share.objects.create(dossier=final, expires_at=timezone.now() + timedelta(days=1))
    Delivery.objects.create(dossier=final, channel="email", email="surveyor@example.net", share=share)
    draft = draft_of(owner, statement="Draft words.")
    uri = f"{draft.key_prefix}recording/1"
    object_store().write(uri, b"voice", content_type="audio/ogg")
    Recording.objects.create(
        dossier=draft, uri=uri, content_type="audio/ogg", byte_size=5, sha256="0" * 64,
        state="transcribed", uploaded_at=timezone.now(), transcript="Spoken words.", transcriber="a",
    )  # fmt: skip
    Refinement.objects.create(dossier=draft, source="Draft words.")
    return final


def test_an_erasure_leaves_no_dossier_and_no_object_and_spares_others(phone, owner, stranger):
    kept = final_of(stranger)
    token = use_everything(owner).token
    receipt = erase(phone)
    assert receipt.done_at is not None
    assert receipt.counts["dossiers"] == {"dossiers": 3, "recordings": 1, "shares": 1, "deliveries": 1, "objects": 3}
    assert [table.objects.count() for table in TABLES] == [1, 1, 0, 0, 0, 0]
    assert list(object_store().list("dossiers/")) == [kept.pdf_uri]
    assert verify(token).result == "REVOKED"


def test_an_erasure_that_was_killed_finds_the_objects_again(owner):
    use_everything(owner)
    Dossier.objects.filter(owner=owner).delete()
    PERSONAL_DATA.erase(DataSubject(owner.pk, owner.email))
    assert list(object_store().list("dossiers/")) == []


def test_deleting_the_rows_of_an_account_takes_dossiers_that_supersede_one_another(owner):
    use_everything(owner)
    (rows,) = (rows for model, rows in _cascading_rows(DataSubject(owner.pk, owner.email)) if model is Dossier)
    rows.delete()
    assert not Dossier.objects.exists()


def test_an_address_to_which_others_sent_theirs_is_erased_there_too(phone, owner, stranger):
    final = final_of(stranger)
    for number in range(2):
        share = Share.objects.create(dossier=final, expires_at=timezone.now() + timedelta(days=1))
        Delivery.objects.create(dossier=final, channel="email", email=owner.email, share=share, attempts=number)
    Delivery.objects.filter(attempts=1).update(status="submitted")
    erase(phone)
    assert not Delivery.objects.filter(email=owner.email).exists()
    assert set(Delivery.objects.values_list("status", flat=True)) == {"failed", "submitted"}


def test_the_export_has_every_word_and_file_of_ones_own_dossiers(phone, owner, stranger):
    final_of(stranger)
    final = use_everything(owner)
    archive = exported(phone)
    rows = json_in(archive, "dossiers/dossiers.json")
    assert [row["status"] for row in rows] == ["revoked", "final", "draft"]
    assert [row["statement"] for row in rows] == ["", "My words.", "Draft words."]
    assert archive.read(rows[1]["pdf"]) == PDF
    assert rows[1]["deliveries"][0]["email"] == "surveyor@example.net"
    assert rows[1]["shares"][0]["views"] == 0
    assert rows[2]["recordings"][0]["transcript"] == "Spoken words."
    assert archive.read(rows[2]["recordings"][0]["file"]) == b"voice"
    assert rows[2]["refinement"]["source"] == "Draft words."
    assert final.pdf_sha256 == rows[1]["pdf_sha256"]


def test_an_owner_without_dossiers_exports_none(phone):
    assert not [name for name in exported(phone).namelist() if "dossier" in name]
