"""Compute comparisons: at once where no pixels are needed, else in the worker; one engine analyses both sides again."""

from collections.abc import Sequence
from functools import partial

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from corrosion.comparison import stored_points, work
from corrosion.comparison.baselines import Baselines, baselines_of
from corrosion.comparison.loading import visits_of
from corrosion.judgement.change import Predictor, measure_change
from corrosion.judgement.comparability import PointPair, VisitPhoto, pair_of
from corrosion.judgement.registration import LONG_SIDE_PX
from corrosion.judgement.trend import Change
from corrosion.judgement.verdicts import (
    RULE_VERSION,
    PointVerdict,
    judge_by_pixels,
    judge_overall,
    judge_without_pixels,
)
from corrosion.models import Comparison
from corrosion.vocabulary import ComparisonState, IncomparableReason, SupersedingCause
from inspections.engines.base import Engine
from inspections.engines.imaging.decode import Picture, UnreadableImage, read_picture
from inspections.engines.imaging.quality import is_too_far
from inspections.engines.registry import engine_for
from inspections.vocabulary import Mode
from inspections.work.evidence import EvidenceUnreadable, read_frozen
from maretech.common.observability import heartbeat
from maretech.common.work.outages import postpone_in_an_outage
from vessels.models import Vessel

log = structlog.get_logger(__name__)

Pairs = dict[int, PointPair]


def compute_without_pixels(comparison: Comparison) -> bool:
    """Compute a pending comparison that needs no pixels. Returns False if it needs a worker."""
    pairs = _pairs(comparison)
    verdicts = [judge_without_pixels(index, pair) for index, pair in pairs.items()]
    known = [verdict for verdict in verdicts if verdict is not None]
    if len(known) < len(verdicts):
        return False
    _store_answer(comparison, pairs, known, model_version="")
    return True


def compute(comparison_id: int) -> None:
    """Compute a pending comparison (worker side). Idempotent; a kill at any line is safe."""
    comparison = work.claim(comparison_id)
    if comparison is None:
        return
    with postpone_in_an_outage(lambda _: comparison.postpone(), comparison=str(comparison.pk)):
        _compute(comparison)


def _compute(comparison: Comparison) -> None:
    engine, pairs = current_engine(), _pairs(comparison)
    verdicts = {index: judge_without_pixels(index, pair) for index, pair in pairs.items()}
    measure = partial(_measure, predictor=engine, max_bytes=_max_bytes(comparison))
    undecided = [index for index, verdict in verdicts.items() if verdict is None]
    for index in undecided:
        verdicts[index] = judge_by_pixels(index, pairs[index], measure=measure, among=len(undecided))
        comparison.extend()
        heartbeat.beat("analyses")
    answers = [verdict for verdict in verdicts.values() if verdict is not None]
    _store_answer(comparison, pairs, answers, model_version=engine.model_version)


def reopen_outdated(comparison: Comparison) -> None:
    """Reopen a finished comparison if the rules, the model or the baselines have changed since."""
    cause = _cause_to_reopen(comparison) if comparison.state == ComparisonState.DONE else None
    if cause is not None:
        work.reopen(comparison, cause=cause)


def _cause_to_reopen(comparison: Comparison) -> SupersedingCause | None:
    if comparison.rule_version != RULE_VERSION:
        return SupersedingCause.RULE
    models = {comparison.model_version} - {""}  # empty if no pixels were read
    if models - {current_engine().model_version}:
        return SupersedingCause.MODEL
    # Maintenance reopens what it separates in its own transaction. This finds what a change of the owner's zone leaves,
    # and answers of the release before, which knows no maintenance.
    return SupersedingCause.MAINTENANCE if _baselines(comparison).contradict(comparison) else None


def _baselines(comparison: Comparison) -> Baselines:
    return baselines_of(comparison.before.owner_id, (comparison.before.vessel_id, comparison.after.vessel_id))


def current_engine() -> Engine:
    return engine_for(mode=Mode.CORROSION, name=settings.ENGINE)


def _pairs(comparison: Comparison) -> Pairs:
    """Returns the points of both visits, paired by index."""
    before, after = visits_of(comparison.before, comparison.after)
    indices = sorted({*before.points, *after.points})
    return {index: pair_of(index, before=before, after=after) for index in indices}


def _max_bytes(comparison: Comparison) -> int:
    return max(comparison.before.policy.max_bytes, comparison.after.policy.max_bytes)


def _measure(before: VisitPhoto, after: VisitPhoto, *, predictor: Predictor, max_bytes: int) -> Change | str:
    try:
        earlier, later = (_read(photo, max_bytes=max_bytes) for photo in (before, after))
    except EvidenceUnreadable:
        return IncomparableReason.PHOTOS_UNREADABLE
    if _is_unreliable(earlier) or _is_unreliable(later):
        return IncomparableReason.TOO_UNCERTAIN
    return measure_change(earlier.pixels, later.pixels, predictor=predictor)


def _is_unreliable(picture: Picture) -> bool:
    """Returns True if rust could be present but invisible: unseen on both visits, it would count as stable."""
    return bool(picture.quality_flags) or is_too_far(width=picture.header.width, height=picture.header.height)


def _read(photo: VisitPhoto, *, max_bytes: int) -> Picture:
    """Returns the picture of the frozen bytes. Raises `EvidenceUnreadable`."""
    try:
        content = read_frozen(photo.evidence_uri, sha256=photo.sha256, max_bytes=max_bytes)
        return read_picture(content, long_side_px=LONG_SIDE_PX)
    except (EvidenceUnreadable, UnreadableImage) as error:
        log.warning("evidence cannot be read again", asset=photo.asset_id, error=f"{type(error).__name__}: {error}")
        raise EvidenceUnreadable(photo.asset_id) from error


@transaction.atomic
def _store_answer(
    comparison: Comparison, pairs: Pairs, verdicts: Sequence[PointVerdict], *, model_version: str
) -> None:
    """Write the answer unless the comparison was settled, claimed or reopened since it was read.

    The vessel stays locked, so that its maintenance is the same before the answer is written and when it is committed.
    """
    if comparison.before.vessel_id is not None:  # None only if the inspection was deleted meanwhile
        list(Vessel.objects.select_for_update(no_key=True).filter(pk=comparison.before.vessel_id).values("pk"))
    overall = judge_overall(verdicts)
    if not _has_same_baselines(comparison, pairs):
        comparison.update_unless_changed(due_at=timezone.now())
    else:
        comparison.update_unless_changed(
            state=ComparisonState.DONE,
            rule_version=RULE_VERSION,
            model_version=model_version,
            comparable=overall.trend is not None,
            trend=overall.trend,
            reasons=list(overall.reasons),
            points=[stored_points.entry(pairs[verdict.point_index], verdict) for verdict in verdicts],
            explanation=stored_points.explanation(overall, pairs, verdicts),
            computed_at=timezone.now(),
        )
    comparison.refresh_from_db()


def _has_same_baselines(comparison: Comparison, pairs: Pairs) -> bool:
    """Return whether the maintenance that the verdicts are about is that of now."""
    baselines = _baselines(comparison)
    return all(pair.is_restarted == baselines.is_restarted(comparison, index) for index, pair in pairs.items())
