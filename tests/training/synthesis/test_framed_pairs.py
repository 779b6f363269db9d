"""Test made pairs that are framed otherwise: the manifests contain what the pictures show."""

import csv
import hashlib

import cv2
import numpy as np
import pytest

from corrosion.judgement.framing import check_framing
from corrosion.judgement.registration import find_landmarks
from tests.corrosion.pictures import plate
from training.augmentation.revisit import SIDE_PX
from training.data.split import split_of
from training.synthesis.framed_pairs import View, draw_first, draw_second, write_framed_pairs


def test_a_view_without_a_turn_is_a_square_around_its_middle():
    corners = View(middle=(0.5, 0.4), side=0.2, turn_deg=0).corners()
    assert corners == pytest.approx(np.array([[0.4, 0.3], [0.6, 0.3], [0.6, 0.5], [0.4, 0.5]]))


def test_a_view_becomes_the_whole_second_photo():
    view = View(middle=(0.5, 0.5), side=0.5, turn_deg=20)
    mapping = view.stance(512, np.random.default_rng(1))
    middle = mapping @ (255.5, 255.5, 1)
    assert middle[:2] / middle[2] == pytest.approx((SIDE_PX / 2, SIDE_PX / 2), abs=0.03 * SIDE_PX)


@pytest.mark.parametrize("seed", range(5))
def test_second_views_lie_inside_and_farther_off_the_farther_they_reach(seed):
    rng = np.random.default_rng(seed)
    first = draw_first(rng)
    near, far = ([draw_second(first, reach, rng) for _ in range(20)] for reach in (0, 1))
    assert all(view.is_inside() for view in (first, *near, *far))
    turns = [max(abs(view.turn_deg - first.turn_deg) for view in views) for views in (near, far)]
    assert turns[0] <= 3 < turns[1] <= 30


@pytest.fixture
def data(tmp_path):
    """Two photographs of the calibration split, with masks."""
    rows, number = [], 0
    while len(rows) < 2:
        number += 1
        row = {"file": f"ccsc_train_{number}.png", "mode": "corrosion", "mask": f"mask_{number}.png", "note": ""}
        if split_of(row) == "calibration":
            pixels = np.tile(plate(number, spots=60), (2, 2, 1))[:512, :512]
            cv2.imwrite(str(tmp_path / row["file"]), pixels)
            cv2.imwrite(str(tmp_path / row["mask"]), np.zeros((512, 512), np.uint8))
            rows.append(row)
    with (tmp_path / "manifest.csv").open("w", newline="") as lines:
        table = csv.DictWriter(lines, rows[0])
        table.writeheader()
        table.writerows(rows)
    return tmp_path


def rows_of(path) -> list[dict]:
    with path.open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_framing_in_the_manifest_is_that_of_the_pictures(data, tmp_path):
    out = tmp_path / "out"
    written = write_framed_pairs(data, out, split="calibration", seeds=[3])
    assert written == {"reframed": 16, "other_places": 4, "repainted": 4}
    near = [row for row in rows_of(out / "reframed.csv") if row["file_a"].endswith("_00_a.png")]
    assert len(near) == 2
    for row in near:
        before, after = (cv2.imread(str(out / row[name]))[..., ::-1] for name in ("file_a", "file_b"))
        framing = check_framing(*(find_landmarks(np.ascontiguousarray(each)) for each in (before, after))).framing
        for name, abs_error in (("shift_x", 0.03), ("shift_y", 0.03), ("scale", 0.05), ("rotation_deg", 2)):
            assert getattr(framing, name) == pytest.approx(float(row[name]), abs=abs_error)
    assert {row["expected"] for row in rows_of(out / "other_places.csv")} == {"not_comparable"}


def test_the_same_seed_makes_the_same_pairs(data, tmp_path):
    for name in ("one", "two"):
        write_framed_pairs(data, tmp_path / name, split="calibration", seeds=[3])
    digests = [
        [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((tmp_path / name).glob("*.*"))]
        for name in ("one", "two")
    ]
    assert digests[0] == digests[1]
