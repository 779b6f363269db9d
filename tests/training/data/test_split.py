"""Test that all derivatives of one picture are on the same side of the split."""

import pytest

from training.data.split import source_image_of, split_of

PHOTOGRAPH = {"file": "corrosion/ccsc_train_232.jpg"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PHOTOGRAPH, {"file": "corrosion/neg_ccsc_train_232.jpg", "note": "crop of image 232 without labelled rust"}),
        (PHOTOGRAPH, {"file": "osmosis/comp_310000.jpg"}),  # drawn on it
        ({"file": "corrosion/tex_Wood_amb1_67.jpg"}, {"file": "corrosion/tex_Wood_amb2_67.jpg"}),
    ],
    ids=["crop", "background", "tile"],
)
def test_all_derivatives_of_a_picture_are_in_one_split(one, other):
    assert source_image_of(one) == source_image_of(other)
    assert split_of(one) == split_of(other)


def test_pictures_are_assigned_separately_and_every_split_gets_some():
    rows = [{"file": f"corrosion/ccsc_train_{number}.jpg"} for number in range(400)]
    assert len({source_image_of(row) for row in rows}) == 400
    parts = [split_of(row) for row in rows]
    shares = {part: parts.count(part) / 400 for part in set(parts)}
    assert shares["validation"] == pytest.approx(0.16, abs=0.06)
    assert shares["calibration"] == pytest.approx(0.1, abs=0.06)
    assert shares["train"] > 0.6
