"""Input and output types of every engine.

An engine judges one point (its photos from several angles) at a time; the rules of the mode turn the points into a
result. Engines are pure: same bytes, same context and same `model_version` give the same finding.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from inspections.vocabulary import ConfidenceLevel, SignalDetected

Rgb: TypeAlias = NDArray[np.uint8]
"""Pixels, shape (height, width, 3), sRGB, orientation already applied."""
Plane: TypeAlias = NDArray[np.float32]
"""One number per pixel, shape (height, width)."""
SegmentationMap: TypeAlias = NDArray[np.uint8]
"""One class per pixel, shape (height, width): 0 is background, higher is worse."""

Strength = Literal["weak", "moderate", "strong"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One photograph of a point that passed the photo check.

    `content` holds the encoded bytes (JPEG, PNG or HEIC) exactly as frozen; an engine decodes them at the size it needs
    with `imaging.decode`.
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
    """A visible sign, e.g. `Signal(type="rust_coloured_area", strength="moderate")`. For staff, never for owners."""

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
class Circle:
    """A round object in a picture; centre and radius in its pixels, and its likelihood, 0 to 1."""

    x: float
    y: float
    radius: float
    likelihood: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """The result of one picture alone, before the other angles are considered.

    `probability` (0 to 1) is the calibrated probability that the mode's signal is in the picture. `quality_flags` are
    tokens that say why the prediction is unreliable, such as "unlike_training". `probability_map` is the expected share
    of every pixel that shows the signal, `segmentation_map` its class; both are None for an engine without maps.
    `detections` are the individual objects counted, in pixels of the picture.
    """

    probability: float
    quality_flags: tuple[str, ...] = ()
    probability_map: Plane | None = None
    segmentation_map: SegmentationMap | None = None
    detections: tuple[Circle, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PointFinding:
    """The finding of one point.

    `extent` is the measurement from which the mode's bands are read, `reasons` say why a finding is inconclusive or
    unsure (tokens such as "angles_disagree", "unsure"), `overlay_png` is the marked-up photo of `overlay_asset_id`,
    registered to it pixel for pixel up to scale.
    """

    point_index: int
    signal_detected: SignalDetected
    confidence: ConfidenceLevel
    extent: Measurement
    signals: tuple[Signal, ...]
    measurements: tuple[Measurement, ...]
    reasons: tuple[str, ...]
    overlay_asset_id: str
    overlay_png: bytes


class Detector(Protocol):
    """The part of an engine that reads pixels; the engine around it judges points and chooses words.

    `name` and `digest` (of everything that can change a prediction) go into the engine's `model_version`. Pictures come
    with a long side of at most `long_side_px`.
    """

    name: str
    digest: str
    long_side_px: int

    def predict(self, pixels: Rgb) -> Prediction:
        """Return the prediction for one picture. Same pixels, same prediction; safe to call from several threads."""
        ...


class Engine(Protocol):
    """One method of judgement. `model_version` covers everything that can change an answer."""

    mode: str
    model_version: str
    long_side_px: int
    """Long side of the pictures that `predict` takes; `examine` decodes to it by itself."""

    def predict(self, pixels: Rgb) -> Prediction:
        """Return the prediction for one picture. Same pixels, same prediction."""
        ...

    def examine(self, point: Point, *, context: Mapping[str, str]) -> PointFinding:
        """Judge one point. `context` is what the owner entered about the hull (`hull_material`, `surface`, …)."""
        ...
