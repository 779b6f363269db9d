"""Test the spoken statement: announced, uploaded, written down, and deleted in time."""

import hashlib
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as declared
from django.utils import timezone

from accounts.identity.documents import STATEMENT_SENDING, give_consent
from accounts.models import Consent
from dossiers.models import Recording
from dossiers.recordings import transcription
from dossiers.recordings.discarding import purge_recording, recordings_to_purge
from dossiers.recordings.transcription import transcribe_next
from dossiers.statement.audio import MAX_BYTES
from dossiers.statement.failures import Refused, Silent, TooLong, Unavailable
from dossiers.vocabulary import MAX_RECORDING_BYTES
from maretech.common.storage import object_store
from maretech.common.work.retention import apply_retention
from testing.dossiers import draft_of
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
VOICE = b"OggS and what was said"


@pytest.fixture(autouse=True)
def _decoder(monkeypatch) -> None:
    """The decoder is tested with its own room."""
    monkeypatch.setattr(transcription, "decode", lambda audio: audio)


def announce(phone, dossier, audio=VOICE, **changes):
    body = {"content_type": "audio/ogg", "byte_size": len(audio), "sha256": hashlib.sha256(audio).hexdigest()}
    return phone.post(f"/dossiers/{dossier.pk}/recording", body | changes)


def report(phone, dossier):
    return phone.post(f"/dossiers/{dossier.pk}/recording/uploaded")


def speak(phone, dossier, audio=VOICE) -> None:
    phone.upload(announce(phone, dossier, audio).json()["upload"], audio)
    assert report(phone, dossier).status_code == 202


def shown(phone, dossier):
    return phone.get(f"/dossiers/{dossier.pk}").json()


def purge_all() -> None:
    for recording_id in recordings_to_purge():
        purge_recording(recording_id)


def stored() -> list[str]:
    return list(object_store().list("dossiers/"))


def test_a_spoken_statement_stands_in_the_draft_for_the_owner_to_edit(phone, owner, engines):
    dossier = draft_of(owner)
    announced = announce(phone, dossier)
    assert (announced.status_code, announced.json()["state"]) == (201, "created")
    phone.upload(announced.json()["upload"], VOICE)
    reported = report(phone, dossier)
    assert (reported.status_code, reported.json()["recording"]["state"]) == (202, "uploaded")
    assert reported["Retry-After"]
    assert transcribe_next()
    body = shown(phone, dossier)
    assert (body["transcript"], body["transcriber"]) == ("Rust below the waterline.", "standin 1")
    assert (body["recording"]["state"], body["statement"], body["reason"]) == ("transcribed", "", None)
    assert engines[False].seen == [VOICE]
    assert not transcribe_next()


def test_an_accepted_transcript_names_the_program_in_the_document(phone, owner, engines):
    dossier = draft_of(owner)
    speak(phone, dossier)
    transcribe_next()
    phone.patch(f"/dossiers/{dossier.pk}", {"statement": shown(phone, dossier)["transcript"]})
    dossier.refresh_from_db()
    assert (dossier.transcriber, dossier.refiner) == ("standin 1", "")
    phone.patch(f"/dossiers/{dossier.pk}", {"statement": ""})
    dossier.refresh_from_db()
    assert dossier.transcriber == ""


@pytest.mark.parametrize("name", ["audio/m4a", "audio/x-m4a", "audio/mp4", "AUDIO/WEBM; codecs=opus", "audio/x-wav"])
def test_a_phone_may_name_the_type_as_it_does(name, phone, owner):
    upload = announce(phone, draft_of(owner), content_type=name).json()["upload"]
    assert upload["headers"]["Content-Type"] in ("audio/mp4", "audio/webm", "audio/wav")


@pytest.mark.parametrize(
    "changes",
    [
        {"content_type": "image/jpeg"},
        {"content_type": "audio/mpeg"},
        {"byte_size": 0},
        {"byte_size": MAX_RECORDING_BYTES + 1},
        {"sha256": "abc"},
    ],
)
def test_what_is_no_recording_is_not_announced(changes, phone, owner):
    refused(announce(phone, draft_of(owner), **changes), 400, "VALIDATION_ERROR")
    assert MAX_RECORDING_BYTES == MAX_BYTES


