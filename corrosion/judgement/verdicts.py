"""Derive the verdict on each point and on the whole from two visits. Plain Python."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from corrosion.judgement.comparability import PointPair, VisitPhoto, first_obstacle
from corrosion.judgement.trend import NO_CHANGE, Change, overall_trend, place_trend, pool_changes
from corrosion.vocabulary import IDENTICAL_PHOTOS, IncomparableReason, Trend

# Change this whenever the same two visits could get another answer; answers of other versions are recomputed.
RULE_VERSION: Final = "matched-4"

_WIDE: Final = "wide"

Measurer = Callable[[VisitPhoto, VisitPhoto], Change | str]
"""From two photos to the change of area, or to the reason why it is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointVerdict:
    """Verdict on one point. Without a trend, `reasons` give the reasons; `angle` is the angle of the photos shown.

    `change` is the combined measurement of its angles; None if nothing was measured.
    """

    point_index: int
    trend: Trend | None
    reasons: tuple[str, ...] = ()
    angle: str | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class OverallVerdict:
    """Verdict on both visits. Without a trend they are not comparable, and `reasons` give the reasons."""

    trend: Trend | None
    reasons: tuple[str, ...]


def judge_without_pixels(point_index: int, pair: PointPair) -> PointVerdict | None:
    """Returns the verdict if it needs no pixels (an obstacle, or identical files), else None."""
    obstacle = first_obstacle(pair)
    if obstacle is not None:
        return PointVerdict(point_index=point_index, trend=None, reasons=(obstacle,))
    if pair.is_identical:
        marked = _marked_angle(pair)
        shown = marked if marked in pair.angles else pair.angles[0]
        return PointVerdict(
            point_index=point_index, trend=Trend.STABLE, reasons=(IDENTICAL_PHOTOS,), angle=shown, change=NO_CHANGE
        )
    return None


def judge_by_pixels(point_index: int, pair: PointPair, *, measure: Measurer, among: int) -> PointVerdict:
    """Judge one of `among` points that have no other obstacle; at least one angle must show the same place.

    Near photos are judged together; the wide one counts only if no near pair can be compared. If one says better and
    the other worse, the trend is unknown.
    """
    near = [angle for angle in pair.angles if angle != _WIDE]
    measured = {angle: _measure_angle(pair, angle, measure) for angle in near}
    if _WIDE in pair.angles and not _changes(measured):
        measured[_WIDE] = _measure_angle(pair, _WIDE, measure)
    changes = _changes(measured)
    if not changes:
        reasons = tuple(dict.fromkeys(reason for reason in measured.values() if isinstance(reason, str)))
        return PointVerdict(point_index=point_index, trend=None, reasons=reasons)
    values = list(changes.values())
    change, trend = pool_changes(values), place_trend(values, among=among)
    if trend is None:
        return PointVerdict(
            point_index=point_index, trend=None, reasons=(IncomparableReason.TOO_UNCERTAIN,), change=change
        )
    angle = _shown_angle(changes, trend, _marked_angle(pair))
    return PointVerdict(point_index=point_index, trend=trend, angle=angle, change=change)


def judge_overall(points: Sequence[PointVerdict]) -> OverallVerdict:
    """The worst comparable point rules."""
    trend = overall_trend([point.trend for point in points if point.trend is not None])
    if trend is not None:
        return OverallVerdict(trend, ())
    return OverallVerdict(None, tuple(dict.fromkeys(reason for point in points for reason in point.reasons)))


def _measure_angle(pair: PointPair, angle: str, measure: Measurer) -> Change | str:
    before, after = pair.photos_of(angle)
    return NO_CHANGE if before.sha256 == after.sha256 else measure(before, after)


def _changes(measured: Mapping[str, Change | str]) -> dict[str, Change]:
    return {angle: measurement for angle, measurement in measured.items() if isinstance(measurement, Change)}


def _shown_angle(changes: Mapping[str, Change], trend: Trend, marked: str | None) -> str:
    """Returns the angle to show, among those that changed in the reported direction.

    Prefers the marked-up angle, so that photo and overlay show the same; else the one that changed most.
    """
    sign = {Trend.WORSENING: 1, Trend.IMPROVING: -1, Trend.STABLE: 0}[trend]
    candidates = {angle: abs(change.points) for angle, change in changes.items() if sign * change.points >= 0}
    return marked if marked in candidates else max(candidates, key=candidates.__getitem__)


def _marked_angle(pair: PointPair) -> str | None:
    return pair.after.overlay_angle if pair.after else None
