"""Test what the database refuses, and that no one can change a final dossier."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from dossiers.lifecycle import transitions
from dossiers.models import Delivery, Dossier, DossierInspection, Recording, Refinement, Share
from dossiers.statement.reasons import RecordingReason
from dossiers.vocabulary import DossierStatus, RecordingFailure
from testing.dossiers import draft_of, eligible_inspection, final_of

pytestmark = pytest.mark.django_db
NOW = timezone.now


def refused_by_database(change) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


CHANGES = {
    "statement": "Other words.",
    "language": "de",
    "paper": "us-letter",
    "mode": "osmosis",
    "token": "another",
    "vessel_name": "Gannet",
    "disclaimer_version": "2",
    "model_versions": ["another"],
    "photos": [{"sha256": "0"}],
    "pdf_uri": "another.pdf",
    "pdf_sha256": "1" * 64,
    "pdf_bytes": 1,
    "transcriber": "another",
    "refiner": "another",
    "status": "draft",
}


@pytest.mark.parametrize("column", [*CHANGES, "dated_at", "final_at", "owner"])
def test_a_final_dossier_never_changes(column, owner, stranger):
    final = final_of(owner, statement="My words.")
    value = CHANGES.get(column, stranger if column == "owner" else NOW())
    refused_by_database(lambda: Dossier.objects.filter(pk=final.pk).update(**{column: value}))


@pytest.mark.parametrize("column", [each for each in CHANGES if each not in ("statement", "pdf_uri")])
def test_a_revoked_dossier_never_changes_but_for_what_it_loses(column, owner):
    final = final_of(owner, statement="My words.")
    transitions.revoke(final, "owner")
    rows = Dossier.objects.filter(pk=final.pk)
    refused_by_database(lambda: rows.update(**{column: CHANGES[column]}))
    refused_by_database(lambda: rows.update(statement="Other words."))
    rows.update(statement="", pdf_uri="")
    refused_by_database(lambda: rows.update(statement="My words."))
    refused_by_database(lambda: rows.update(pdf_uri=final.pdf_uri))


def test_a_dossier_stays_superseded(owner):
    older = final_of(owner)
    newer = draft_of(owner)
    Dossier.objects.filter(pk=older.pk).update(superseded_by=newer)
    refused_by_database(lambda: Dossier.objects.filter(pk=older.pk).update(superseded_by=None))


def test_an_owner_has_one_current_dossier_per_vessel_and_mode(owner):
    older = final_of(owner)
    newer = final_of(owner, superseded_by=older.pk)
    refused_by_database(lambda: Dossier.objects.filter(pk=newer.pk).update(superseded_by=None))
    with pytest.raises(IntegrityError):
        final_of(owner)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "final"},
        {"status": "rendering"},
        {"status": "revoked"},
        {"status": "lost"},
        {"mode": "rust"},
        {"language": "fr"},
        {"paper": "a3"},
        {"failure_reason": "unlucky"},
        {"pdf_uri": "somewhere"},
        {"purged_at": NOW()},
        {"revoked_at": NOW()},
    ],
)
def test_the_database_refuses_a_draft_that_is_none(change, owner):
    draft = draft_of(owner)
    refused_by_database(lambda: Dossier.objects.filter(pk=draft.pk).update(**change))


def test_only_a_draft_is_deleted(owner):
    final = final_of(owner)
    refused_by_database(lambda: Dossier.objects.filter(pk=final.pk).update(deleted_at=NOW()))


def test_a_dossier_shows_an_inspection_once(owner):
    inspection = eligible_inspection(owner)
    draft = draft_of(owner, inspection)
    refused_by_database(lambda: DossierInspection.objects.create(dossier=draft, inspection=inspection, position=2))
    refused_by_database(
        lambda: DossierInspection.objects.create(dossier=draft, inspection=eligible_inspection(owner), position=1)
    )


def recording(dossier: Dossier, **changes) -> Recording:
    fields = {"uri": "dossiers/1", "content_type": "audio/ogg", "byte_size": 1, "sha256": "0" * 64}
    return Recording.objects.create(dossier=dossier, **(fields | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "uploaded"},
        {"state": "transcribed", "uploaded_at": NOW()},
        {"state": "failed", "uploaded_at": NOW()},
        {"state": "failed", "uploaded_at": NOW(), "failure_reason": "unlucky"},
        {"superseded_at": NOW()},
        {"purged_at": NOW()},
        {"byte_size": 0},
    ],
)
def test_the_database_refuses_a_recording_that_contradicts_itself(changes, owner):
    draft = draft_of(owner)
    refused_by_database(lambda: recording(draft, **changes))


def test_a_draft_has_one_current_recording(owner):
    draft = draft_of(owner)
    recording(draft)
    refused_by_database(lambda: recording(draft, uri="dossiers/2"))


@pytest.mark.parametrize(
    "changes", [{"source": ""}, {"state": "done"}, {"text": "x"}, {"state": "failed", "engine": "x"}]
)
def test_the_database_refuses_a_refinement_that_contradicts_itself(changes, owner):
    draft = draft_of(owner)
    refused_by_database(lambda: Refinement.objects.create(**({"dossier": draft, "source": "Words."} | changes)))


def test_the_database_refuses_a_share_without_a_future(owner):
    final, now = final_of(owner), NOW()
    refused_by_database(lambda: Share.objects.create(dossier=final, created_at=now, expires_at=now))


@pytest.mark.parametrize(
    "changes",
    [
        {"email": ""},
        {"share": None},
        {"address": {"name": "A"}},
        {"channel": "post"},
        {"status": "paid"},
        {"status": "in_transit"},
        {"status": "delivered"},
        {"ended_at": NOW()},
        {"failure_reason": "refused"},
    ],
)
def test_the_database_refuses_a_delivery_that_contradicts_itself(changes, owner):
    final = final_of(owner)
    share = Share.objects.create(dossier=final, expires_at=NOW() + timedelta(days=1))
    fields = {"dossier": final, "channel": "email", "email": "a@example.org", "share": share}
    refused_by_database(lambda: Delivery.objects.create(**(fields | changes)))


def test_every_status_has_its_transitions_on_one_screen():
    assert transitions.TRANSITIONS.keys() == set(DossierStatus)
    assert set().union(*transitions.TRANSITIONS.values()) == set(DossierStatus)


@pytest.mark.parametrize("start", list(DossierStatus))
def test_a_transition_that_is_not_in_the_table_is_refused(start, owner):
    dossier = draft_of(owner)
    dossier.status = start
    for to in set(DossierStatus) - transitions.TRANSITIONS[start]:
        with pytest.raises(transitions.TransitionRefused):
            transitions._move(dossier, to)


def test_every_reason_of_a_transcriber_can_be_stored():
    assert set(RecordingReason.values()) <= set(RecordingFailure.values())
