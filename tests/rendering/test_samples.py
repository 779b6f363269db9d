"""Test that drawn samples pass for photographs: repeatable, accepted by the check, comparable between visits."""

import cv2
import numpy as np
import pytest

from inspections.engines.imaging.headers import sniff
from inspections.engines.imaging.quality import PhotoConstraints, check_photo, nearly_same
from rendering.gelcoat import render_gelcoat
from rendering.plate import render_hull_plate
from rendering.samples import jpeg, sample_set

CONSTRAINTS = PhotoConstraints(min_short_side_px=256, max_bytes=15_000_000, content_types=("image/jpeg",))
SIZE = (640, 480)


def registration_inliers(before, after):
    """Return the matches that one plane-to-plane motion explains: SIFT, ratio test, RANSAC."""
    sift = cv2.SIFT_create(1500)
    (points, words), (other_points, other_words) = (
        sift.detectAndCompute(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), None) for pixels in (before, after)
    )
    pairs = cv2.BFMatcher().knnMatch(words, other_words, k=2)
    good = [first for first, second in pairs if first.distance < 0.75 * second.distance]
    source = np.float32([points[match.queryIdx].pt for match in good])
    target = np.float32([other_points[match.trainIdx].pt for match in good])
    cv2.setRNGSeed(0)
    _, inliers = cv2.findHomography(source, target, cv2.RANSAC, 4.0)
    return int(inliers.sum()), inliers.mean()


@pytest.mark.parametrize(("mode", "severity"), [("corrosion", 0.0), ("corrosion", 0.6), ("osmosis", 0.0)])
def test_every_sample_passes_the_photo_check(mode, severity):
    samples = sample_set(mode=mode, seed=3, points=1, severity=severity)
    assert [(sample.point_index, sample.angle) for sample in samples] == [(1, "wide"), (1, "mid"), (1, "close")]
    checks = [check_photo(sample.content, constraints=CONSTRAINTS) for sample in samples]
    assert all(check.usable and check.warnings == () for check in checks)
    wide, mid, close = (check.fingerprint for check in checks)
    assert not any((nearly_same(wide, mid), nearly_same(wide, close), nearly_same(mid, close)))


def test_same_seed_draws_the_same_bytes():
    first, second = (
        [
            jpeg(render_hull_plate(seed=8, angle="mid", rust=0.1, size=SIZE, visit=1)),
            jpeg(render_gelcoat(seed=8, angle="close", blisters=20, size=SIZE)),
        ]
        for _ in range(2)
    )
    assert first == second
    assert sniff(first[0]) == "image/jpeg"
    assert b"Exif" not in first[0]


def test_other_seed_draws_another_hull():
    one, other = (render_hull_plate(seed=seed, angle="mid", rust=0.1, size=SIZE) for seed in (1, 2))
    assert np.abs(one.astype(int) - other).mean() > 5


@pytest.mark.parametrize("seed", [1, 4])
def test_grown_rust_on_a_later_visit_can_be_registered(seed):
    before = render_hull_plate(seed=seed, angle="mid", rust=0.05, size=SIZE)
    after = render_hull_plate(seed=seed, angle="mid", rust=0.09, size=SIZE, visit=1)
    inliers, share = registration_inliers(before, after)
    assert inliers >= 25
    assert share >= 0.3


def test_rust_grows_with_its_share():
    clean, little, much = (
        render_hull_plate(seed=2, angle="mid", rust=rust, size=SIZE).astype(int) for rust in (0.0, 0.05, 0.2)
    )
    rusted_before, rusted_after = (np.abs(pixels - clean).max(axis=2) > 40 for pixels in (little, much))
    assert 0 < rusted_before.sum() < rusted_after.sum()
    assert (rusted_before & rusted_after).sum() > 0.9 * rusted_before.sum()


@pytest.mark.parametrize("render", [render_hull_plate, render_gelcoat])
def test_unknown_angle_is_refused(render):
    amount = {"rust": 0.1} if render is render_hull_plate else {"blisters": 1}
    with pytest.raises(ValueError, match="sideways"):
        render(seed=1, angle="sideways", size=SIZE, **amount)


def test_unknown_mode_is_refused():
    with pytest.raises(ValueError, match="rigging"):
        sample_set(mode="rigging", seed=1, points=1, severity=0.5)
