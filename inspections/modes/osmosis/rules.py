"""From what osmosis' engine saw to what osmosis reports.

Density bands count raised spots in the densest photo of an area: few (up to 5), several (up to 20), many. The words are
in the style of ISO 4628-2's quantities, which grades paint; no standard grades blisters in gelcoat.
"""

from collections.abc import Mapping, Sequence

from inspections.modes.base import Coverage, SeenPoint, Verdict, worst_rules
from inspections.modes.osmosis import wording
from inspections.modes.osmosis.guidance import guide

BANDS = ("none", "few", "several", "many")
_UPPER_BOUNDS_COUNT = (("few", 5), ("several", 20))


def band_of(area: SeenPoint) -> str:
    """The density band of one area; only an area with a signal has one above "none"."""
    if area.finding is None or area.finding.signal_detected != "yes":
        return "none"
    count = area.finding.extent.value
    return next((band for band, bound in _UPPER_BOUNDS_COUNT if count <= bound), "many")


def judge(areas: Sequence[SeenPoint], coverage: Coverage, context: Mapping[str, str]) -> Verdict:
    """The verdict over all areas: the worst rules."""
    signal, level = worst_rules([area.finding for area in areas])
    worst = max(areas, key=lambda area: BANDS.index(band_of(area)))
    worst_band = band_of(worst)
    return Verdict(
        signal_detected=signal,
        confidence_level=level,
        guidance=guide(signal=signal, level=level),
        worst_band=worst_band,
        explanation=wording.explain(
            signal=signal,
            level=level,
            worst_band=worst_band,
            place=worst.label or f"area {worst.point_index}",
            photos_used=coverage.photos_used,
            rejected=coverage.photos_rejected,
        ),
        disclaimer=wording.DISCLAIMER,
        block={"areas": [_entry(area) for area in areas]},
    )


def _entry(area: SeenPoint) -> dict[str, object]:
    return {
        "point_index": area.point_index,
        "label": area.label,
        "density_band": band_of(area),
        "signal_detected": area.finding.signal_detected if area.finding else "inconclusive",
    }