def test_the_same_bytes_get_a_fresh_link_and_others_take_their_place(phone, owner):
    dossier = draft_of(owner)
    first = announce(phone, dossier).json()
    again = announce(phone, dossier)
    assert (again.status_code, again.json()["recording_id"]) == (200, first["recording_id"])
    other = announce(phone, dossier, b"OggS something else").json()
    assert other["recording_id"] != first["recording_id"]
    assert shown(phone, dossier)["recording"]["recording_id"] == other["recording_id"]


def test_a_replaced_recording_leaves_the_store(phone, owner):
    dossier = draft_of(owner)
    phone.upload(announce(phone, dossier).json()["upload"], VOICE)
    announce(phone, dossier, b"OggS something else")
    assert len(stored()) == 1
    purge_all()
    assert stored() == []


def test_a_recording_that_has_not_arrived_is_not_reported(phone, owner):
    dossier = draft_of(owner)
    refused(report(phone, dossier), 409, "UPLOADS_MISSING")
    announce(phone, dossier)
    refused(report(phone, dossier), 409, "UPLOADS_MISSING")


def test_reporting_again_changes_nothing(phone, owner, engines):
    dossier = draft_of(owner)
    speak(phone, dossier)
    transcribe_next()
    assert report(phone, dossier).json()["recording"]["state"] == "transcribed"
    assert not transcribe_next()


@pytest.mark.parametrize(
    ("failure", "reason"),
    [(Silent(), "silent"), (TooLong(), "too_long")],
)
def test_a_recording_without_words_says_why(failure, reason, phone, owner, engines):
    dossier, engines[False].failure = draft_of(owner), failure
    speak(phone, dossier)
    transcribe_next()
    body = shown(phone, dossier)
    assert (body["reason"], body["recording"]["reason"], body["transcript"]) == (reason, reason, None)
    assert report(phone, dossier).json()["reason"] == reason  # the same bytes would fail again
    assert not transcribe_next()


def test_a_language_that_the_transcriber_does_not_know_is_not_tried(phone, owner, engines):
    dossier = draft_of(owner, language="de")
    speak(phone, dossier)
    transcribe_next()
    assert shown(phone, dossier)["reason"] == "language_unsupported"
    assert engines[False].seen == []


def test_another_language_is_tried_with_the_same_recording(phone, owner, engines):
    dossier = draft_of(owner, language="de")
    speak(phone, dossier)
    transcribe_next()
    phone.patch(f"/dossiers/{dossier.pk}", {"language": "en"})
    report(phone, dossier)
    assert transcribe_next()
    assert shown(phone, dossier)["transcript"]


def test_bytes_that_are_not_the_announced_ones_are_not_transcribed(phone, owner, engines):
    dossier = draft_of(owner)
    speak(phone, dossier)
    object_store().write(Recording.objects.get().uri, VOICE[:-1] + b"!", content_type="audio/ogg")
    transcribe_next()
    assert shown(phone, dossier)["reason"] == "checksum_mismatch"
    speak(phone, dossier)
    transcribe_next()
    assert shown(phone, dossier)["transcript"]


def test_a_recording_that_is_lost_can_be_sent_again(phone, owner, engines):
    dossier = draft_of(owner)
    speak(phone, dossier)
    object_store().delete(stored())
    transcribe_next()
    assert shown(phone, dossier)["reason"] == "missing"
    speak(phone, dossier)
    transcribe_next()
    assert shown(phone, dossier)["transcript"]


def test_an_outage_of_the_transcriber_costs_no_attempt(phone, owner, engines):
    engines[False].failure = Unavailable("503")
    speak(phone, draft_of(owner))
    assert transcribe_next()
    recording = Recording.objects.get()
    assert (recording.state, recording.attempts) == ("uploaded", 0)


def test_a_refusal_of_the_transcriber_is_for_staff(phone, owner, engines):
    dossier, engines[False].failure = draft_of(owner), Refused("401")
    speak(phone, dossier)
    transcribe_next()
    assert shown(phone, dossier)["reason"] == "could_not_be_transcribed"


