"""Test the evaluation of comparisons on pairs with known truth."""

import csv
import json
from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from corrosion.judgement.trend import NO_CHANGE, Change
from evaluation.trend.manifest import Pair, read_pairs
from evaluation.trend.metrics import compute_metrics
from evaluation.trend.page import worst_first
from evaluation.trend.pair import PairResult
from maretech.management.commands import evaluate_trend
from tests.corrosion.pictures import photographed_otherwise, plate, png, seen_from
from tests.corrosion.predictors import ColourPredictor

MOVED = {"shift": (14, -9), "zoom": 1.05, "turn": 2}


@pytest.fixture(autouse=True)
def _judge(monkeypatch):
    monkeypatch.setattr(evaluate_trend, "engine_for", lambda **_: ColourPredictor())


def is_rust(pixels):
    red = pixels[..., 0].astype(int) - pixels[..., 2] > 30
    return png(np.repeat((red * 255).astype(np.uint8)[..., None], 3, axis=2))


@pytest.fixture
def folder(tmp_path):
    """A grown pair and an unchanged one with masks, another place, and a pair without one of its photos."""
    before, unchanged, grown = plate(1, rust=0.1), *(seen_from(plate(1, rust=rust), **MOVED) for rust in (0.1, 0.3))
    for name, pixels in {"before": before, "unchanged": unchanged, "grown": grown, "other": plate(2)}.items():
        (tmp_path / f"{name}.png").write_bytes(png(photographed_otherwise(pixels) if name == "unchanged" else pixels))
        (tmp_path / f"{name}_mask.png").write_bytes(is_rust(pixels))
    rows = [
        ("before.png", "unchanged.png", "before_mask.png", "unchanged_mask.png", ""),
        ("before.png", "grown.png", "before_mask.png", "grown_mask.png", ""),
        ("before.png", "other.png", "", "", "not_comparable"),
        ("before.png", "gone.png", "", "", "stable"),
    ]
    with (tmp_path / "pairs.csv").open("w", newline="") as lines:
        csv.writer(lines).writerows([("file_a", "file_b", "mask_a", "mask_b", "expected"), *rows])
    return tmp_path


def evaluated(folder):
    out = folder / "out.json"
    call_command("evaluate_trend", manifest=folder / "pairs.csv", json=out, stdout=StringIO(), stderr=StringIO())
    return json.loads(out.read_text())


def test_every_metric_has_an_interval_under_its_flat_key(folder):
    report = evaluated(folder)
    assert (report["mode"], report["model_version"], report["pairs"]) == ("corrosion", "colour-1", 4)
    assert report["false_worsening"] == {"value": 0, "low": 0, "high": 0.975, "n": 1}
    assert report["growth_found"] == {"value": 1, "low": 0.025, "high": 1, "n": 1}
    assert report["trend_accuracy"]["value"] == 1
    assert (report["not_comparable"]["value"], report["not_comparable"]["n"]) == (pytest.approx(1 / 3), 3)
    assert report["rightly_not_comparable"]["value"] == 1
    assert report["change_mae_points"]["value"] < 2


def test_unreadable_pairs_are_named(folder):
    (folder / "grown_mask.png").write_bytes(png(np.zeros((40, 400, 3), np.uint8)))
    output = StringIO()
    call_command("evaluate_trend", manifest=folder / "pairs.csv", stdout=output, stderr=StringIO())
    assert "2 unreadable pairs" in output.getvalue()
    assert "before.png, grown.png: another_shape" in output.getvalue()
    assert "before.png, gone.png: not_found" in output.getvalue()


def test_the_report_shows_every_pair_worst_first(folder):
    report = folder / "report"
    call_command("evaluate_trend", manifest=folder / "pairs.csv", report=report, stdout=StringIO(), stderr=StringIO())
    page = (report / "index.html").read_text()
    assert page.index("gone.png") < page.index("grown.png")
    assert len(list((report / "tiles").iterdir())) == 3  # the missing photo has no picture


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("file_a,file_b\n", "no pair"),
        ("file_a,file_b\na.png,\n", "lacks"),
        ("file_a,file_b\na.png,b.png\n", "neither"),
        ("file_a,file_b,expected\na.png,b.png,sideways\n", "sideways"),
    ],
)
def test_an_invalid_manifest_is_refused_with_a_message(tmp_path, text, complaint):
    (tmp_path / "pairs.csv").write_text(text)
    with pytest.raises(CommandError, match=complaint):
        call_command("evaluate_trend", manifest=tmp_path / "pairs.csv")


