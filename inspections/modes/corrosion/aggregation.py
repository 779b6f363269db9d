"""Aggregate the corrosion engine's findings into the reported result.

Bands are of the photographed patch: none, trace (< 1 %), light (1–10), moderate (10–33), heavy (> 33). They follow the
breaks of ASTM D610's scale without grading to it.
"""

from collections.abc import Mapping, Sequence

from inspections.modes.base import Assessment, Coverage, PointResult, find_worst_point
from inspections.modes.corrosion import wording
from inspections.modes.corrosion.guidance import guide
from inspections.modes.corrosion.vocabulary import CoverageBand
from inspections.vocabulary import SignalDetected

_UPPER_BOUNDS_PERCENT = ((CoverageBand.TRACE, 1.0), (CoverageBand.LIGHT, 10.0), (CoverageBand.MODERATE, 33.0))


def band_of(point: PointResult) -> CoverageBand:
    """Returns the coverage band of one point; only a point with a signal has one above "none"."""
    if point.finding is None or point.finding.signal_detected != SignalDetected.YES:
        return CoverageBand.NONE
    percent = point.finding.extent.value
    return next((band for band, bound in _UPPER_BOUNDS_PERCENT if percent < bound), CoverageBand.HEAVY)


def assess(points: Sequence[PointResult], coverage: Coverage, context: Mapping[str, str]) -> Assessment:
    """Return the assessment of all points: the worst one decides."""
    worst = find_worst_point(points, rank=_rank)
    point, band = worst.point, band_of(worst.point)
    return Assessment(
        signal_detected=point.signal_detected,
        confidence_level=point.confidence,
        guidance=guide(signal=point.signal_detected, level=point.confidence, worst_band=band),
        worst_band=band,
        explanation=wording.explain(worst, points, coverage, worst_band=band, context=context),
        disclaimer=wording.DISCLAIMER,
        block={"points": [_entry(point) for point in points]},
    )


def _entry(point: PointResult) -> dict[str, object]:
    return {
        "point_index": point.point_index,
        "label": point.label,
        "coverage_band": band_of(point),
        "signal_detected": point.signal_detected,
    }


def _rank(point: PointResult) -> int:
    return list(CoverageBand).index(band_of(point))
