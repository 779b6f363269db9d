"""Test that neither product mentions the other, and that neither ever diagnoses."""

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from inspections.models import MediaAsset
from inspections.modes.base import PointResult, RejectedPhoto
from inspections.modes.corrosion import capture_policy as corrosion_capture
from inspections.modes.corrosion import vocabulary as corrosion
from inspections.modes.corrosion import wording as corrosion_wording
from inspections.modes.osmosis import capture_policy as osmosis_capture
from inspections.modes.osmosis import vocabulary as osmosis
from inspections.modes.osmosis import wording as osmosis_wording
from testing.factories import InspectionFactory, deliver_result
from testing.openapi.operations import component, schema
from tests.inspections.modes.point_results import EXTENTS, FORMATS, assess, point_result, unusable_point

WORDING = {"corrosion": corrosion_wording, "osmosis": osmosis_wording}
# The words of each product, which the other never uses.
WORDS = {
    "corrosion": r"corro\w*|rust\w*|metal\w*|plat(?:e|es|ing)\b|steel\w*|alumin\w*|pitt(?:ing|ed)|coverage_band",
    "osmosis": r"osmo\w*|blister\w*|gel-?coat\w*|fib(?:re|er)glass\w*|laminat\w*|grp\b|moisture\w*|density_band|relief",
}
OTHER = {"corrosion": "osmosis", "osmosis": "corrosion"}
HULLS = ("grp", "steel", "aluminium", "other", "")
DIAGNOSIS = re.compile(
    r"\b(has|have|had|suffers?|is|are)\s+(signs? of\s+)?(corro|osmo|rust|blister|damage)\w*"
    r"|diagnos|seaworth|structur|\bvalue|\bworth|\bsafe|\bunsafe|\bdanger|\bdefect|\bdamage|\bcondition\b"
    r"|\bhealthy|\bsound\b|\brepair|\bprobab|\bpercent|%|\bscore|\blikel|\bcertain|\bconfirm",
    re.IGNORECASE,
)
MEASURED = re.compile(r"thickness|moisture|depth", re.IGNORECASE)


def says(mode: str, text: str) -> list[str]:
    """Return the words of `mode` that the text contains."""
    return re.findall(rf"(?<![a-z])(?:{WORDS[mode]})", text, re.IGNORECASE)


def every_explanation(mode: str) -> Iterator[str]:
    """Return the explanation of every finding, hull, doubt and left-out photo."""
    for worst, other, hull in itertools.product(
        every_point(mode, 1), [unusable_point(2, "blurred", "news"), *every_point(mode, 2)], HULLS
    ):
        yield assess(mode, worst, other, context={"hull_material": hull}).explanation
    lifted_out_at = datetime(2026, 5, 1, 10, tzinfo=UTC)
    for point, hours in itertools.product(every_point(mode, 1), (-1, 0.5, 1.5, 9, 90)):
        taken = replace(point, taken_at=(lifted_out_at + timedelta(hours=hours),))
        yield assess(mode, taken, context={"hauled_out_at": lifted_out_at.isoformat()}).explanation
    yield assess(mode, unusable_point(1), unusable_point(2, *WORDING[mode].REASONS)).explanation


def every_point(mode: str, index: int) -> Iterator[PointResult]:
    rejected_photos = tuple(
        RejectedPhoto(angle="mid", reasons=(reason,), formats=FORMATS) for reason in WORDING[mode].REASONS
    )[:2]
    for level, extent in itertools.product(("low", "medium", "high"), EXTENTS[mode].values()):
        yield point_result(index, "yes", level, extent=extent, label="port bow")
    yield point_result(index, "no", "medium", rejected_photos=rejected_photos)
    yield point_result(index, "no", "low", rejected_photos=rejected_photos[:1])
    yield from (
        point_result(index, "inconclusive", "low", reasons=(reason,))
        for reason in ("unsure", *WORDING[mode].INCONCLUSIVE_REASONS)
    )


@pytest.mark.parametrize("mode", WORDING)
def test_no_sentence_has_a_word_of_the_other_mode(mode: str):
    sentences = list(WORDING[mode].every_sentence())
    assert len(sentences) >= 10
    for sentence in sentences:
        assert not says(OTHER[mode], sentence), sentence


@pytest.mark.parametrize("mode", WORDING)
def test_no_explanation_has_a_word_of_the_other_mode(mode: str):
    explanations = set(every_explanation(mode))
    assert len(explanations) >= 20
    for explanation in explanations:
        assert not says(OTHER[mode], explanation), explanation


@pytest.mark.parametrize("mode", WORDING)
def test_the_word_list_matches_the_sentences_of_its_own_mode(mode: str):
    """The control of the two tests above."""
    assert says(mode, " ".join(WORDING[mode].every_sentence()))


def test_the_two_modes_share_no_sentence():
    assert not set(corrosion_wording.every_sentence()) & set(osmosis_wording.every_sentence())


@pytest.mark.parametrize("mode", WORDING)
def test_every_explanation_consists_of_declared_sentences(mode: str):
    declared = [re.sub(r"\\\{\w+\\\}", ".+", re.escape(sentence)) for sentence in WORDING[mode].every_sentence()]
    whole = re.compile(rf"(?:(?:{'|'.join(declared)}) ?)+")
    for explanation in every_explanation(mode):
        assert whole.fullmatch(explanation), explanation


@pytest.mark.parametrize("mode", WORDING)
def test_no_sentence_makes_a_diagnosis(mode: str):
    for sentence in (*WORDING[mode].every_sentence(), *every_explanation(mode)):
        assert not DIAGNOSIS.search(sentence), sentence