@pytest.mark.parametrize("column", ["expected", "expected_direction", "direction"])
@pytest.mark.parametrize(("word", "meant"), [("Worsening", "worsening"), ("growth", "worsening"), ("same", "stable")])
def test_synonyms_of_the_expected_direction_are_accepted(tmp_path, column, word, meant):
    (tmp_path / "pairs.csv").write_text(f"file_a,file_b,{column}\na.png,b.png,{word}\n")
    assert [pair.expected for pair in read_pairs(tmp_path / "pairs.csv")] == [meant]


def test_pairs_of_one_source_picture_are_resampled_together(tmp_path):
    lines = ["file_a,file_b,expected,source_image", "a.png,b.png,stable,one", "c.png,d.png,stable,one"]
    (tmp_path / "pairs.csv").write_text("\n".join(lines))
    assert {pair.source for pair in read_pairs(tmp_path / "pairs.csv")} == {"one"}


def result(answer, true_points, measured=0.0, expected=None, source=""):
    pair = Pair(
        before="a", after="b", mask_before=None, mask_after=None, expected=expected, source=source or str(true_points)
    )
    return PairResult(pair=pair, answer=answer, change=Change(measured, 1.0), true_points=true_points)


def test_each_result_counts_for_its_metrics():
    assert result("stable", 0.9).expected == "stable"
    assert result("stable", 3.0).expected is None
    assert result("worsening", 5.1).is_correct
    found = compute_metrics(
        [result("worsening", 0.0), result("stable", 0.5), result("worsening", 9.0), result("not_comparable", 8.0)]
    )
    assert (found["false_worsening"].value, found["growth_found"].value) == (0.5, 0.5)
    assert found["growth_found_when_compared"].value == 1.0


def test_one_of_ten_points_needs_a_larger_change_than_a_single_photo():
    grown = [("one", 2.2), ("one", 2.4), ("two", 6.5), ("two", 7.0)]
    found = compute_metrics([result("worsening", 6.0, measured=measured, source=source) for source, measured in grown])
    assert (found["growth_found"].value, found["growth_found_of_point"].value) == (1.0, 0.5)
    assert found["change_range_holds"].value == 0.5


def test_an_inspection_of_ten_points_alarms_more_often_than_one_point():
    measured = [9.0, 9.0, *[0.0] * 6]
    unchanged = [result("stable", 0.0, measured=points, source=str(n // 2)) for n, points in enumerate(measured)]
    found = compute_metrics(unchanged)
    assert found["false_worsening_of_point"].value == 0.25
    assert found["false_worsening_of_inspection"].value == pytest.approx(1 - 0.75**10)
    assert (found["noise_reach_far"].value, found["not_comparable_of_point"].value) == (9, 0)


def test_a_pair_of_identical_files_does_not_count_for_the_noise():
    same = replace(result("stable", 0.0), change=NO_CHANGE)
    assert compute_metrics([same])["noise_reach"] is None
    assert compute_metrics([same, result("stable", 0.0, measured=1.5)])["noise_reach"].value == 1.5


def test_an_incomparable_pair_is_not_missed_growth():
    other_place = result("not_comparable", 20.0, expected="not_comparable")
    assert (other_place.has_grown, other_place.is_unchanged, other_place.is_correct) == (False, False, True)
    found = compute_metrics([other_place])
    assert (found["growth_found"], found["rightly_not_comparable"].value) == (None, 1.0)


def test_false_alarms_come_first_then_missed_growth():
    alarm, missed, right = result("worsening", 0.0), result("stable", 9.0), result("stable", 0.0)
    refused = result("not_comparable", 0.0)
    assert worst_first([right, refused, missed, alarm]) == [alarm, missed, refused, right]
