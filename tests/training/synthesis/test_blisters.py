"""Test drawn training pictures: repeatable, labelled where the blisters are and nowhere else."""

import cv2
import numpy as np
import pytest

from training.synthesis.blisters.composition import LOOK_ALIKES, WATER, compose, compose_clean, compose_negative
from training.synthesis.blisters.domes import blister
from training.synthesis.blisters.hull import gelcoat_background
from training.synthesis.blisters.lamp import draw_lamp, illuminate
from training.synthesis.blisters.outbreak import Outbreak, draw_outbreak
from training.synthesis.blisters.surface import surface_of

PLAIN = np.full((96, 128, 3), 150, np.uint8)
SEEDS = (1, 2, 3, 4, 5)


def an_outbreak(**changes):
    usual = {
        "count": 6,
        "radius_px": 9.0,
        "spread": 0.2,
        "contrast": 0.5,
        "softness": 1.0,
        "aspect": 1.0,
        "angle": 0.0,
        "growth": 0.0,
        "ruptured": 0.0,
    }
    return Outbreak(**(usual | changes))


def blistered(seed, **changes):
    """Return a plain wall with blisters, before the phone: lit pixels, paint, circles, mask, lamp."""
    rng = np.random.default_rng(seed)
    surface, lamp = surface_of(np.full((192, 192, 3), 150, np.uint8), gloss=0.5), draw_lamp(rng)
    paint = surface.paint.copy()
    circles, mask = blister(surface, an_outbreak(**changes), lamp, rng=rng)
    return illuminate(surface, lamp), paint, circles, mask, lamp


@pytest.mark.parametrize("draw", [compose, compose_negative, compose_clean])
def test_the_same_seed_draws_the_same_example_and_another_seed_another(draw):
    first, again, other = (draw(PLAIN, rng=np.random.default_rng(seed), size_px=128) for seed in (7, 7, 8))
    assert np.array_equal(first.pixels, again.pixels)
    assert np.array_equal(first.mask, again.mask)
    assert first.centres == again.centres
    assert not np.array_equal(first.pixels, other.pixels)


@pytest.mark.parametrize("size_px", [96, 384])
def test_an_example_has_the_requested_size_on_any_background(size_px):
    example = compose(PLAIN, rng=np.random.default_rng(1), size_px=size_px)
    assert example.pixels.shape == (size_px, size_px, 3)
    assert example.pixels.dtype == np.uint8
    assert example.mask.shape == (size_px, size_px)
    assert example.mask.dtype == np.float32


@pytest.mark.parametrize("seed", SEEDS)
def test_the_mask_covers_exactly_the_blisters(seed):
    example = compose(PLAIN, rng=np.random.default_rng(seed))
    reach = np.zeros(example.mask.shape, np.uint8)
    for circle in example.centres:
        assert example.mask[int(circle.y), int(circle.x)] == 1
        cv2.circle(reach, (round(circle.x), round(circle.y)), int(1.7 * circle.radius) + 3, 1, -1)
    assert example.centres
    assert example.mask.max() <= 1
    assert not example.mask[reach == 0].any()


def test_the_area_of_a_blister_is_that_of_its_circle():
    _, _, circles, mask, _ = blistered(3, count=1, radius_px=12.0)
    assert mask.sum() == pytest.approx(np.pi * circles[0].radius ** 2, rel=0.1)


@pytest.mark.parametrize("seed", SEEDS)
def test_look_alikes_are_not_in_the_mask(seed):
    example = compose_negative(PLAIN, rng=np.random.default_rng(seed), size_px=128)
    assert example.drawn
    assert not example.mask.any()
    assert example.centres == ()


@pytest.mark.parametrize("name", sorted(LOOK_ALIKES))
def test_each_look_alike_changes_the_picture(name):
    rng = np.random.default_rng(2)
    surface, lamp = surface_of(np.full((192, 192, 3), 150, np.uint8), gloss=0.5), draw_lamp(rng)
    before = illuminate(surface, lamp).copy()
    LOOK_ALIKES[name][0](surface, rng=rng)
    assert np.abs(illuminate(surface, lamp) - before).max() > 0.02


@pytest.mark.parametrize("name", sorted(WATER))
def test_water_changes_the_picture_only_in_places(name):
    rng = np.random.default_rng(2)
    lit, lamp = np.full((192, 192, 3), 0.6, np.float32), draw_lamp(rng)
    change = np.abs(WATER[name](lit, lamp, rng=rng) - lit).max(axis=2)
    assert change.max() > 0.1
    assert np.median(change) < 0.02


@pytest.mark.parametrize("seed", SEEDS)
def test_paint_outside_blisters_and_shadows_is_unchanged(seed):
    lit, paint, _, mask, _ = blistered(seed)
    # 64 px is the longest shadow that is drawn; at these heights shadows stay within a blister's width.
    near = cv2.dilate((mask > 0).astype(np.uint8), np.ones((61, 61), np.uint8)) > 0
    assert not near.all()
    assert np.abs(lit - paint)[~near].max() < 1e-3
    assert np.abs(lit - paint)[mask > 0.5].mean() > 0.02


@pytest.mark.parametrize("seed", SEEDS)
def test_a_blister_is_brighter_on_the_side_of_the_lamp(seed):
    lit, _, circles, mask, lamp = blistered(seed, count=1, radius_px=14.0)
    rows, columns = np.indices(mask.shape)
    right, down, _ = lamp.towards
    side = (columns - circles[0].x) * right + (rows - circles[0].y) * down
    brightness = lit.mean(axis=2)
    assert brightness[(mask > 0.5) & (side > 0)].mean() > brightness[(mask > 0.5) & (side < 0)].mean() + 0.02


def test_outbreaks_vary_in_count_and_contrast():
    drawn = [draw_outbreak(np.random.default_rng(seed), size_px=384) for seed in range(200)]
    assert min(outbreak.count for outbreak in drawn) == 1
    assert max(outbreak.count for outbreak in drawn) > 30
    assert min(outbreak.contrast for outbreak in drawn) < 0.25
    assert max(outbreak.contrast for outbreak in drawn) > 0.9


def test_drawn_hulls_have_the_requested_size_and_differ():
    first, again, other = (gelcoat_background(np.random.default_rng(seed), size_px=160) for seed in (1, 1, 2))
    assert first.shape == (160, 160, 3)
    assert first.dtype == np.uint8
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
