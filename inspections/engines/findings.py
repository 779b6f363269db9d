"""What goes into an engine and comes out of it, without pixels: also processes that read no photo import it."""

from dataclasses import dataclass
from typing import Literal

from inspections.vocabulary import ConfidenceLevel, SignalDetected

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
