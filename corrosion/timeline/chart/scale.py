"""Places in the chart: days from left to right, lanes from top to bottom, bands inside a lane. Plain Python."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from corrosion.timeline.shape import PointVisit, Timeline
from inspections.modes.corrosion.vocabulary import CoverageBand
from inspections.vocabulary import SignalDetected

WIDTH: Final = 960
LEFT: Final = 88
RIGHT: Final = 936
TOP: Final = 64
HEADER: Final = 36
ROW: Final = 15
GAP: Final = 18
NOT_CLEAR: Final = "not clear"
# From top to bottom; the last row is for visits with photos that do not show it.
ROWS: Final = (*reversed(CoverageBand.values()), NOT_CLEAR)
LANE: Final = HEADER + ROW * len(ROWS) + GAP
_MARGIN_PX: Final = 22
_MOST_TICKS: Final = 12
_STEPS_IN_MONTHS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240)


@dataclass(frozen=True, slots=True)
class Scale:
    """Days as positions from left to right."""

    first: date
    last: date

    def x(self, day: date) -> float:
        span = max((self.last - self.first).days, 1)
        inner = RIGHT - LEFT - 2 * _MARGIN_PX
        share = (day - self.first).days / span if self.last > self.first else 0.5
        return LEFT + _MARGIN_PX + inner * share

    def ticks(self) -> Iterator[tuple[date, str]]:
        """Yield the first days of months or years, a dozen at most, with their labels."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        if months == 0:
            yield self.first, f"{self.first}"
            if self.last > self.first:
                yield self.last, f"{self.last}"
            return
        step = next((each for each in _STEPS_IN_MONTHS if months / each < _MOST_TICKS), _STEPS_IN_MONTHS[-1])
        month = self.first.year * 12 + self.first.month - 1
        month += -month % step
        while (day := date(month // 12, month % 12 + 1, 1)) <= self.last:
            if day >= self.first:
                yield day, f"{day.year}" if step >= 12 else f"{day:%Y-%m}"
            month += step


def scale_of(timeline: Timeline) -> Scale:
    """Return the scale from the first visit to the last visit or maintenance. Earlier maintenance separates nothing."""
    days = [visit.day for point in timeline.points for visit in point.visits]
    first = min(days)
    return Scale(first, max([*days, *(event.performed_on for event in timeline.events)]))


def lane_top(number: int) -> float:
    """Return the top of the lane of the point that comes at this place."""
    return TOP + LANE * number


def row_middle(row: str) -> float:
    """Return the middle of the row, from the top of its lane."""
    return HEADER + ROW * (ROWS.index(row) + 0.5)


def row_of(visit: PointVisit) -> str:
    return NOT_CLEAR if visit.signal_detected == SignalDetected.INCONCLUSIVE else visit.coverage_band
