"""Test the objects of dossiers: what no row claims is deleted in time, and what is missing after a restore is found."""

import os
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from dossiers.models import Dossier, Recording
from dossiers.objects.garbage_collection import MAX_UNKNOWN, collect_garbage
from maretech.common.storage import object_store
from testing.dossiers import PDF, draft_of, final_of

pytestmark = pytest.mark.django_db


def write(key: str, *, hours_old: float, settings) -> str:
    object_store().write(key, b"x", content_type="application/pdf")
    at = time.time() - hours_old * 3600
    os.utime(Path(settings.OBJECT_STORE_DIR) / key, (at, at))
    return key


def test_only_old_objects_that_no_row_claims_are_deleted(owner, settings):
    final, draft = final_of(owner), draft_of(owner)
    os.utime(settings.OBJECT_STORE_DIR / final.pdf_uri, (0, 0))
    spoken = write(f"{draft.key_prefix}recording/1", hours_old=100, settings=settings)
    Recording.objects.create(dossier=draft, uri=spoken, content_type="audio/ogg", byte_size=1, sha256="0" * 64)
    of_a_killed_attempt = write(f"{final.key_prefix}pdf/0.pdf", hours_old=25, settings=settings)
    of_a_running_attempt = write(f"{draft.key_prefix}pdf/1.pdf", hours_old=23, settings=settings)
    assert collect_garbage() == [of_a_killed_attempt]
    assert set(object_store().list("dossiers/")) == {final.pdf_uri, spoken, of_a_running_attempt}
    Recording.objects.update(discarded_at=timezone.now())
    assert collect_garbage() == [spoken]


def test_the_store_of_another_database_is_left_alone(owner, settings):
    final = final_of(owner)
    foreign = [write(f"dossiers/x/{n}.pdf", hours_old=50, settings=settings) for n in range(MAX_UNKNOWN + 1)]
    assert collect_garbage() == []
    assert len(list(object_store().list("dossiers/"))) == len(foreign) + 1
    assert final.pdf_uri


def verified() -> list[str]:
    out = StringIO()
    try:
        call_command("verify_data", stdout=out)
    except SystemExit:
        return out.getvalue().splitlines()[:-1]
    return []


def test_a_restore_without_a_fault_has_none(owner):
    final_of(owner)
    assert verified() == []


def test_a_restore_finds_a_missing_and_a_changed_document_and_a_surplus_one(owner):
    final = final_of(owner)
    object_store().write(final.pdf_uri, PDF[:-1] + b"!", content_type="application/pdf")
    object_store().write("dossiers/x/y.pdf", PDF, content_type="application/pdf")
    assert verified() == [f"{final.pdf_uri} holds other bytes", "dossiers/x/y.pdf is accounted for by no row"]
    object_store().delete([final.pdf_uri, "dossiers/x/y.pdf"])
    assert verified() == [f"{final.pdf_uri} is missing"]
    Dossier.objects.filter(pk=final.pk).update(
        status="revoked", revoked_at=timezone.now(), revocation_reason="owner", pdf_uri=""
    )
    assert verified() == []
