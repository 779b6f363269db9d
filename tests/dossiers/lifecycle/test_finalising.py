"""Test the way from a draft to a final dossier: asked by the owner, rendered once by a worker."""

import hashlib
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from dossiers.document.errors import ContentError, RenderingFailed, UndrawableText
from dossiers.lifecycle.rendering import render_next
from dossiers.models import Dossier, Recording, Refinement
from dossiers.verification.answers import verify
from inspections.lifecycle import failures
from inspections.vocabulary import Mode
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectStoreUnavailable
from notifications.models import Notification
from testing.dossiers import draft_of, eligible_inspection, final_of
from testing.factories import VesselFactory
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db


def finalise(phone, dossier):
    return phone.post(f"/dossiers/{dossier.pk}/finalise")


def shown(phone, dossier):
    return phone.get(f"/dossiers/{dossier.pk}").json()


def pdfs() -> list[str]:
    return [key for key in object_store().list("dossiers/") if key.endswith(".pdf")]


def test_a_worker_makes_the_draft_final(phone, owner, renderer, broker, django_capture_on_commit_callbacks):
    dossier = draft_of(owner, statement="Bought in May.")
    with django_capture_on_commit_callbacks(execute=True):
        answer = finalise(phone, dossier)
    assert (answer.status_code, answer.json()["status"]) == (202, "rendering")
    assert answer["Retry-After"]
    assert broker[-1] == ("dossiers.tasks.render_dossier", ())
    assert render_next()
    body = shown(phone, dossier)
    assert (body["status"], body["statement"], body["reason"]) == ("final", "Bought in May.", None)
    link = phone.get(f"/dossiers/{dossier.pk}/pdf").json()
    pdf = phone.download(link["url"])
    assert body["pdf"] == {"sha256": hashlib.sha256(pdf).hexdigest(), "byte_size": len(pdf)}
    assert body["verify_url"].encode() in pdf
    assert verify(body["verify_url"].rpartition("/")[2]).result == "VALID"
    assert not render_next()


def test_the_owner_is_notified_once(phone, owner, renderer):
    finalise(phone, draft_of(owner))
    assert render_next()
    assert list(Notification.objects.filter(kind="dossier_ready").values_list("recipient", flat=True)) == [owner.pk]


def test_asking_again_changes_nothing(phone, owner, renderer):
    dossier = draft_of(owner)
    first = finalise(phone, dossier).json()
    assert finalise(phone, dossier).json() == first
    render_next()
    assert finalise(phone, dossier).json()["status"] == "final"
    assert not render_next()
    assert len(renderer.contents) == 1


def test_a_revoked_dossier_is_not_made_final_again(phone, owner):
    final = final_of(owner)
    phone.delete(f"/dossiers/{final.pk}")
    assert refused(finalise(phone, final), 409, "NOT_ELIGIBLE")["reason"] == "not_a_draft"


def test_what_has_become_too_old_is_not_made_final(phone, owner):
    dossier = draft_of(owner, eligible_inspection(owner, created_at=timezone.now() - timedelta(days=89)))
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        phone = type(phone).of(owner)
        assert refused(finalise(phone, dossier), 409, "NOT_ELIGIBLE")["reasons"] == ["too_old"]


def test_a_draft_whose_inspections_are_gone_is_not_made_final(phone, owner):
    inspection = eligible_inspection(owner)
    dossier = draft_of(owner, inspection)
    failures.delete(inspection)
    assert refused(finalise(phone, dossier), 409, "NOT_ELIGIBLE")["reasons"] == ["no_inspections"]
    assert shown(phone, dossier)["inspection_ids"] == []


def test_an_inspection_that_has_another_owner_now_is_not_shown(phone, owner, stranger):
    inspection = eligible_inspection(owner)
    dossier = draft_of(owner, inspection, eligible_inspection(owner))
    type(inspection).objects.filter(pk=inspection.pk).update(owner=stranger)
    assert refused(finalise(phone, dossier), 409, "NOT_ELIGIBLE")["reasons"] == ["inspection_gone"]


def test_an_owner_has_a_limited_number_made_final_a_day(phone, owner, settings, renderer):
    settings.DOSSIERS_PER_OWNER = 2
    final_of(owner, dated_at=timezone.now() - timedelta(days=2), superseded_by=None)
    vessels = [VesselFactory.create(owner=owner) for _ in range(3)]
    drafts = [draft_of(owner, eligible_inspection(owner, vessel=each)) for each in vessels]
    assert [finalise(phone, draft).status_code for draft in drafts] == [202, 202, 429]
    refusal = finalise(phone, drafts[2])
    assert refused(refusal, 429, "RATE_LIMITED")["reason"] == "TOO_MANY_DOSSIERS"
    assert int(refusal["Retry-After"]) > 80_000


def test_a_newer_dossier_of_the_vessel_and_mode_supersedes_the_older(phone, owner, renderer):
    older = final_of(owner)
    newer = draft_of(owner, eligible_inspection(owner))
    of_the_other_mode = final_of(owner, eligible_inspection(owner, mode=Mode.OSMOSIS))
    finalise(phone, newer)
    render_next()
    older.refresh_from_db()
    of_the_other_mode.refresh_from_db()
    assert (older.superseded_by_id, of_the_other_mode.superseded_by_id) == (newer.pk, None)
    assert verify(older.token).result == "SUPERSEDED"
    assert shown(phone, older)["superseded_by"] == str(newer.pk)


