"""Test `evaluate_engine` from a manifest to metrics, JSON and a page."""

import csv
import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from evaluation.metrics.summary import FLAT_KEYS
from tests.evaluation.samples import bottoms, plates, write_manifest

GONE = {"file": "gone & <lost>.jpg", "mode": "corrosion", "label": "no"}


def evaluate(**options):
    output, progress = StringIO(), StringIO()
    call_command("evaluate_engine", stdout=output, stderr=progress, **options)
    return output.getvalue(), progress.getvalue()


@pytest.fixture(scope="module")
def corrosion(tmp_path_factory):
    """One run that every test of it reads: starting the processes takes most of the time."""
    folder = tmp_path_factory.mktemp("corrosion")
    manifest = write_manifest(folder, mode="corrosion", pictures=plates(), extra=[GONE])
    output, progress = evaluate(
        mode="corrosion", manifest=manifest, engine="classical", json=folder / "out" / "metrics.json",
        report=folder / "report", processes=2,
    )  # fmt: skip
    return folder, output, progress


def test_json_has_every_flat_key_with_its_interval(corrosion):
    folder, *_ = corrosion
    found = json.loads((folder / "out" / "metrics.json").read_text())
    assert (found["mode"], found["engine"], found["split"]) == ("corrosion", "classical", "all")
    assert found["model_version"].startswith("corrosion-classical-2.")
    assert found["manifest"] == str(folder / "manifest.csv")
    measured = [key for key in FLAT_KEYS if key != "object_f1"]
    for key in measured:
        assert set(found[key]) == {"value", "low", "high", "n"}, key
        assert found[key]["low"] <= found[key]["high"], key
    assert found["object_f1"] is None
    assert found["auroc"] == {"value": 1, "low": 1, "high": 1, "n": 4}
    assert 0.2 < found["pixel_iou"]["value"] < 1
    assert found["pixel_iou"]["n"] == 2
    assert 10 < found["peak_memory_mb"]["value"] < 1000


def test_missing_photo_is_named_and_counted(corrosion):
    folder, output, _ = corrosion
    found = json.loads((folder / "out" / "metrics.json").read_text())
    assert found["photos"] == 4
    assert found["unreadable"] == {"n": 1, "files": [{"file": GONE["file"], "reason": "not_found"}]}
    assert f"{GONE['file']}: not_found" in output


def test_metrics_go_to_stdout_and_progress_to_stderr(corrosion):
    _, output, progress = corrosion
    assert re.search(r"1\.000 +\[1\.000, 1\.000\] +n=4 +auroc", output)
    assert re.search(r"– +object_f1", output)
    assert "5 of 5 photos" in progress
    assert "photos\n" not in output


def test_report_shows_the_photos_and_needs_no_other_host(corrosion):
    folder, *_ = corrosion
    page = (folder / "report" / "index.html").read_text()
    shown = set(re.findall(r'<img src="([^"]+)"', page))
    assert len(shown) == 4
    assert all((folder / "report" / name).read_bytes().startswith(b"\xff\xd8") for name in shown)
    assert page.count("<figure>") == 8, "all in best and in worst, none called falsely"
    assert "<svg" in page
    assert "http" not in page


def test_report_escapes_text_of_the_manifest(corrosion):
    folder, *_ = corrosion
    page = (folder / "report" / "index.html").read_text()
    assert "<lost>" not in page
    assert "<odd>" not in page
    assert "gone &amp; &lt;lost&gt;.jpg" in page


def test_photos_keep_the_order_of_the_manifest(corrosion):
    folder, *_ = corrosion
    with (folder / "report" / "photos.csv").open(newline="") as lines:
        photos = list(csv.DictReader(lines))
    assert [photo["file"] for photo in photos] == [f"corrosion_{index}.jpg" for index in range(4)]
    assert [photo["label"] for photo in photos] == ["yes", "yes", "no", "no"]


def test_the_stub_engine_can_be_evaluated(tmp_path):
    manifest = write_manifest(tmp_path, mode="osmosis", pictures=bottoms())
    evaluate(mode="osmosis", manifest=manifest, engine="stub", json=tmp_path / "metrics.json", split="validation")
    found = json.loads((tmp_path / "metrics.json").read_text())
    assert found["photos"] == 1
    assert set(FLAT_KEYS) <= set(found)
    assert found["specificity"]["n"] == 1
    assert [found[key] for key in ("auroc", "recall", "weighted_f1", "area_mae_points", "object_f1")] == [None] * 5


@pytest.mark.parametrize(
    ("options", "output"),
    [
        ({"manifest": Path("nowhere.csv")}, r"nowhere\.csv cannot be read"),
        ({"engine": "oracle"}, "There is no oracle engine for corrosion"),
        ({"split": "train"}, "no photo of mode corrosion and split train"),
        ({"mode": "osmosis"}, "no photo of mode osmosis"),
    ],
    ids=["no manifest", "no engine", "no split", "no mode"],
)
def test_an_impossible_evaluation_is_refused_with_a_message(tmp_path, options, output):
    manifest = write_manifest(tmp_path, mode="corrosion", pictures=[], extra=[GONE])
    with pytest.raises(CommandError, match=output):
        evaluate(**{"mode": "corrosion", "manifest": manifest, "engine": "stub", **options})


def test_zero_processes_are_refused(tmp_path):
    with pytest.raises(CommandError, match="at least one process is needed"):
        call_command("evaluate_engine", "--mode=corrosion", "--manifest=x.csv", "--processes=0")
