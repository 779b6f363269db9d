"""Test the framing of one photo against another: numbers from homographies, and what cannot be compared."""

import cv2
import numpy as np
import pytest

from corrosion.judgement.framing import check_framing, framing_of
from corrosion.judgement.registration import find_landmarks
from tests.corrosion.pictures import SIZE, photographed_otherwise, plate, seen_from

WIDTH, HEIGHT = SIZE


def similarity(*, shift: tuple[float, float] = (0, 0), scale: float = 1, turn_deg: float = 0) -> list[float]:
    """Return the homography that enlarges and turns (clockwise) about the middle, then shifts by pixels."""
    turn = np.deg2rad(turn_deg)
    spin = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    middle = np.array([WIDTH / 2, HEIGHT / 2])
    mapping = np.eye(3)
    mapping[:2, :2], mapping[:2, 2] = spin, middle - spin @ middle + shift
    return list(mapping.ravel())


def numbers(mapping, before=SIZE, after=SIZE) -> tuple[float, ...]:
    framing = framing_of(mapping, before, after)
    return framing.shift_x, framing.shift_y, framing.scale, framing.rotation_deg


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        (similarity(), (0, 0, 1, 0)),
        (similarity(shift=(48, -36)), (0.1, -0.1, 1, 0)),
        (similarity(scale=1.5), (0, 0, 1.5, 0)),
        (similarity(turn_deg=10), (0, 0, 1, 10)),
        (similarity(turn_deg=-170), (0, 0, 1, -170)),
        (similarity(shift=(-24, 18), scale=0.8, turn_deg=-3), (-0.05, 0.05, 0.8, -3)),
    ],
    ids=["same", "shifted", "nearer", "turned", "turned far", "all"],
)
def test_a_camera_that_moved_has_the_framing_of_its_move(mapping, expected):
    assert numbers(mapping) == pytest.approx(expected, abs=1e-9)


def test_an_oblique_view_is_measured_in_its_middle():
    """A camera that swings to the side leaves the middle where it was, and narrows the view there."""
    tilt = np.array([[1, 0, 0], [0, 1, 0], [1e-3, 0, 1]])
    to_middle = np.array([[1, 0, -WIDTH / 2], [0, 1, -HEIGHT / 2], [0, 0, 1]])
    mapping = np.linalg.inv(to_middle) @ tilt @ to_middle
    assert numbers(mapping.ravel()) == pytest.approx((0, 0, 1, 0), abs=1e-9)
    shifted = np.array([[1, 0, 24], [0, 1, 0], [0, 0, 1]]) @ mapping
    assert numbers(shifted.ravel()) == pytest.approx((0.05, 0, 1, 0), abs=1e-9)


def test_the_scale_does_not_depend_on_the_size_of_the_files():
    half = np.diag([0.5, 0.5, 1]).ravel()
    assert numbers(half, before=SIZE, after=(WIDTH // 2, HEIGHT // 2)) == pytest.approx((0, 0, 1, 0))


def test_a_homography_is_the_same_in_any_scale():
    mapping = np.asarray(similarity(shift=(48, 0), scale=1.2, turn_deg=4))
    assert numbers(-3 * mapping) == pytest.approx(numbers(mapping))


def checked(before, after):
    return check_framing(find_landmarks(before), find_landmarks(after))


def test_a_photo_from_nearly_the_same_stance_can_be_compared():
    check = checked(plate(1), photographed_otherwise(seen_from(plate(1), shift=(14, -9), zoom=1.05, turn=-2)))
    assert check.can_be_compared
    assert (check.framing.shift_x, check.framing.shift_y) == pytest.approx((14 / WIDTH, -9 / HEIGHT), abs=0.005)
    assert (check.framing.scale, check.framing.rotation_deg) == pytest.approx((1.05, 2), abs=0.2)


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        ({"shift": (220, 0)}, (220 / WIDTH, 0, 1, 0)),
        ({"zoom": 1.7}, (0, 0, 1.7, 0)),
        ({"turn": 60, "zoom": 0.75}, (0, 0, 0.75, -60)),
    ],
    ids=["aside", "too near", "turned"],
)
def test_a_photo_that_shares_too_little_cannot_be_compared_and_is_measured(moved, expected):
    check = checked(plate(1), seen_from(plate(1), **moved))
    assert not check.can_be_compared
    framing = check.framing
    assert (framing.shift_x, framing.shift_y, framing.scale) == pytest.approx(expected[:3], abs=0.02)
    assert framing.rotation_deg == pytest.approx(expected[3], abs=1)


@pytest.mark.parametrize(
    "after",
    [plate(2), plate(1)[:, ::-1], np.full((HEIGHT, WIDTH, 3), 150, np.uint8)],
    ids=["another place", "mirrored", "painted over"],
)
def test_a_photo_without_a_plausible_mapping_has_no_framing(after):
    check = checked(plate(1), np.ascontiguousarray(after))
    assert (check.framing, check.can_be_compared) == (None, False)


def test_a_mirroring_mapping_is_no_framing():
    """Landmarks that fit each other in a mirror: SIFT finds none in practice, a regular pattern may have them."""
    first = find_landmarks(plate(1))
    mirrored = type(first)(
        size=first.size, places=(first.places * (-1, 1) + (WIDTH, 0)).astype(np.float32), descriptors=first.descriptors
    )
    check = check_framing(first, mirrored)
    assert (check.framing, check.can_be_compared) == (None, False)


def test_a_photo_taken_upright_and_one_taken_across_can_be_compared():
    whole = cv2.resize(plate(3), (640, 640))
    check = checked(np.ascontiguousarray(whole[80:560]), np.ascontiguousarray(whole[:, 80:560]))
    assert check.can_be_compared
    assert (check.framing.shift_x, check.framing.shift_y, check.framing.scale) == pytest.approx((0, 0, 1), abs=0.005)
