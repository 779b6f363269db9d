"""Computing comparisons: at once where no pixel is needed, else by the worker. Written once per rule version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.utils import timezone

from corrosion import wording
from corrosion.choices import ComparisonState
from corrosion.comparability import PointPair, SeenPhoto, SeenPoint, pair_of
from corrosion.models import Comparison
from corrosion.registration import LONG_SIDE_PX, Landmarks, Registration, find_landmarks, register
from corrosion.verdicts import (
    IDENTICAL_PHOTOS,
    RULE_VERSION,
    PointVerdict,
    WholeVerdict,
    judge_by_looking,
    judge_whole,
    judge_without_looking,
)
from corrosion.visits import visits_of
from inspections.engines.imaging.decode import UnreadableImage, decode
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectMissing, ObjectTooLarge

log = structlog.get_logger(__name__)

MAX_RETRY_DOUBLINGS = 6
SHOWN_FIRST = ("mid", "wide", "close")


@dataclass(frozen=True, slots=True)
class _Comparing:
    """The points of both visits, side by side, and the most bytes one of their photos can have."""

    pairs: dict[int, PointPair]
    max_bytes: int


def settle_at_once(comparison: Comparison) -> bool:
    """Settle a pending comparison that needs no look at any pixel; False when it needs a worker."""
    comparing = _comparing(comparison)
    verdicts = [judge_without_looking(index, pair) for index, pair in comparing.pairs.items()]
    known = [verdict for verdict in verdicts if verdict is not None]
    if len(known) < len(verdicts):
        return False
    _settle(comparison, comparing, known)
    return True


def compute(comparison_id: int) -> None:
    """Worker side: compute a pending comparison. Safe to run twice, and to be killed at any line."""
    comparison = _claim(comparison_id)
    if comparison is None:
        return
    comparing = _comparing(comparison)

    def match(before: SeenPhoto, after: SeenPhoto) -> Registration | None:
        return _register(before, after, max_bytes=comparing.max_bytes)

    verdicts = []
    for index, pair in comparing.pairs.items():
        verdicts.append(judge_without_looking(index, pair) or judge_by_looking(index, pair, match=match))
        _hold(comparison)
    _settle(comparison, comparing, verdicts)


def reopen_outdated(comparison: Comparison) -> None:
    """Have a comparison that another version of the rules computed computed anew."""
    if comparison.state != ComparisonState.DONE or comparison.rule_version == RULE_VERSION:
        return
    Comparison.objects.filter(
        pk=comparison.pk, state=ComparisonState.DONE, rule_version=comparison.rule_version
    ).update(
        state=ComparisonState.PENDING,
        rule_version=RULE_VERSION,
        comparable=None,
        trend=None,
        computed_at=None,
        send_at=timezone.now(),
        attempts=0,
    )
    comparison.refresh_from_db()


def take_turn_to_send(comparison_id: int) -> bool:
    """Whether the worker is to be told now; of several callers, one is told yes."""
    now = timezone.now()
    due = Comparison.objects.filter(pk=comparison_id, state=ComparisonState.PENDING, send_at__lte=now)
    return bool(due.update(send_at=now + timedelta(seconds=settings.JOB_REENQUEUE_SECONDS)))


def comparisons_to_send() -> list[int]:
    """Pending comparisons whose last message must be gone by now; noted as sent again."""
    due = Comparison.objects.filter(
        state=ComparisonState.PENDING,
        send_at__lte=timezone.now(),
        before__deleted_at=None,
        after__deleted_at=None,
    )
    return [pk for pk in due.order_by("requested_at").values_list("pk", flat=True) if take_turn_to_send(pk)]


def _claim(comparison_id: int) -> Comparison | None:
    """The pending comparison, noted as tried; None if there is none, or another worker has just taken it."""
    comparison = (
        Comparison.objects.select_related("before__policy", "after__policy")
        .filter(pk=comparison_id, state=ComparisonState.PENDING, before__deleted_at=None, after__deleted_at=None)
        .first()
    )
    if comparison is None:
        return None
    seen = comparison.attempts
    comparison.attempts = seen + 1
    untaken = Comparison.objects.filter(pk=comparison_id, state=ComparisonState.PENDING, attempts=seen)
    taken = untaken.update(attempts=comparison.attempts, send_at=_next_try(comparison))
    return comparison if taken else None


def _hold(comparison: Comparison) -> None:
    """Nobody else is told while this attempt gets on with it."""
    Comparison.objects.filter(pk=comparison.pk, state=ComparisonState.PENDING).update(send_at=_next_try(comparison))


def _next_try(comparison: Comparison) -> datetime:
    """When an attempt that went silent is followed by another: ever more rarely, in case it is our own fault."""
    doublings = min(comparison.attempts - 1, MAX_RETRY_DOUBLINGS)
    return timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS * 2**doublings)


def _comparing(comparison: Comparison) -> _Comparing:
    before, after = visits_of(comparison.before, comparison.after)
    indices = sorted({*before.points, *after.points})
    return _Comparing(
        {index: pair_of(index, before=before, after=after) for index in indices},
        max(comparison.before.policy.max_bytes, comparison.after.policy.max_bytes),
    )


def _register(before: SeenPhoto, after: SeenPhoto, *, max_bytes: int) -> Registration | None:
    earlier = _landmarks(before, max_bytes=max_bytes)
    later = _landmarks(after, max_bytes=max_bytes)
    return register(earlier, later) if earlier and later else None


def _landmarks(photo: SeenPhoto, *, max_bytes: int) -> Landmarks | None:
    """The landmarks of the frozen bytes; None when they are not what the analysis once read."""
    try:
        content = object_store().read(photo.evidence_uri, max_bytes=max_bytes)
        return find_landmarks(decode(content, long_side_px=LONG_SIDE_PX))
    except (ObjectMissing, ObjectTooLarge, UnreadableImage) as exc:
        log.warning("evidence cannot be read again", asset=photo.asset_id, error=type(exc).__name__)
        return None


def _settle(comparison: Comparison, comparing: _Comparing, verdicts: Sequence[PointVerdict]) -> None:
    """Write the answer, unless somebody already has."""
    whole = judge_whole(verdicts)
    Comparison.objects.filter(pk=comparison.pk, state=ComparisonState.PENDING).update(
        state=ComparisonState.DONE,
        rule_version=RULE_VERSION,
        comparable=whole.trend is not None,
        trend=whole.trend,
        reasons=list(whole.reasons),
        points=[_entry(comparing.pairs[verdict.point_index], verdict) for verdict in verdicts],
        explanation=_explanation(whole, comparing, verdicts),
        computed_at=timezone.now(),
    )
    comparison.refresh_from_db()


def _explanation(whole: WholeVerdict, comparing: _Comparing, verdicts: Sequence[PointVerdict]) -> str:
    if whole.trend is None:
        return wording.explain_refusal(whole.reasons)
    comparable = [verdict for verdict in verdicts if verdict.trend is not None]
    return wording.explain_trend(
        trend=whole.trend,
        places=[_place(comparing, verdict) for verdict in comparable if verdict.trend == whole.trend],
        compared=len(comparable),
        points=len(verdicts),
        same_files=all(IDENTICAL_PHOTOS in verdict.reasons for verdict in comparable),
    )


def _place(comparing: _Comparing, verdict: PointVerdict) -> str:
    after = comparing.pairs[verdict.point_index].after
    return (after.label if after else "") or f"point {verdict.point_index}"


def _entry(pair: PointPair, verdict: PointVerdict) -> dict[str, Any]:
    """One point as it is kept. The overlay belongs to the second photo, and only to a comparison that was made."""
    return {
        "point_index": verdict.point_index,
        "trend": verdict.trend,
        "reasons": list(verdict.reasons),
        "from_photo_uri": _shown(pair.before, verdict.angle),
        "to_photo_uri": _shown(pair.after, verdict.angle),
        "overlay_uri": pair.after.overlay_uri if pair.after and verdict.trend else None,
    }


def _shown(point: SeenPoint | None, angle: str | None) -> str | None:
    photos = point.photos if point else {}
    wanted = (angle or SHOWN_FIRST[0], *SHOWN_FIRST)
    return next((photos[name].view_uri for name in wanted if name in photos), "") or None
