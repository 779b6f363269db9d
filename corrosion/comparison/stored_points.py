"""Stored form of verdicts: entries with object keys, measured changes for staff, and wording for the owner."""

from collections.abc import Mapping, Sequence
from typing import Any

from corrosion.judgement import wording
from corrosion.judgement.comparability import PointPair, VisitPoint
from corrosion.judgement.trend import Change
from corrosion.judgement.verdicts import OverallVerdict, PointVerdict
from corrosion.vocabulary import IDENTICAL_PHOTOS, IncomparableReason

SHOWN_FIRST = ("mid", "wide", "close")


def entry(pair: PointPair, verdict: PointVerdict) -> dict[str, Any]:
    """Returns the stored form of a point. `change` is for staff and never shown to an owner."""
    return {
        "point_index": verdict.point_index,
        "trend": verdict.trend,
        "reasons": list(verdict.reasons),
        "from_photo_uri": _photo_uri(pair.before, verdict.angle),
        "to_photo_uri": _photo_uri(pair.after, verdict.angle),
        "overlay_uri": _overlay(pair.after, verdict),
        "change": _change(verdict.change),
    }


def restarted_in(points: Sequence[Mapping[str, Any]]) -> set[int]:
    """Returns the indices of the points that were not compared because of maintenance between the visits."""
    return {entry["point_index"] for entry in points if entry["reasons"] == [IncomparableReason.MAINTENANCE_BETWEEN]}


def explanation(overall: OverallVerdict, pairs: Mapping[int, PointPair], verdicts: Sequence[PointVerdict]) -> str:
    if overall.trend is None:
        return wording.explain_refusal(overall.reasons)
    comparable = [verdict for verdict in verdicts if verdict.trend is not None]
    return wording.explain_trend(
        trend=overall.trend,
        places=[_place(pairs, verdict) for verdict in comparable if verdict.trend == overall.trend],
        compared=len(comparable),
        points=len(verdicts),
        same_files=all(IDENTICAL_PHOTOS in verdict.reasons for verdict in comparable),
    )


def _place(pairs: Mapping[int, PointPair], verdict: PointVerdict) -> str:
    after = pairs[verdict.point_index].after
    return (after.label if after else "") or f"point {verdict.point_index}"


def _overlay(after: VisitPoint | None, verdict: PointVerdict) -> str | None:
    """Returns the second photo's mark-up if the second photo shown is the marked-up one."""
    shows_it = after is not None and verdict.trend is not None and verdict.angle == after.overlay_angle
    return after.overlay_uri if after is not None and shows_it else None


def _change(change: Change | None) -> dict[str, Any] | None:
    if change is None:
        return None
    low, high = change.range
    return {"points": round(change.points, 2), "low": round(low, 2), "high": round(high, 2)}


def _photo_uri(point: VisitPoint | None, angle: str | None) -> str | None:
    photos = point.photos if point else {}
    angles = (angle or SHOWN_FIRST[0], *SHOWN_FIRST)
    return next((photos[name].view_uri for name in angles if name in photos), "") or None
