"""Results of points, as input of the rules of a mode."""

from collections.abc import Mapping

from inspections.engines.findings import Measurement, PointFinding
from inspections.modes.base import Assessment, Coverage, PointResult, RejectedPhoto
from inspections.modes.registry import rules_of
from inspections.vocabulary import ConfidenceLevel, SignalDetected

ANGLES = ("wide", "mid", "close")
FORMATS = "JPEG, PNG or HEIC"
# An extent in the middle of each band.
EXTENTS = {
    "corrosion": {"trace": 0.5, "light": 5.0, "moderate": 20.0, "heavy": 50.0},
    "osmosis": {"few": 3.0, "several": 10.0, "many": 50.0},
}


def point_result(
    index: int,
    signal: SignalDetected,
    confidence: ConfidenceLevel = "medium",
    *,
    extent: float = 0.0,
    reasons: tuple[str, ...] = (),
    rejected_photos: tuple[RejectedPhoto, ...] = (),
    label: str = "",
) -> PointResult:
    """Return a point of three photos, less the rejected ones."""
    finding = PointFinding(
        point_index=index,
        signal_detected=signal,
        confidence=confidence,
        extent=Measurement(name="extent", value=extent, low=0.0, high=2 * extent, unit="units"),
        signals=(),
        measurements=(),
        reasons=reasons,
        overlay_asset_id="asset",
        overlay_png=b"",
    )
    return PointResult(
        point_index=index,
        label=label,
        finding=finding,
        photos_used=3 - len(rejected_photos),
        rejected_photos=rejected_photos,
    )


def unusable_point(index: int, *reasons: str) -> PointResult:
    """Return a point with three unusable photos."""
    rejected_photos = tuple(
        RejectedPhoto(angle=angle, reasons=reasons or ("too_dark",), formats=FORMATS) for angle in ANGLES
    )
    return PointResult(point_index=index, label="", finding=None, rejected_photos=rejected_photos)


def assess(mode: str, *points: PointResult, context: Mapping[str, str] | None = None) -> Assessment:
    coverage = Coverage(
        points=len(points),
        photos_used=sum(point.photos_used for point in points),
        photos_rejected=sum(len(point.rejected_photos) for point in points),
    )
    return rules_of(mode).assess(points, coverage, context or {})
