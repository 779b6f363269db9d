"""From two visits to what is said of each point, and of the whole. Plain Python."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from corrosion.comparability import PHOTOS_DO_NOT_MATCH, PointPair, SeenPhoto, first_obstacle
from corrosion.registration import Registration
from corrosion.trend import Trend, point_trend, whole_trend

# Changes whenever the same two visits could be answered differently; answers of another version are computed anew.
RULE_VERSION: Final = "area-1"

IDENTICAL_PHOTOS: Final = "identical_photos"

Matcher = Callable[[SeenPhoto, SeenPhoto], Registration | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointVerdict:
    """What is said of one point. Without a trend, `reasons` say why; `angle` is the one whose photos are shown."""

    point_index: int
    trend: Trend | None
    reasons: tuple[str, ...] = ()
    angle: str | None = None


@dataclass(frozen=True, slots=True)
class WholeVerdict:
    """What is said of the two visits. Without a trend they are not comparable, and `reasons` say why."""

    trend: Trend | None
    reasons: tuple[str, ...]


def judge_without_looking(point_index: int, pair: PointPair) -> PointVerdict | None:
    """The verdict where it does not depend on any pixel: an obstacle, or the very same files. Else None."""
    obstacle = first_obstacle(pair)
    if obstacle is not None:
        return PointVerdict(point_index=point_index, trend=None, reasons=(obstacle,))
    if pair.is_identical:
        shown = _first(pair, pair.angles)
        return PointVerdict(point_index=point_index, trend="stable", reasons=(IDENTICAL_PHOTOS,), angle=shown)
    return None


def judge_by_looking(point_index: int, pair: PointPair, *, match: Matcher) -> PointVerdict:
    """The verdict on a point that has no other obstacle: comparable if at least one angle shows the same place."""
    assert pair.before is not None
    assert pair.after is not None
    assert pair.before.area is not None
    assert pair.after.area is not None
    angle = _matching_angle(pair, match)
    if angle is None:
        return PointVerdict(point_index=point_index, trend=None, reasons=(PHOTOS_DO_NOT_MATCH,))
    trend = point_trend(before=pair.before.area, after=pair.after.area)
    return PointVerdict(point_index=point_index, trend=trend, angle=angle)


def judge_whole(points: Sequence[PointVerdict]) -> WholeVerdict:
    """The worst comparable point rules."""
    trend = whole_trend([point.trend for point in points if point.trend is not None])
    if trend is not None:
        return WholeVerdict(trend, ())
    return WholeVerdict(None, tuple(dict.fromkeys(reason for point in points for reason in point.reasons)))


def _matching_angle(pair: PointPair, match: Matcher) -> str | None:
    """The marked-up angle if it matches, so that photo and overlay show the same; else the one that matches best."""
    first = _first(pair, pair.angles)
    if first is not None and _matched_inliers(pair, first, match):
        return first
    inliers = {angle: _matched_inliers(pair, angle, match) for angle in pair.angles if angle != first}
    best = max(inliers, key=inliers.__getitem__, default=None)
    return best if best is not None and inliers[best] else None


def _matched_inliers(pair: PointPair, angle: str, match: Matcher) -> int:
    registration = match(*pair.photos_of(angle))
    return registration.inliers if registration is not None and registration.is_reliable else 0


def _first(pair: PointPair, angles: Sequence[str]) -> str | None:
    marked = pair.after.overlay_angle if pair.after else None
    return marked if marked in angles else next(iter(angles), None)
