"""Test that a statement holds only characters that the document can print, typed or transcribed."""

import pytest

from dossiers.document.fonts import undrawable
from dossiers.drafts.refining import refine_next
from dossiers.models import Dossier
from dossiers.recordings import transcription
from dossiers.recordings.transcription import transcribe_next
from testing.dossiers import draft_of, eligible_inspection
from tests.contract.refusals import refused
from tests.dossiers.recordings.test_recordings import shown, speak

pytestmark = pytest.mark.django_db
DRAWN = {
    "greek": "Σκουριά κάτω από την ίσαλο.",
    "cyrillic": "Ржавчина ниже ватерлинии.",
    "arabic": "صدأ تحت خط الماء.",
    "hebrew": "חלודה מתחת לקו המים.",
    "chinese": "水线以下有锈。",
    "emoji": "Rust ⚓ here 👍🏽, family 👨‍👩‍👧, flag 🇳🇱.",
    "composed": "Bu\u0308gel",
}
NOT_DRAWN = {
    "hieroglyph": ("Rust \U00013000 here", "U+13000 (egyptian hieroglyph a001)"),
    "cuneiform": ("Rust \U00012000 here", "U+12000 (cuneiform sign a)"),
    "rune": ("Rust ᚠ here", "U+16A0 (runic letter fehu feoh fe f)"),
    "private": ("Rust \ue000 here", "U+E000 (without a name)"),
}


@pytest.mark.parametrize("statement", DRAWN.values(), ids=list(DRAWN))
def test_a_statement_in_a_drawn_script_is_written(phone, owner, statement):
    answer = phone.patch(f"/dossiers/{draft_of(owner).pk}", {"statement": statement})
    assert answer.status_code == 200
    assert undrawable(answer.json()["statement"]) == ()


@pytest.mark.parametrize(("statement", "name"), NOT_DRAWN.values(), ids=list(NOT_DRAWN))
def test_a_statement_that_cannot_be_printed_is_refused_by_its_characters(phone, owner, statement, name):
    dossier = draft_of(owner, statement="Rust.")
    body = refused(phone.patch(f"/dossiers/{dossier.pk}", {"statement": statement}), 400, "VALIDATION_ERROR")
    assert body["fields"] == {"statement": [f"The document cannot print {name}."]}
    dossier.refresh_from_db()
    assert dossier.statement == "Rust."


def test_a_draft_is_not_opened_with_such_a_statement(phone, owner):
    body = {"inspection_ids": [str(eligible_inspection(owner).pk)], "statement": NOT_DRAWN["rune"][0]}
    assert refused(phone.post("/dossiers", body), 400, "VALIDATION_ERROR")["fields"].keys() == {"statement"}
    assert not Dossier.objects.exists()


def test_the_first_five_of_many_characters_are_named(phone, owner):
    runes = "".join(map(chr, range(0x16A0, 0x16A8)))
    body = phone.patch(f"/dossiers/{draft_of(owner).pk}", {"statement": runes}).json()
    [text] = body["fields"]["statement"]
    assert (text.count("U+16A"), text.endswith(", ….")) == (5, True)


def test_a_transcript_leaves_them_out(phone, owner, engines, monkeypatch):
    monkeypatch.setattr(transcription, "decode", lambda audio: audio)
    engines[False].text, dossier = "ᚠ Rust below \ue000the waterline.", draft_of(owner)
    speak(phone, dossier)
    transcribe_next()
    transcript = shown(phone, dossier)["transcript"]
    assert transcript == "Rust below the waterline."
    assert phone.patch(f"/dossiers/{dossier.pk}", {"statement": transcript}).status_code == 200


def test_a_transcript_of_nothing_else_counts_as_no_speech(phone, owner, engines, monkeypatch):
    monkeypatch.setattr(transcription, "decode", lambda audio: audio)
    engines[False].text, dossier = "ᚠ", draft_of(owner)
    speak(phone, dossier)
    transcribe_next()
    assert (shown(phone, dossier)["transcript"], shown(phone, dossier)["reason"]) == (None, "no_speech")


def test_a_wording_that_adds_them_is_not_proposed(phone, owner, engines):
    engines[False].text, dossier = "Rust ᚠ", draft_of(owner, statement="Rust")
    phone.send(f"/dossiers/{dossier.pk}/statement/refine")
    assert refine_next()
    assert shown(phone, dossier)["refinement"]["state"] == "failed"
