"""From two visits to what is said of each point, and of the whole. Plain Python."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from corrosion.comparability import TOO_UNCERTAIN, PointPair, SeenPhoto, first_obstacle
from corrosion.trend import NO_CHANGE, Change, Trend, change_trend, whole_trend

# Changes whenever the same two visits could be answered differently; answers of another version are computed anew.
RULE_VERSION: Final = "matched-3"

IDENTICAL_PHOTOS: Final = "identical_photos"
_WIDE: Final = "wide"

Measurer = Callable[[SeenPhoto, SeenPhoto], Change | str]
"""How the area changed between two photos, or the reason why nothing is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointVerdict:
    """What is said of one point. Without a trend, `reasons` say why; `angle` is the one whose photos are shown.

    `change` is what was measured on that angle; None where nothing was.
    """

    point_index: int
    trend: Trend | None
    reasons: tuple[str, ...] = ()
    angle: str | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class WholeVerdict:
    """What is said of the two visits. Without a trend they are not comparable, and `reasons` say why."""

    trend: Trend | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one angle showed: a trend from a measured change, or a reason."""

    angle: str
    change: Change | None
    trend: Trend | None
    reason: str


def judge_without_looking(point_index: int, pair: PointPair) -> PointVerdict | None:
    """The verdict where it does not depend on any pixel: an obstacle, or the very same files. Else None."""
    obstacle = first_obstacle(pair)
    if obstacle is not None:
        return PointVerdict(point_index=point_index, trend=None, reasons=(obstacle,))
    if pair.is_identical:
        marked = _marked_angle(pair)
        shown = marked if marked in pair.angles else pair.angles[0]
        return PointVerdict(
            point_index=point_index, trend="stable", reasons=(IDENTICAL_PHOTOS,), angle=shown, change=NO_CHANGE
        )
    return None


def count_looks(pairs: Iterable[PointPair]) -> int:
    """How many changes will be measured over all these points: of many, one looks large by chance."""
    return sum(len(_near_angles(pair)) or 1 for pair in pairs)


def judge_by_looking(point_index: int, pair: PointPair, *, measure: Measurer, among: int) -> PointVerdict:
    """The verdict on a point that has no other obstacle: comparable if at least one angle shows the same place.

    Near photos judge; the wide one only where no near pair can be compared. The worst angle rules, unless two
    contradict each other.
    """
    readings = [_read(pair, angle, measure, among) for angle in _near_angles(pair)]
    if _WIDE in pair.angles and not any(reading.trend for reading in readings):
        readings.append(_read(pair, _WIDE, measure, among))
    trends = [reading.trend for reading in readings if reading.trend is not None]
    if {"worsening", "improving"} <= set(trends):
        return PointVerdict(point_index=point_index, trend=None, reasons=(TOO_UNCERTAIN,))
    trend = whole_trend(trends)
    if trend is None:
        reasons = tuple(dict.fromkeys(reading.reason for reading in readings))
        return PointVerdict(point_index=point_index, trend=None, reasons=reasons)
    telling = _most_telling([reading for reading in readings if reading.trend == trend], _marked_angle(pair))
    return PointVerdict(point_index=point_index, trend=trend, angle=telling.angle, change=telling.change)


def judge_whole(points: Sequence[PointVerdict]) -> WholeVerdict:
    """The worst comparable point rules."""
    trend = whole_trend([point.trend for point in points if point.trend is not None])
    if trend is not None:
        return WholeVerdict(trend, ())
    return WholeVerdict(None, tuple(dict.fromkeys(reason for point in points for reason in point.reasons)))


def _read(pair: PointPair, angle: str, measure: Measurer, among: int) -> _Reading:
    before, after = pair.photos_of(angle)
    measured = NO_CHANGE if before.sha256 == after.sha256 else measure(before, after)
    if isinstance(measured, str):
        return _Reading(angle, None, None, measured)
    trend = change_trend(measured, among=among)
    return _Reading(angle, measured, trend, "" if trend else TOO_UNCERTAIN)


def _most_telling(readings: Sequence[_Reading], marked: str | None) -> _Reading:
    """The angle that is marked up, so that photo and overlay show the same; else the one that changed most."""
    of_marked = (reading for reading in readings if reading.angle == marked)
    return next(of_marked, max(readings, key=lambda reading: abs(reading.change.points) if reading.change else 0.0))


def _near_angles(pair: PointPair) -> list[str]:
    return [angle for angle in pair.angles if angle != _WIDE]


def _marked_angle(pair: PointPair) -> str | None:
    return pair.after.overlay_angle if pair.after else None
