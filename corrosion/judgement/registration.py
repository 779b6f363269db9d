"""Register two photographs: do they show the same place, and by which mapping? Plain Python.

SIFT (Lowe 2004) with the ratio test, and a homography by RANSAC: a hull seen twice from about the same place is nearly
a plane. Deterministic: exhaustive matching, and OpenCV's RANSAC starts from a fixed seed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from inspections.engines.base import Rgb
from inspections.engines.imaging.scaling import shrink

LONG_SIDE_PX: Final = 1024
MIN_INLIERS: Final = 25
MIN_INLIER_RATIO: Final = 0.3
MIN_OVERLAP: Final = 0.6
# A ruler or a sticker that moved along fits perfectly, but covers little of the picture.
MIN_SPREAD: Final = 0.1

_MAX_FEATURES: Final = 2500
_CONTRAST_THRESHOLD: Final = 0.02
_LOWE_RATIO: Final = 0.75
_REPROJECTION_PX: Final = 5.0

Plane: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmarks:
    """Landmarks of a photo of `size` (width, height): `places` (n, 2) px and `descriptors` (n, 128)."""

    size: tuple[int, int]
    places: Plane
    descriptors: Plane


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """Quality of a registration; `overlap` and `spread` are shares (0 to 1) of a picture.

    `mapping` is the homography, row by row, from pixels of the earlier photo to pixels of the later one.
    """

    inliers: int
    inlier_ratio: float
    overlap: float
    spread: float
    mapping: tuple[float, ...]

    @property
    def is_reliable(self) -> bool:
        return (
            self.inliers >= MIN_INLIERS
            and self.inlier_ratio >= MIN_INLIER_RATIO
            and self.overlap >= MIN_OVERLAP
            and self.spread >= MIN_SPREAD
        )


def find_landmarks(pixels: Rgb) -> Landmarks:
    """Return the landmarks of a photo, at a long side of at most 1024 px."""
    grey = cv2.cvtColor(shrink(pixels, LONG_SIDE_PX), cv2.COLOR_RGB2GRAY)
    # Painted plating has little contrast, and daylight differs from visit to visit.
    levelled = cv2.createCLAHE(2.0, (8, 8)).apply(grey)
    detector = cv2.SIFT.create(nfeatures=_MAX_FEATURES, contrastThreshold=_CONTRAST_THRESHOLD)
    keypoints, descriptors = detector.detectAndCompute(levelled, None)
    height, width = grey.shape
    return Landmarks(
        size=(width, height),
        places=np.array([keypoint.pt for keypoint in keypoints], np.float32).reshape(-1, 2),
        descriptors=np.zeros((0, 128), np.float32) if descriptors is None else np.asarray(descriptors, np.float32),
    )


def register(before: Landmarks, after: Landmarks) -> Registration | None:
    """Register `before` to `after`; None if no plausible plane-to-plane mapping exists."""
    matches = _matches(before, after)
    if len(matches) < MIN_INLIERS:
        return None
    source = before.places[[match.queryIdx for match in matches]]
    target = after.places[[match.trainIdx for match in matches]]
    mapping, inliers = cv2.findHomography(source, target, cv2.RANSAC, _REPROJECTION_PX)
    if mapping is None:
        return None
    fits = inliers.ravel().astype(np.bool_)
    return Registration(
        inliers=int(fits.sum()),
        inlier_ratio=float(fits.mean()),
        overlap=_overlap(before.size, after.size, np.asarray(mapping, np.float64)),
        spread=_spread(target[fits], after.size),
        mapping=tuple(float(value) for value in np.ravel(mapping)),
    )


def _matches(before: Landmarks, after: Landmarks) -> list[Any]:
    """Lowe's ratio test; each landmark of `after` is used at most once."""
    if min(len(before.places), len(after.places)) < 2:
        return []
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(before.descriptors, after.descriptors, k=2)
    distinct = (best for best, second in pairs if best.distance < _LOWE_RATIO * second.distance)
    return _nearest_per_target(distinct)


def _nearest_per_target(matches: Iterable[Any]) -> list[Any]:
    nearest: dict[int, Any] = {}
    for match in matches:
        rival = nearest.get(match.trainIdx)
        if rival is None or match.distance < rival.distance:
            nearest[match.trainIdx] = match
    return list(nearest.values())


def _overlap(before_size: tuple[int, int], after_size: tuple[int, int], mapping: NDArray[np.float64]) -> float:
    """Shared part of the picture with the wider view: a close-up inside a wide picture overlaps little."""
    frame = _corners(after_size)
    homogeneous = np.column_stack([_corners(before_size), np.ones(4)]) @ mapping.T
    if homogeneous[:, 2].min() <= 0:  # part of the picture would lie behind the camera
        return 0.0
    projected = (homogeneous[:, :2] / homogeneous[:, 2:]).astype(np.float32)
    if not cv2.isContourConvex(projected) or _signed_area(projected) <= 0:  # folded or mirrored
        return 0.0
    shared, _ = cv2.intersectConvexConvex(projected, frame)
    return float(shared / max(_signed_area(projected), _signed_area(frame)))


def _spread(places: Plane, size: tuple[int, int]) -> float:
    """Share of the picture that the matched landmarks enclose."""
    hull = cv2.convexHull(places)
    return float(cv2.contourArea(hull) / (size[0] * size[1]))


def _corners(size: tuple[int, int]) -> Plane:
    width, height = size
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)


def _signed_area(polygon: Plane) -> float:
    """Positive for corners in the order of `_corners`."""
    x, y = polygon[:, 0].astype(np.float64), polygon[:, 1].astype(np.float64)
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)
