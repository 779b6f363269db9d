"""Test made pairs of two dates: the picture contains what they claim."""

import numpy as np
import pytest

from tests.corrosion.pictures import plate
from training.augmentation.revisit import SIDE_PX, photographed
from training.synthesis.grown_rust import grown, rust_texture


@pytest.fixture
def place():
    """A plate with a block of poor steel, and its grades."""
    pixels, grades = np.tile(plate(1), (2, 2, 1))[:512, :512].copy(), np.zeros((512, 512), np.uint8)
    pixels[100:260, 100:260] = (150, 84, 40)
    grades[100:260, 100:260] = 2
    return pixels, grades


@pytest.mark.parametrize("share", [0.05, 0.15, 0.25])
def test_rust_grows_by_the_share_asked_for_and_nothing_else_changes(place, share):
    pixels, grades = place
    rng = np.random.default_rng(1)
    texture = rust_texture(pixels, grades, rng)
    later, later_grades = grown(pixels, grades, share=share, texture=texture, rng=rng)
    assert (later_grades > 0).mean() - (grades > 0).mean() == pytest.approx(share, abs=0.001)
    assert (later_grades[grades > 0] == grades[grades > 0]).all()
    changed = np.abs(later.astype(int) - pixels).max(axis=2) > 60
    assert (changed & (later_grades > 0)).sum() > 0.95 * changed.sum()


def test_a_donor_without_enough_rust_gives_no_texture(place):
    pixels, _ = place
    assert rust_texture(pixels, np.zeros((512, 512), np.uint8), np.random.default_rng(1)) is None


def test_a_second_visit_keeps_the_area_and_is_the_same_for_the_same_seed(place):
    pixels, grades = place
    (first, marked), (again, _) = (photographed(pixels, grades, np.random.default_rng(5)) for _ in range(2))
    assert first.shape == (SIDE_PX, SIDE_PX, 3)
    assert (first == again).all()
    assert (marked > 0).mean() == pytest.approx((grades > 0).mean(), abs=0.05)
    assert not (photographed(pixels, grades, np.random.default_rng(6))[0] == first).all()
