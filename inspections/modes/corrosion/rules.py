"""From what corrosion's engine saw to what corrosion reports.

Bands are of the photographed patch: none, trace (< 1 %), light (1–10), moderate (10–33), heavy (> 33). They follow the
breaks of ASTM D610's scale without grading to it.
"""

from collections.abc import Mapping, Sequence

from inspections.modes.base import Coverage, SeenPoint, Verdict, worst_rules
from inspections.modes.corrosion import wording
from inspections.modes.corrosion.guidance import guide

BANDS = ("none", "trace", "light", "moderate", "heavy")
_UPPER_BOUNDS_PERCENT = (("trace", 1.0), ("light", 10.0), ("moderate", 33.0))


def band_of(point: SeenPoint) -> str:
    """The coverage band of one point; only a point with a signal has one above "none"."""
    if point.finding is None or point.finding.signal_detected != "yes":
        return "none"
    percent = point.finding.extent.value
    return next((band for band, bound in _UPPER_BOUNDS_PERCENT if percent < bound), "heavy")


def judge(points: Sequence[SeenPoint], coverage: Coverage, context: Mapping[str, str]) -> Verdict:
    """The verdict over all points: the worst rules."""
    signal, level = worst_rules([point.finding for point in points])
    worst = max(points, key=lambda point: BANDS.index(band_of(point)))
    worst_band = band_of(worst)
    return Verdict(
        signal_detected=signal,
        confidence_level=level,
        guidance=guide(signal=signal, level=level, worst_band=worst_band),
        worst_band=worst_band,
        explanation=wording.explain(
            signal=signal,
            level=level,
            worst_band=worst_band,
            place=worst.label or f"point {worst.point_index}",
            photos_used=coverage.photos_used,
            rejected=coverage.photos_rejected,
            context=context,
        ),
        disclaimer=wording.DISCLAIMER,
        block={"points": [_entry(point) for point in points]},
    )


def _entry(point: SeenPoint) -> dict[str, object]:
    return {
        "point_index": point.point_index,
        "label": point.label,
        "coverage_band": band_of(point),
        "signal_detected": point.finding.signal_detected if point.finding else "inconclusive",
    }
