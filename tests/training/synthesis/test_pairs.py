"""Test made pairs of two dates: the picture contains what they claim."""

import numpy as np
import pytest

from tests.corrosion.pictures import plate
from training.augmentation.revisit import SIDE_PX, photograph_again
from training.synthesis.grown_rust import grow_rust, rust_texture


@pytest.fixture
def place():
    """A plate with a block of poor steel, and its mask."""
    pixels, mask = np.tile(plate(1), (2, 2, 1))[:512, :512].copy(), np.zeros((512, 512), np.uint8)
    pixels[100:260, 100:260] = (150, 84, 40)
    mask[100:260, 100:260] = 2
    return pixels, mask


@pytest.mark.parametrize("share", [0.05, 0.15, 0.25])
def test_rust_grows_by_the_requested_share_and_nothing_else_changes(place, share):
    pixels, mask = place
    rng = np.random.default_rng(1)
    texture = rust_texture(pixels, mask, rng)
    later, later_mask = grow_rust(pixels, mask, share=share, texture=texture, rng=rng)
    assert (later_mask > 0).mean() - (mask > 0).mean() == pytest.approx(share, abs=0.001)
    assert (later_mask[mask > 0] == mask[mask > 0]).all()
    changed = np.abs(later.astype(int) - pixels).max(axis=2) > 60
    assert (changed & (later_mask > 0)).sum() > 0.95 * changed.sum()


def test_a_donor_without_enough_rust_gives_no_texture(place):
    pixels, _ = place
    assert rust_texture(pixels, np.zeros((512, 512), np.uint8), np.random.default_rng(1)) is None


def test_a_second_visit_keeps_the_area_and_is_the_same_for_the_same_seed(place):
    pixels, mask = place
    (first, marked), (again, _) = (photograph_again(pixels, mask, np.random.default_rng(5)) for _ in range(2))
    assert first.shape == (SIDE_PX, SIDE_PX, 3)
    assert (first == again).all()
    assert (marked > 0).mean() == pytest.approx((mask > 0).mean(), abs=0.05)
    assert not (photograph_again(pixels, mask, np.random.default_rng(6))[0] == first).all()
