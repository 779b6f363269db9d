"""Test the assessment of the inspection: the worst point decides, and rejected photos are named."""

import pytest

from inspections.models import Inspection, Result
from inspections.modes.base import RejectedPhoto
from inspections.modes.corrosion import wording as corrosion_wording
from inspections.modes.osmosis import wording as osmosis_wording
from inspections.retake_reasons import RetakeReason
from testing.phone import Phone, jpeg, work
from tests.inspections.modes.point_results import EXTENTS, FORMATS, assess, point_result, unusable_point
from tests.inspections.pictures import blurred, dark

MODES = ("corrosion", "osmosis")
WORDING = {"corrosion": corrosion_wording, "osmosis": osmosis_wording}
WORST = {"corrosion": "heavy", "osmosis": "many"}
MILD = {"corrosion": "light", "osmosis": "several"}
CLOSE_TOO_DARK = RejectedPhoto(angle="close", reasons=("too_dark",), formats=FORMATS)


def signal_point(mode: str, index: int, band: str, confidence="medium", **more):
    return point_result(index, "yes", confidence, extent=EXTENTS[mode][band], **more)


@pytest.mark.parametrize("mode", MODES)
def test_one_signal_among_clean_points_gives_a_yes(mode):
    assessment = assess(
        mode, point_result(1, "no"), signal_point(mode, 2, MILD[mode]), point_result(3, "inconclusive", "low")
    )
    assert (assessment.signal_detected, assessment.confidence_level, assessment.worst_band) == (
        "yes",
        "medium",
        MILD[mode],
    )


@pytest.mark.parametrize("mode", MODES)
def test_worst_of_two_signals_decides_and_is_named(mode):
    points = (signal_point(mode, 1, MILD[mode], label="bow"), signal_point(mode, 2, WORST[mode], label="stern"))
    for order in (points, points[::-1]):
        assessment = assess(mode, *order)
        assert assessment.worst_band == WORST[mode]
        assert "at stern" in assessment.explanation
        assert "bow" not in assessment.explanation


@pytest.mark.parametrize("mode", MODES)
def test_worse_hint_does_not_raise_the_band_but_is_mentioned(mode):
    assessment = assess(
        mode, signal_point(mode, 1, MILD[mode]), signal_point(mode, 2, WORST[mode], "low", label="stern")
    )
    assert (assessment.confidence_level, assessment.worst_band) == ("medium", MILD[mode])
    assert "more" in assessment.explanation
    assert "stern" in assessment.explanation


@pytest.mark.parametrize("mode", MODES)
def test_further_hint_never_weakens_the_guidance(mode):
    sure, hint = signal_point(mode, 1, WORST[mode]), signal_point(mode, 2, WORST[mode], "low")
    assert assess(mode, sure, hint).guidance == assess(mode, sure).guidance
    assert assess(mode, sure).guidance[0] == "consider_professional_survey"


def test_worst_point_decides_the_guidance_of_corrosion():
    mild = signal_point("corrosion", 1, "light", "high")
    assert "consider_professional_survey" not in assess("corrosion", mild).guidance
    assert (
        "consider_professional_survey" in assess("corrosion", mild, signal_point("corrosion", 2, "moderate")).guidance
    )


@pytest.mark.parametrize("mode", MODES)
def test_hints_alone_have_low_confidence(mode):
    assessment = assess(mode, signal_point(mode, 1, MILD[mode], "low"), signal_point(mode, 2, WORST[mode], "low"))
    assert (assessment.signal_detected, assessment.confidence_level, assessment.worst_band) == (
        "yes",
        "low",
        WORST[mode],
    )


@pytest.mark.parametrize("mode", MODES)
def test_no_has_the_confidence_of_the_least_sure_point(mode):
    assessment = assess(
        mode, point_result(1, "no", "medium"), point_result(2, "no", "low"), point_result(3, "no", "medium")
    )
    assert (assessment.signal_detected, assessment.confidence_level, assessment.worst_band) == ("no", "low", "none")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "unclear", [point_result(2, "inconclusive", "low"), unusable_point(2)], ids=["unsure", "unusable"]
)
def test_inconclusive_point_prevents_a_no(mode, unclear):
    assessment = assess(mode, point_result(1, "no", "medium"), unclear)
    assert (assessment.signal_detected, assessment.confidence_level) == ("inconclusive", "low")
    assert assessment.guidance == ["recheck_later"]


@pytest.mark.parametrize("mode", MODES)
def test_contradicting_angles_are_mentioned_without_a_surer_signal(mode):
    contradicted = point_result(2, "inconclusive", "low", reasons=("angles_disagree",))
    sentence = WORDING[mode].INCONCLUSIVE_REASONS["angles_disagree"]
    assert sentence in assess(mode, point_result(1, "no"), contradicted).explanation
    assert sentence not in assess(mode, signal_point(mode, 1, WORST[mode]), contradicted).explanation


