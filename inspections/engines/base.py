"""What every engine is handed and what it hands back.

An engine judges one point (its photos from several angles) at a time; the rules of the mode turn the points into
a result. Engines are pure: same bytes, same context and same `model_version` give the same finding.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Rgb: TypeAlias = NDArray[np.uint8]
"""Pixels, shape (height, width, 3), sRGB, orientation already applied."""

SignalDetected = Literal["yes", "no", "inconclusive"]
Confidence = Literal["low", "medium", "high"]
Strength = Literal["weak", "moderate", "strong"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One photograph of a point that passed the photo check.

    `content` are the encoded bytes (JPEG, PNG or HEIC) exactly as frozen; an engine decodes them at the size it
    needs with `imaging.decode`.
    """

    asset_id: str
    angle: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of the hull: `photos` in capture order, at least one."""

    point_index: int
    photos: tuple[Photo, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Something seen, e.g. `Signal(type="rust_coloured_area", strength="moderate")`. For staff, never for owners."""

    type: str
    strength: Strength


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A measured quantity with its range, e.g. `area_percent` 4.1 [2.0, 7.5]. For staff, never for owners."""

    name: str
    value: float
    low: float
    high: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PointFinding:
    """What one point shows.

    `extent` is the measurement that the mode's bands are read from, `reasons` say why a finding is inconclusive or
    unsure (tokens such as "angles_disagree", "too_little_hull"), `overlay_png` is the marked-up photo of
    `overlay_asset_id`, registered to it pixel for pixel up to scale.
    """

    point_index: int
    signal_detected: SignalDetected
    confidence: Confidence
    extent: Measurement
    signals: tuple[Signal, ...]
    measurements: tuple[Measurement, ...]
    reasons: tuple[str, ...]
    overlay_asset_id: str
    overlay_png: bytes


class Engine(Protocol):
    """One way of looking. `model_version` names everything that can change an answer."""

    mode: str
    model_version: str

    def examine(self, point: Point, *, context: Mapping[str, str]) -> PointFinding:
        """Judge one point. `context` is what the owner told about the hull (`hull_material`, `surface`, …)."""
        ...
