"""Test what a dossier prints: visits in their order, photos with their hashes, and no word of the other mode."""

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.identity.documents import DISCLAIMER, give_consent
from accounts.models import Consent
from corrosion.comparison.compute import compute
from corrosion.models import Comparison
from dossiers.content.gathering import facts_of, illustrated, photo_hashes
from dossiers.document.content import StatementOrigin
from dossiers.document.fonts import undrawable
from dossiers.document.validation import owner_texts
from dossiers.lifecycle import transitions
from dossiers.lifecycle.rendering import render_next
from dossiers.models import Dossier
from inspections.models import CaptureSlot, Inspection, MediaAsset
from maretech.common.storage import object_store
from maretech.common.text import composed
from testing.dossiers import draft_of
from testing.phone import jpeg, work

pytestmark = pytest.mark.django_db
CONTEXT = {"hull_material": "steel", "surface": "dry", "antifouling": "removed", "region_text": "port side"}


def dated(owner, *ids: str, **changes) -> Dossier:
    dossier = draft_of(owner, *(Inspection.objects.get(pk=each) for each in ids), **changes)
    transitions.start_rendering(dossier, vessel_id=dossier.vessel_id, turn=0)
    return dossier


def visit(phone, mode="corrosion", **details) -> str:
    return phone.complete(mode, vessel_label="Tern", capture_context=CONTEXT, **details)


def test_a_visit_is_printed_as_its_result_and_its_photos_are(phone, owner):
    inspection_id = visit(phone, label="Spring")
    phone.patch(f"/vessels/{phone.get('/vessels').json()['results'][0]['vessel_id']}", {"length_m": 9.5})
    content, keys = facts_of(dated(owner, inspection_id))
    result = Inspection.objects.get().result
    (shown,) = content.visits
    assert (shown.label, shown.explanation, shown.model_version) == ("Spring", result.explanation, result.model_version)
    assert (content.vessel.name, content.vessel.length_m, content.time_zone) == ("Tern", 9.5, "UTC")
    assert shown.context.region_text == "port side"
    (point,) = shown.points
    assert [photo.angle for photo in point.photos] == ["wide", "mid", "close"]
    assert point.band == result.corrosion["points"][0]["coverage_band"]
    assert point.confidence_level == result.signals[0]["confidence"]
    assert [photo.sha256 for photo in point.photos] == [hashlib.sha256(jpeg(seed)).hexdigest() for seed in range(3)]
    assert all(photo.used and photo.received_at for photo in point.photos)
    assert len(keys.views) == 3
    assert len(keys.overlays) == 1


def test_the_pictures_are_the_display_copies_and_never_the_originals(phone, owner):
    content, keys = facts_of(dated(owner, visit(phone)))
    pictures = [photo.pictures for point in illustrated(content, keys).visits[0].points for photo in point.photos]
    stored = {object_store().read(asset.view_uri, max_bytes=10**8) for asset in MediaAsset.objects.all()}
    assert {each.view for each in pictures} == stored
    assert not stored & {jpeg(seed) for seed in range(3)}
    assert sum(each.overlay is not None for each in pictures) == 1


def test_a_photo_whose_copy_is_lost_is_listed_without_a_picture(phone, owner):
    dossier = dated(owner, visit(phone))
    object_store().delete([MediaAsset.objects.get(angle="mid").view_uri])
    content, keys = facts_of(dossier)
    photos = illustrated(content, keys).visits[0].points[0].photos
    assert [photo.pictures is None for photo in photos] == [False, True, False]


def test_a_rejected_photo_is_listed_with_its_reasons(phone, owner):
    opened = phone.open(vessel_label="Tern")
    contents = [jpeg(1), jpeg(2), b"no picture"]
    for target, content in zip(opened["uploads"], contents, strict=True):
        phone.upload(target, content)
    phone.send(f"/inspections/{opened['inspection_id']}/submit")
    work(opened["inspection_id"])
    content, _ = facts_of(dated(owner, opened["inspection_id"]))
    used = {photo.angle: photo.used for photo in content.visits[0].points[0].photos}
    reasons = {photo.angle: photo.reasons for photo in content.visits[0].points[0].photos}
    assert used == {"wide": True, "mid": True, "close": False}
    assert reasons["close"] == ("not_an_image",)


def test_the_visits_stand_in_the_owners_order_and_every_photo_is_sealed(phone, owner, renderer):
    phone.subscribe()
    first, second = visit(phone), visit(phone, seed=5)
    dossier = dated(owner, second, first)
    assert render_next()
    dossier.refresh_from_db()
    (content,) = renderer.contents
    assert [str(each.inspection_id) for each in content.visits] == [second, first]
    assert dossier.photos == photo_hashes(content.visits)
    assert len(dossier.photos) == 6
    assert {photo["inspection_id"] for photo in dossier.photos} == {first, second}


def test_a_subscribers_dossier_has_the_timeline_with_the_changes_to_its_visits(phone, owner):
    phone.subscribe()
    first, second = visit(phone), visit(phone)
    phone.get("/corrosion/timeline?vessel_label=Tern")
    for comparison in Comparison.objects.all():
        compute(comparison.pk)
    phone.send("/corrosion/maintenance", {"vessel_label": "Tern", "kind": "anodes", "performed_on": "2020-04-01"})
    content, _ = facts_of(dated(owner, first, second))
    assert content.timeline is not None
    assert content.timeline.svg.startswith("<svg")
    assert [work.kind for work in content.timeline.works] == ["anodes"]
    (change,) = content.timeline.changes
    assert change.trend == "stable"
    of_first_alone, _ = facts_of(dated(owner, first))
    assert of_first_alone.timeline is not None
    assert of_first_alone.timeline.changes == ()


