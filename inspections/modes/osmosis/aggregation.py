"""Aggregate the osmosis engine's findings into the reported result.

Density bands count raised spots in the densest photo of an area: few (up to 5), several (up to 20), many. The words are
in the style of ISO 4628-2's quantities, which grades paint; no standard grades blisters in gelcoat.

No photographs of real blisters were available for testing, so confidence never exceeds medium, whichever engine ran.
"""

from collections.abc import Mapping, Sequence

from inspections.modes.base import Assessment, Coverage, PointResult, cap_confidence, find_worst_point
from inspections.modes.osmosis import wording
from inspections.modes.osmosis.guidance import guide
from inspections.modes.osmosis.lift_out import time_ashore
from inspections.modes.osmosis.vocabulary import DensityBand
from inspections.vocabulary import ConfidenceLevel, SignalDetected

HIGHEST_LEVEL: ConfidenceLevel = ConfidenceLevel.MEDIUM
_UPPER_BOUNDS_COUNT = ((DensityBand.FEW, 5), (DensityBand.SEVERAL, 20))


def band_of(area: PointResult) -> DensityBand:
    """Returns the density band of one area; only an area with a signal has one above "none"."""
    if area.finding is None or area.finding.signal_detected != SignalDetected.YES:
        return DensityBand.NONE
    count = area.finding.extent.value
    return next((band for band, bound in _UPPER_BOUNDS_COUNT if count <= bound), DensityBand.MANY)


def assess(areas: Sequence[PointResult], coverage: Coverage, context: Mapping[str, str]) -> Assessment:
    """Return the assessment of all areas: the worst one decides."""
    worst = find_worst_point(areas, rank=_rank)
    point, band = worst.point, band_of(worst.point)
    level = cap_confidence(point.confidence, highest=HIGHEST_LEVEL)
    ashore = time_ashore(areas, context)
    return Assessment(
        signal_detected=point.signal_detected,
        confidence_level=level,
        guidance=guide(signal=point.signal_detected, level=level),
        worst_band=band,
        explanation=wording.explain(worst, areas, coverage, level=level, worst_band=band, ashore=ashore),
        disclaimer=wording.DISCLAIMER,
        block={"areas": [_entry(area) for area in areas], "hours_since_lift_out": ashore.hours},
    )


def _entry(area: PointResult) -> dict[str, object]:
    return {
        "point_index": area.point_index,
        "label": area.label,
        "density_band": band_of(area),
        "signal_detected": area.signal_detected,
    }


def _rank(area: PointResult) -> int:
    return list(DensityBand).index(band_of(area))