def test_one_that_is_rendered_late_is_superseded_by_the_one_with_a_later_date(phone, owner, renderer):
    slow, quick = draft_of(owner), draft_of(owner)
    finalise(phone, slow)
    finalise(phone, quick)
    Dossier.objects.filter(pk=slow.pk).update(due_at=timezone.now() + timedelta(minutes=3))
    render_next()
    Dossier.objects.filter(pk=slow.pk).update(due_at=timezone.now())
    render_next()
    slow.refresh_from_db()
    quick.refresh_from_db()
    assert (slow.superseded_by_id, quick.superseded_by_id) == (quick.pk, None)


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (UndrawableText(where="statement", characters=("☃",), named="a snowman"), "characters_unsupported"),
        (ContentError("no picture"), "photos_unreadable"),
    ],
)
def test_what_cannot_be_printed_is_a_draft_again_with_a_reason(failure, reason, phone, owner, renderer):
    dossier, renderer.failure = draft_of(owner), failure
    finalise(phone, dossier)
    assert render_next()
    body = shown(phone, dossier)
    assert (body["status"], body["reason"]) == ("draft", reason)
    assert not Notification.objects.filter(kind="dossier_ready").exists()
    renderer.failure = None
    assert finalise(phone, dossier).json()["reason"] is None
    assert render_next()
    assert shown(phone, dossier)["status"] == "final"


def test_a_fault_of_the_renderer_is_tried_three_times_then_given_up(phone, owner, renderer):
    dossier, renderer.failure = draft_of(owner), RenderingFailed("a fault of the template")
    finalise(phone, dossier)
    for _ in range(3):
        with pytest.raises(RenderingFailed):
            render_next()
        assert not render_next()  # not before the lease of this attempt ends
        Dossier.objects.filter(pk=dossier.pk).update(due_at=timezone.now())
    assert not render_next()
    body = shown(phone, dossier)
    assert (body["status"], body["reason"]) == ("draft", "could_not_be_rendered")
    assert len(renderer.contents) == 3


@pytest.mark.django_db(transaction=True)
def test_an_outage_of_the_store_costs_no_attempt(phone, owner, renderer):
    dossier, renderer.failure = draft_of(owner), ObjectStoreUnavailable("down")
    finalise(phone, dossier)
    assert render_next()
    dossier.refresh_from_db()
    assert (dossier.status, dossier.attempts) == ("rendering", 0)


def test_every_attempt_renders_the_same_content(phone, owner, renderer):
    dossier, renderer.failure = draft_of(owner), RenderingFailed("once")
    finalise(phone, dossier)
    with pytest.raises(RenderingFailed):
        render_next()
    renderer.failure = None
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert render_next()
    first, second = renderer.contents
    assert first == second


def test_a_draft_deleted_meanwhile_stays_deleted_and_leaves_no_pdf(phone, owner, renderer):
    dossier = draft_of(owner)
    finalise(phone, dossier)
    renderer.meanwhile = lambda: phone.delete(f"/dossiers/{dossier.pk}")
    assert render_next()
    dossier.refresh_from_db()
    assert (dossier.status, dossier.deleted_at is not None) == ("draft", True)
    assert pdfs() == []
    assert not Notification.objects.filter(kind="dossier_ready").exists()


def test_a_late_attempt_never_finishes_what_a_later_one_has_begun(phone, owner, renderer):
    dossier = draft_of(owner)
    finalise(phone, dossier)

    def lease_ends():
        renderer.meanwhile = lambda: None
        Dossier.objects.filter(pk=dossier.pk).update(due_at=timezone.now())
        assert render_next()

    renderer.meanwhile = lease_ends
    assert render_next()
    dossier.refresh_from_db()
    assert (dossier.status, pdfs()) == ("final", [dossier.pdf_uri])
    assert Notification.objects.filter(kind="dossier_ready").count() == 1


def test_a_final_dossier_needs_neither_recording_nor_proposal(phone, owner, renderer):
    dossier = draft_of(owner, statement="Words.")
    Refinement.objects.create(dossier=dossier, source="Words.")
    Recording.objects.create(
        dossier=dossier, uri="dossiers/x", content_type="audio/ogg", byte_size=1, sha256="0" * 64,
        state="transcribed", uploaded_at=timezone.now(), transcript="Words that I said.", transcriber="standin 1",
    )  # fmt: skip
    finalise(phone, dossier)
    render_next()
    recording = Recording.objects.get()
    assert (recording.transcript, recording.discarded_at is not None) == ("", True)
    assert not Refinement.objects.exists()
    body = shown(phone, dossier)
    assert body["recording"] is body["transcript"] is body["refinement"] is None


def test_one_owner_with_many_dossiers_does_not_keep_another_waiting(phone, owner, strangers_phone, renderer):
    for _ in range(3):
        finalise(phone, draft_of(owner, eligible_inspection(owner, vessel=VesselFactory.create(owner=owner))))
    other = draft_of(strangers_phone.owner)
    finalise(strangers_phone, other)
    render_next()
    render_next()
    other.refresh_from_db()
    assert other.status == "final"


def test_nothing_is_rendered_for_an_owner_who_is_being_erased(phone, owner, renderer):
    finalise(phone, draft_of(owner))
    owner.is_active = False
    owner.save()
    assert not render_next()
