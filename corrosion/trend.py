"""Better, worse or unchanged: what two measured areas say, and what the points say together. Plain Python."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

Trend = Literal["improving", "stable", "worsening"]
TRENDS: Final[tuple[Trend, ...]] = get_args(Trend)

# Two photos of the same unchanged place differ by this many percentage points of area, without colour or sharpness
# matching: measured once on repeat photos of unchanged steel.
REPEAT_PHOTO_NOISE_POINTS: Final = 5.6


@dataclass(frozen=True, slots=True)
class Area:
    """A measured share of the photographed patch with its range, in percent: 0 ≤ low ≤ value ≤ high ≤ 100."""

    value: float
    low: float
    high: float


def point_trend(*, before: Area, after: Area) -> Trend:
    """The trend of one point: a change counts only beyond the noise of taking, and of measuring, two photos."""
    change = after.value - before.value
    if abs(change) <= max(REPEAT_PHOTO_NOISE_POINTS, _combined_range(before, after)):
        return "stable"
    return "worsening" if change > 0 else "improving"


def whole_trend(trends: Sequence[Trend]) -> Trend | None:
    """The worst point rules, never the average; without any comparable point there is no trend."""
    if not trends:
        return None
    if "worsening" in trends:
        return "worsening"
    return "improving" if "improving" in trends else "stable"


def _combined_range(before: Area, after: Area) -> float:
    """How far the sides of the two ranges that face each other reach together, as independent errors add up."""
    smaller, larger = sorted((before, after), key=lambda area: area.value)
    return math.hypot(smaller.high - smaller.value, larger.value - larger.low)