def test_a_recording_that_kills_its_worker_is_given_up(phone, owner, engines):
    dossier, engines[False].failure = draft_of(owner), RuntimeError("killed")
    speak(phone, dossier)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            transcribe_next()
        Recording.objects.update(due_at=timezone.now())
    assert not transcribe_next()
    assert shown(phone, dossier)["reason"] == "could_not_be_transcribed"


def test_nothing_is_sent_to_another_service_unless_the_owner_agrees(phone, owner, engines):
    speak(phone, draft_of(owner))
    transcribe_next()
    assert engines[True].seen == []
    assert Recording.objects.get().consent_version == ""


def test_a_consent_lets_it_be_sent_and_is_noted_by_its_version(phone, owner, engines):
    give_consent(user=owner, document="statement_sending", version=STATEMENT_SENDING.version)
    speak(phone, draft_of(owner))
    transcribe_next()
    assert engines[False].seen == []
    recording = Recording.objects.get()
    assert (recording.transcriber, recording.consent_version) == ("endpoint 1", STATEMENT_SENDING.version)


def test_a_consent_to_an_earlier_version_does_not_count(phone, owner, engines):
    Consent.objects.create(user=owner, document="statement_sending", version="0")
    speak(phone, draft_of(owner))
    transcribe_next()
    assert engines[True].seen == []


def test_the_text_to_agree_to_is_published(phone):
    body = phone.get("/documents/statement-sending").json()
    assert body["version"] == STATEMENT_SENDING.version
    answer = phone.post("/auth/me/consents", {"document": body["document"], "version": body["version"]})
    assert answer.status_code == 201


def test_the_audio_is_deleted_after_thirty_days_and_the_transcript_stays(phone, owner, engines):
    dossier = draft_of(owner)
    speak(phone, dossier)
    transcribe_next()
    with time_machine.travel(timezone.now() + timedelta(days=declared.RETENTION_RECORDING_DAYS, minutes=-1)):
        apply_retention()
        purge_all()
        assert len(stored()) == 1
    with time_machine.travel(timezone.now() + timedelta(days=declared.RETENTION_RECORDING_DAYS, minutes=1)):
        apply_retention()
        purge_all()
        assert stored() == []
        assert type(phone).of(owner).get(f"/dossiers/{dossier.pk}").json()["transcript"]


def test_a_link_that_writes_after_the_deletion_is_cleaned_up(phone, owner):
    dossier = draft_of(owner)
    target = announce(phone, dossier).json()["upload"]
    announce(phone, dossier, b"OggS something else")
    purge_all()
    phone.upload(target, VOICE)
    with time_machine.travel(timezone.now() + timedelta(seconds=declared.UPLOAD_LINK_SECONDS + 1)):
        purge_all()
        assert stored() == []
        assert recordings_to_purge() == []


def test_an_owner_announces_a_limited_number_a_day(phone, owner, settings):
    settings.RECORDINGS_PER_OWNER = 2
    dossier = draft_of(owner)
    answers = [announce(phone, draft_of(owner)), announce(phone, dossier, b"1"), announce(phone, dossier, b"2")]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert refused(answers[2], 429, "RATE_LIMITED")["reason"] == "TOO_MANY_RECORDINGS"
    phone.delete(f"/dossiers/{dossier.pk}")
    assert announce(phone, draft_of(owner), b"3").status_code == 429


def test_another_recording_meanwhile_gets_its_own_transcript(phone, owner, engines):
    dossier = draft_of(owner)
    speak(phone, dossier)
    engines[False].seen.clear()
    real = engines[False].transcribe

    def replaced_meanwhile(speech, language):
        engines[False].transcribe = real
        speak(phone, dossier, b"OggS something else")
        return "Old words."

    engines[False].transcribe = replaced_meanwhile
    transcribe_next()
    assert shown(phone, dossier)["transcript"] is None
    transcribe_next()
    assert shown(phone, dossier)["transcript"] == "Rust below the waterline."
