"""Measure how a photo is framed compared with an earlier one of its place, and whether the two could be compared.

Uses the registration of comparisons: what it refuses today, a comparison would refuse later. Plain Python.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corrosion.judgement.registration import MIN_INLIER_RATIO, MIN_INLIERS, Landmarks, Registration, register


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """Where the later photo shows the middle of the earlier one.

    `shift_x` and `shift_y` are its distance from the middle of the later photo, as fractions of that photo's width and
    height, right and down positive. There the place is `scale` times as large, measured against the long sides, and
    turned clockwise by `rotation_deg`.
    """

    shift_x: float
    shift_y: float
    scale: float
    rotation_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FramingCheck:
    """`framing` is None if it could not be measured; `can_be_compared` is what a comparison would decide."""

    framing: Framing | None
    can_be_compared: bool


def check_framing(before: Landmarks, after: Landmarks) -> FramingCheck:
    """Check the later photo against the earlier one."""
    registration = register(before, after)
    if registration is None:
        return FramingCheck(framing=None, can_be_compared=False)
    framing = framing_of(registration.mapping, before.size, after.size) if _is_plausible(registration) else None
    return FramingCheck(framing=framing, can_be_compared=registration.is_reliable)


def _is_plausible(registration: Registration) -> bool:
    """Return whether the mapping is that of a camera that moved, also if the photos share too little to be compared."""
    return (
        registration.inliers >= MIN_INLIERS
        and registration.inlier_ratio >= MIN_INLIER_RATIO
        and registration.overlap > 0  # not mirrored, folded or behind the camera
    )


def framing_of(mapping: Sequence[float], before_size: tuple[int, int], after_size: tuple[int, int]) -> Framing:
    """Return the framing by a homography, row by row, from pixels of the earlier photo to pixels of the later one.

    The homography must not mirror; sizes are (width, height).
    """
    mapping_3x3 = np.reshape(np.asarray(mapping, np.float64), (3, 3))
    middle = np.array([before_size[0] / 2, before_size[1] / 2, 1.0])
    x, y, w = mapping_3x3 @ middle
    moved = _derivative(mapping_3x3, x / w, y / w, w)
    in_pixels = math.sqrt(np.linalg.det(moved))
    return Framing(
        shift_x=float(x / w / after_size[0] - 0.5),
        shift_y=float(y / w / after_size[1] - 0.5),
        scale=float(in_pixels * max(before_size) / max(after_size)),
        rotation_deg=math.degrees(math.atan2(moved[1, 0] - moved[0, 1], moved[0, 0] + moved[1, 1])),
    )


def _derivative(mapping: NDArray[np.float64], x: float, y: float, w: float) -> NDArray[np.float64]:
    """Return how the image of a point, (x, y) with the denominator w, moves with the point, shape (2, 2)."""
    return np.asarray((mapping[:2, :2] - np.outer((x, y), mapping[2, :2])) / w, np.float64)