def test_without_a_subscription_there_is_no_timeline(phone, owner):
    content, _ = facts_of(dated(owner, visit(phone)))
    assert content.timeline is None


def test_an_osmosis_dossier_has_its_clock_and_no_timeline(phone, owner):
    phone.subscribe()
    hauled_out_at = (timezone.now() - timedelta(hours=1)).isoformat()
    inspection_id = phone.complete("osmosis", vessel_label="Tern", capture_context={"hauled_out_at": hauled_out_at})
    content, _ = facts_of(dated(owner, inspection_id))
    (shown,) = content.visits
    assert content.timeline is None
    assert shown.context.hours_ashore is not None
    assert shown.context.hauled_out_at is not None
    assert shown.points[0].band in ("none", "few", "several", "many")
    assert "corrosion" not in repr(content).casefold()
    assert "rust" not in repr(content).casefold()


def test_a_corrosion_dossier_has_no_word_of_osmosis(phone, owner):
    content, _ = facts_of(dated(owner, visit(phone)))
    assert "osmosis" not in repr(content).casefold()
    assert "blister" not in repr(content).casefold()


def test_the_disclaimer_is_the_version_that_the_owner_accepted(phone, owner):
    inspection_id = visit(phone)
    content, _ = facts_of(dated(owner, inspection_id))
    assert (content.disclaimer.version, content.disclaimer.accepted_at) == (DISCLAIMER.version, None)
    Consent.objects.create(user=owner, document="disclaimer", version="0")  # never published
    consent = give_consent(user=owner, document="disclaimer", version=DISCLAIMER.version)
    content, _ = facts_of(dated(owner, inspection_id))
    assert (content.disclaimer.text, content.disclaimer.accepted_at) == (DISCLAIMER.text, consent.given_at)


@pytest.mark.parametrize(
    ("changes", "origin"),
    [
        ({}, StatementOrigin.TYPED),
        ({"transcriber": "a"}, StatementOrigin.TRANSCRIBED),
        ({"refiner": "b"}, StatementOrigin.REFINED),
        ({"transcriber": "a", "refiner": "b"}, StatementOrigin.REFINED),
    ],
)
def test_the_statement_says_how_it_came_about(changes, origin, phone, owner):
    content, _ = facts_of(dated(owner, visit(phone), statement="Words.", **changes))
    assert content.statement is not None
    assert (content.statement.text, content.statement.origin) == ("Words.", origin)


def test_no_statement_is_none(phone, owner):
    content, _ = facts_of(dated(owner, visit(phone)))
    assert content.statement is None


def test_the_same_rows_give_the_same_content(phone, owner):
    dossier = dated(owner, visit(phone), statement="Words.")
    assert facts_of(dossier)[0] == facts_of(Dossier.objects.get(pk=dossier.pk))[0]


RUNE, HIEROGLYPH, PRIVATE, UNKNOWN = "\u16a0", "\U00013000", "\ue000", "\ufffd"


def visit_with_runes(phone) -> str:
    region = CONTEXT | {"region_text": f"port {PRIVATE} side"}
    opened = phone.open(vessel_label=f"Tern {RUNE}", label=f"{HIEROGLYPH}Spring", capture_context=region)
    CaptureSlot.objects.filter(inspection=opened["inspection_id"]).update(label=f"Bow {RUNE}")
    phone.shoot(opened["uploads"])
    phone.send(f"/inspections/{opened['inspection_id']}/complete")
    work(opened["inspection_id"])
    return opened["inspection_id"]


def test_names_and_labels_are_printed_without_what_no_font_draws(phone, owner):
    phone.subscribe()
    ids = [visit_with_runes(phone) for _ in range(2)]
    note = {"kind": "anodes", "performed_on": "2020-04-01", "note": f"Zinc{RUNE}{RUNE}."}
    phone.send("/corrosion/maintenance", {"vessel_label": f"Tern {RUNE}", **note})
    dossier = dated(owner, *ids, statement=f"Rust {RUNE}.")
    content, _ = facts_of(dossier)
    assert content.vessel.name == f"Tern {UNKNOWN}"
    assert {visit.label for visit in content.visits} == {f"{UNKNOWN}Spring"}
    assert {visit.context.region_text for visit in content.visits} == {f"port {UNKNOWN} side"}
    assert {point.label for visit in content.visits for point in visit.points} == {f"Bow {UNKNOWN}"}
    assert content.timeline is not None
    assert [work.note for work in content.timeline.works] == [f"Zinc{UNKNOWN}{UNKNOWN}."]
    assert f"Bow {UNKNOWN}" in content.timeline.svg
    assert [where for where, text in owner_texts(content) if undrawable(text)] == ["statement"]
    assert content.statement is not None
    assert content.statement.text == f"Rust {RUNE}."
    assert facts_of(dossier)[0] == content


def test_what_a_font_draws_is_printed_as_it_is(phone, owner):
    name, label = "海王号 ⛵ “Tern” 👨‍👩‍👧", "سفينة Bu\u0308gel"
    content, _ = facts_of(dated(owner, phone.complete("osmosis", vessel_label=name, label=label)))
    assert (content.vessel.name, content.visits[0].label) == (name, composed(label))