def test_osmosis_confidence_is_capped_at_medium():
    for point in (signal_point("osmosis", 1, "many", "high"), point_result(1, "no", "high")):
        assert assess("osmosis", point).confidence_level == "medium"
    assert assess("corrosion", signal_point("corrosion", 1, "heavy", "high")).confidence_level == "high"


@pytest.mark.parametrize("signal", ["yes", "no", "inconclusive"])
def test_osmosis_always_states_its_test_data(signal):
    explanation = assess("osmosis", point_result(1, signal, extent=10.0)).explanation
    assert "tested on drawn blisters" in explanation
    assert "not on photos of real ones" in explanation


@pytest.mark.parametrize("mode", MODES)
def test_rejected_photo_is_named_with_its_place_and_reason(mode):
    explanation = assess(
        mode, point_result(1, "no"), point_result(2, "no", rejected_photos=(CLOSE_TOO_DARK,), label="rudder")
    ).explanation
    (sentence,) = [part for part in explanation.split(". ") if "rudder" in part]
    assert sentence.startswith("1 of 6 photos")
    assert "close" in sentence
    assert WORDING[mode].REASONS["too_dark"] in sentence


@pytest.mark.parametrize("mode", MODES)
def test_point_without_a_usable_photo_is_named_once(mode):
    explanation = assess(mode, point_result(1, "no"), unusable_point(2, "blurred")).explanation
    assert "3 of 6 photos" in explanation
    assert {"corrosion": "every photo of point 2 (", "osmosis": "area 2, all angles ("}[mode] in explanation
    assert explanation.count(WORDING[mode].REASONS["blurred"]) == 1


@pytest.mark.parametrize("mode", MODES)
def test_no_sentence_about_rejected_photos_without_any(mode):
    assert " of 3 photos" not in assess(mode, point_result(1, "no")).explanation


@pytest.mark.parametrize("mode", MODES)
def test_every_rejection_reason_has_a_sentence(mode):
    assert set(WORDING[mode].REASONS) == set(RetakeReason)


def submitted(phone: Phone, mode: str, *contents: bytes) -> str:
    opened = phone.open(mode)
    for upload, content in zip(opened["uploads"], contents, strict=True):
        assert phone.put(upload, content).status_code == 200
    assert phone.post(f"/inspections/{opened['inspection_id']}/submit").status_code == 202
    work(opened["inspection_id"])
    return opened["inspection_id"]


@pytest.mark.django_db
@pytest.mark.parametrize("mode", MODES)
def test_rejected_photos_reduce_the_coverage_and_are_named_to_the_owner(mode, phone):
    inspection_id = submitted(phone, mode, dark(), jpeg(5), blurred())
    result = phone.get(f"/inspections/{inspection_id}/result").json()
    assert result["coverage"] == {"points": 1, "photos_used": 1, "photos_rejected": 2}
    for name in ("wide", "close", *(WORDING[mode].REASONS[reason] for reason in ("too_dark", "blurred"))):
        assert name in result["explanation"]


@pytest.mark.django_db
@pytest.mark.parametrize("mode", MODES)
def test_staff_see_the_rejected_photos_of_a_finding(mode, phone):
    stored = Result.objects.get(pk=submitted(phone, mode, dark(), jpeg(5), jpeg(6))).signals
    assert [point["left_out"] for point in stored] == [[{"angle": "wide", "reasons": ["too_dark", "blurred"]}]]


@pytest.mark.django_db
def test_point_without_a_usable_photo_is_stored_for_staff_too(phone):
    (stored,) = Result.objects.get(pk=submitted(phone, "corrosion", dark(), dark(1), dark(2))).signals
    assert (stored["signal_detected"], stored["confidence"], stored["reasons"]) == (
        "inconclusive",
        "low",
        ["no_usable_photo"],
    )
    assert [photo["angle"] for photo in stored["left_out"]] == ["wide", "mid", "close"]


@pytest.mark.django_db
@pytest.mark.parametrize("mode", MODES)
def test_every_measurement_is_stored_with_its_range_and_unit(mode, phone):
    for point in Inspection.objects.get(pk=phone.complete(mode, points=2)).result.signals:
        assert point["measurements"]
        for measured in point["measurements"]:
            assert measured.keys() == {"name", "value", "low", "high", "unit"}
            assert measured["low"] <= measured["value"] <= measured["high"]
        for signal in point["signals"]:
            assert signal["strength"] in {"weak", "moderate", "strong"}
