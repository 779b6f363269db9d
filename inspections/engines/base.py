"""What every engine provides, and the pixels it reads; `inspections.engines.findings` has what goes in and comes out.

An engine judges one point (its photos from several angles) at a time; the rules of the mode turn the points into a
result. Engines are pure: same bytes, same context and same `model_version` give the same finding.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from inspections.engines.findings import Point, PointFinding

Rgb: TypeAlias = NDArray[np.uint8]
"""Pixels, shape (height, width, 3), sRGB, orientation already applied."""
Plane: TypeAlias = NDArray[np.float32]
"""One number per pixel, shape (height, width)."""
SegmentationMap: TypeAlias = NDArray[np.uint8]
"""One class per pixel, shape (height, width): 0 is background, higher is worse."""


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