@pytest.mark.parametrize("mode", WORDING)
def test_only_the_disclaimer_names_unmeasured_quantities(mode: str):
    disclaimer = WORDING[mode].DISCLAIMER
    assert re.search(r"says nothing about[^.]*thickness|does not measure moisture", disclaimer)
    for sentence in set(WORDING[mode].every_sentence()) - {disclaimer}:
        assert not MEASURED.search(sentence), sentence


@pytest.mark.parametrize("mode", WORDING)
def test_the_disclaimer_refers_the_owner_to_a_surveyor(mode: str):
    assert re.search(r"not (a survey|replace)[^.]*", WORDING[mode].DISCLAIMER)
    assert "surveyor" in WORDING[mode].DISCLAIMER


@pytest.mark.parametrize("mode", WORDING)
def test_every_sign_is_worded_as_consistent_with(mode: str):
    for sentence in WORDING[mode].SIGNS.values():
        assert "consistent with" in sentence


def test_no_explanation_for_aluminium_mentions_rust():
    for point in (unusable_point(1), *every_point("corrosion", 1)):
        output = assess("corrosion", point, context={"hull_material": "aluminium"}).explanation
        assert not re.search(r"rust", output, re.IGNORECASE), output
        assert "aluminium" in output


def test_tokens_bands_and_hints_have_no_word_of_the_other_mode():
    bands = {"corrosion": list(corrosion.CoverageBand), "osmosis": list(osmosis.DensityBand)}
    for mode, words, capture in (
        ("corrosion", corrosion, corrosion_capture),
        ("osmosis", osmosis, osmosis_capture),
    ):
        spoken = " ".join((*bands[mode], *words.Guidance, *capture.HINTS))
        assert not says(OTHER[mode], spoken.replace("_", " "))
    assert set(bands["corrosion"]) & set(bands["osmosis"]) == {"none"}


def spoken_in(body: Any) -> str:
    """Return everything a body says except its links: their signatures are no words."""
    return re.sub(r'"http://[^"]*"', '""', json.dumps(body))


@pytest.mark.django_db
@pytest.mark.parametrize("mode", WORDING)
def test_no_body_has_a_word_of_the_other_mode(mode: str, phone):
    inspection = phone.complete(mode, label="bow")
    bodies = [phone.get(path).json() for path in paths_of(mode, inspection)]
    bodies.append(phone.get(f"/assets/{a_photo_of(inspection)}").json())
    assert ("framing" in bodies[-1]) is (mode == "corrosion")
    bodies.append(phone.get(f"/inspections/{phone.open(mode)['inspection_id']}").json() if mode == "osmosis" else {})
    for body in bodies:
        assert not says(OTHER[mode], spoken_in(body)), body


def a_photo_of(inspection: str) -> UUID:
    return MediaAsset.objects.filter(slot__inspection=inspection, superseded_at=None).values_list("pk", flat=True)[0]


def paths_of(mode: str, inspection: str) -> list[str]:
    own = [f"/inspections/{inspection}{view}" for view in ("", "/status", "/result")]
    return [*own, f"/inspections?mode={mode}", f"/capture-policy/{mode}", f"/entitlements/{mode}"]


@pytest.mark.django_db
@pytest.mark.parametrize("mode", WORDING)
def test_no_body_about_a_vessel_has_a_word_of_the_other_mode(mode: str, phone):
    vessel_id = phone.add_vessel("Anna")["vessel_id"]
    phone.subscribe()
    paths = {"corrosion": f"/corrosion/reminders/{vessel_id}", "osmosis": f"/osmosis/lift-outs/{vessel_id}"}
    bodies = {
        "corrosion": {"interval_days": 90, "enabled": True},
        "osmosis": {"lifted_out_at": "2026-05-01T09:00:00Z"},
    }
    for answer in (phone.set(paths[mode], bodies[mode]), phone.set(paths[mode], {})):
        assert not says(OTHER[mode], spoken_in(answer.json())), answer.json()


@pytest.mark.parametrize("mode", WORDING)
def test_no_route_or_description_of_a_mode_has_a_word_of_the_other(mode: str):
    own = {path: spec for path, spec in schema()["paths"].items() if path.startswith(f"/v1/{mode}/")}
    assert own
    for path, spec in own.items():
        told = [path, *(f"{one['summary']} {one['description']}" for one in spec.values())]
        assert not says(OTHER[mode], " ".join(told)), path


@pytest.mark.django_db
@pytest.mark.parametrize("mode", WORDING)
def test_a_list_is_of_one_mode_only(mode: str, phone):
    for one in WORDING:
        deliver_result(InspectionFactory.create(owner=phone.owner, mode=one, completed=True))
    listed = phone.get(f"/inspections?mode={mode}").json()["results"]
    assert [entry["mode"] for entry in listed] == [mode]


@pytest.mark.parametrize("mode", WORDING)
def test_the_schema_has_separate_results_for_each_mode(mode: str):
    result = component(f"{mode.capitalize()}Result")
    assert mode in result["required"]
    assert OTHER[mode] not in result["properties"]
    assert component(result["properties"]["mode"]["$ref"].rpartition("/")[2])["enum"] == [mode]
    block = component(f"{mode.capitalize()}Block")
    assert not says(OTHER[mode], json.dumps(block))


def test_a_documented_result_belongs_to_one_of_the_two_modes():
    responses = schema()["paths"]["/v1/inspections/{inspection_id}/result"]["get"]["responses"]
    union = component(responses["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2])
    assert {one["$ref"].rpartition("/")[2] for one in union["oneOf"]} == {"CorrosionResult", "OsmosisResult"}
    assert union["discriminator"]["propertyName"] == "mode"
