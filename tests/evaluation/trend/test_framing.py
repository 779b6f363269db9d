"""Test the metrics of the warning at the hull."""

import csv
import json
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from corrosion.judgement.framing import Framing, FramingCheck
from evaluation.trend.manifest import Pair, read_pairs
from evaluation.trend.metrics import compute_metrics
from evaluation.trend.pair import PairResult
from maretech.management.commands import evaluate_trend
from tests.corrosion.pictures import plate, png, seen_from
from tests.corrosion.predictors import ColourPredictor

TRUTH = Framing(shift_x=0.1, shift_y=0, scale=1, rotation_deg=-179)


def result(
    answer: str, *, warned: bool | None, reason: str = "", measured: Framing | None = None, **pair
) -> PairResult:
    check = None if warned is None else FramingCheck(framing=measured, can_be_compared=not warned)
    fields = {"before": "a", "after": "b", "mask_before": None, "mask_after": None, "expected": "stable"}
    return PairResult(pair=Pair(**fields | {"source": "one"} | pair), answer=answer, reason=reason, check=check)


def values(*results: PairResult) -> dict[str, float | None]:
    metrics = compute_metrics(results)
    return {key: metric and metric.value for key, metric in metrics.items()}


def test_warnings_are_counted_apart_for_refused_and_for_compared_pairs():
    unmatched, unsure = "photos_do_not_match", "too_uncertain"
    found = values(
        result("not_comparable", warned=True, reason=unmatched),
        result("not_comparable", warned=True, reason=unmatched),
        result("not_comparable", warned=False, reason=unmatched),
        result("not_comparable", warned=False, reason=unsure),
        result("not_comparable", warned=None, reason="photos_unreadable"),
        result("stable", warned=True),
        *[result("stable", warned=False)] * 3,
    )
    assert found["warned_when_unmatched"] == pytest.approx(2 / 3)
    assert found["warned_when_not_compared"] == 0.5
    assert found["warned_when_compared"] == 0.25


def test_numbers_are_counted_for_warned_pairs_of_one_place():
    found = values(
        result("not_comparable", warned=True, measured=TRUTH),
        result("not_comparable", warned=True),
        result("not_comparable", warned=True, expected="not_comparable"),
        result("stable", warned=False, measured=TRUTH),
    )
    assert found["framing_measured"] == 0.5


@pytest.mark.parametrize(
    ("wrong", "is_right"),
    [
        ({}, True),
        ({"rotation_deg": 179}, True),
        ({"shift_x": 0.14, "scale": 1.04}, True),
        ({"shift_x": 0.16}, False),
        ({"shift_y": -0.06}, False),
        ({"scale": 0.94}, False),
        ({"rotation_deg": -175}, False),
    ],
)
def test_a_framing_is_right_near_the_truth(wrong, is_right):
    found = values(result("stable", warned=False, measured=replace(TRUTH, **wrong), framing=TRUTH))
    assert found["framing_right"] == is_right


def test_the_command_checks_pairs_as_at_the_hull(tmp_path, monkeypatch):
    monkeypatch.setattr(evaluate_trend, "engine_for", lambda **_: ColourPredictor())
    pictures = {"a": plate(1), "same": seen_from(plate(1), shift=(24, 0)), "aside": seen_from(plate(1), shift=(240, 0))}
    for name, pixels in pictures.items():
        (tmp_path / f"{name}.png").write_bytes(png(pixels))
    head = ("file_a", "file_b", "expected", "shift_x", "shift_y", "scale", "rotation_deg")
    rows = [("a.png", "same.png", "stable", 0.05, 0, 1, 0), ("a.png", "aside.png", "stable", 0.5, 0, 1, 0)]
    with (tmp_path / "pairs.csv").open("w", newline="") as lines:
        csv.writer(lines).writerows([head, *rows])
    out = tmp_path / "out.json"
    call_command("evaluate_trend", manifest=tmp_path / "pairs.csv", json=out, stdout=StringIO(), stderr=StringIO())
    report = json.loads(out.read_text())
    expected = {"warned_when_unmatched": 1, "warned_when_compared": 0, "framing_measured": 1, "framing_right": 1}
    assert {name: report[name]["value"] for name in expected} == expected


def test_a_manifest_with_a_framing_that_is_no_number_is_refused(tmp_path):
    lines = "file_a,file_b,expected,shift_x,shift_y,scale,rotation_deg\na.png,b.png,stable,left,0,1,0\n"
    (tmp_path / "pairs.csv").write_text(lines)
    with pytest.raises(CommandError, match="no number"):
        call_command("evaluate_trend", manifest=tmp_path / "pairs.csv")


def test_a_manifest_without_framings_has_none(tmp_path):
    (tmp_path / "pairs.csv").write_text("file_a,file_b,expected\na.png,b.png,stable\n")
    assert [pair.framing for pair in read_pairs(tmp_path / "pairs.csv")] == [None]
