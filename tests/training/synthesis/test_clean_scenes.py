"""Test scenes that require the answer "no": a manifest for each mode, the same for the same seed."""

import csv

import pytest

from evaluation.manifest import read_manifest
from tests.corrosion.pictures import plate, png
from training.data.split import split_of
from training.synthesis import clean_scenes


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A folder of tiles of both splits; few hulls are drawn, to save time."""
    monkeypatch.setattr(clean_scenes, "DRAWN_HULLS", 2)
    monkeypatch.setattr(clean_scenes, "RENDERED_HULLS", 1)
    names = [f"tile_{number}.png" for number in range(12)]
    for number, name in enumerate(names):
        (tmp_path / name).write_bytes(png(plate(number, rust=0.0)))
    with (tmp_path / "manifest.csv").open("w", newline="") as lines:
        csv.writer(lines).writerows([("file", "mode", "label"), *((name, "corrosion", "No") for name in names)])
    assert {"train", "validation"} <= {split_of({"file": name}) for name in names}
    return tmp_path


def written(data, out):
    number = clean_scenes.write_scenes(data, out, seed=3)
    rows = {mode: read_manifest(out / f"{mode}.csv", mode=mode) for mode in ("corrosion", "osmosis")}
    assert number == sum(len(each) for each in rows.values())
    return rows


def test_every_scene_is_listed_without_a_sign(data, tmp_path):
    rows = written(data, tmp_path / "out")
    assert not any(row.shows_signal for each in rows.values() for row in each)
    assert all(row.path.is_file() for each in rows.values() for row in each)
    assert {row.kind for row in rows["corrosion"]} == {"drawn hull", "rendered hull"}
    assert {row.kind for row in rows["osmosis"]} == {"drawn hull", "rendered hull", "crop or tile"}


def test_no_scene_uses_a_training_picture(data, tmp_path):
    rows = written(data, tmp_path / "out")["osmosis"]
    made_of = {row.source_image for row in rows if row.kind == "crop or tile"}
    assert made_of
    assert {split_of({"file": name}) for name in made_of} == {"validation"}


def test_the_same_seed_writes_the_same_scenes(data, tmp_path):
    first, again = (written(data, tmp_path / name) for name in ("one", "two"))
    for mode, rows in first.items():
        assert [row.path.read_bytes() for row in rows] == [row.path.read_bytes() for row in again[mode]]
