"""Test which photos show the same place."""

import cv2
import numpy as np
import pytest

from corrosion.judgement.registration import find_landmarks, register
from tests.corrosion.pictures import SIZE, plate, seen_from


def registered(before, after):
    return register(find_landmarks(before), find_landmarks(after))


def is_same_place(before, after) -> bool:
    registration = registered(before, after)
    return registration is not None and registration.is_reliable


@pytest.mark.parametrize(
    "stance", [{}, {"shift": (25, 15)}, {"zoom": 1.15}, {"turn": 8}, {"shift": (-20, 10), "zoom": 0.93, "turn": -5}]
)
def test_the_same_place_from_another_stance_registers(stance):
    assert is_same_place(plate(1, spots=3), seen_from(plate(1, spots=8), **stance))


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_another_place_does_not_register(seed):
    assert not is_same_place(plate(1, spots=3), plate(seed, spots=3))


def test_the_same_place_under_another_light_registers():
    darker = (plate(1).astype(np.float32) * 0.6).astype(np.uint8)
    assert is_same_place(plate(1), darker)


def test_a_small_overlap_does_not_register():
    aside = seen_from(plate(1), shift=(SIZE[0] * 0.45, 0))
    registration = registered(plate(1), aside)
    assert registration is not None
    assert registration.inliers > 25
    assert registration.overlap == pytest.approx(0.55, abs=0.03)
    assert not registration.is_reliable


def test_a_close_up_inside_a_wide_view_does_not_register():
    width, height = SIZE
    close = cv2.resize(plate(1)[: height // 2, : width // 2], SIZE, interpolation=cv2.INTER_CUBIC)
    assert not is_same_place(plate(1), close)


def test_the_same_ruler_on_another_plate_does_not_register():
    before, after = plate(1), plate(2)
    ruler = plate(9)[:70, :160]
    before[20:90, 30:190] = after[40:110, 50:210] = ruler
    registration = registered(before, after)
    assert registration is None or registration.spread < 0.1
    assert not is_same_place(before, after)


def test_a_mirrored_picture_does_not_register():
    assert not is_same_place(plate(1), np.ascontiguousarray(plate(1)[:, ::-1]))


def test_a_picture_without_texture_does_not_register_even_with_itself():
    blank = np.full((360, 480, 3), 128, np.uint8)
    assert registered(blank, blank) is None
    assert registered(plate(1), blank) is None


def test_the_same_bytes_give_the_same_registration():
    other = seen_from(plate(1), turn=3)
    assert registered(plate(1), other) == registered(plate(1), other)
