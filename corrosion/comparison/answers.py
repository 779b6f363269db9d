"""The answer of a comparison, without its photos: stored, given at once where none are needed, reopened if outdated."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from corrosion.comparison import stored_points, work
from corrosion.comparison.baselines import Baselines, baselines_of
from corrosion.comparison.loading import visits_of
from corrosion.judgement.comparability import PointPair, pair_of
from corrosion.judgement.verdicts import RULE_VERSION, PointVerdict, judge_overall, judge_without_pixels
from corrosion.models import Comparison
from corrosion.vocabulary import ComparisonState, SupersedingCause
from inspections.engines.registry import model_version_of
from inspections.vocabulary import Mode
from vessels.models import Vessel

Pairs = dict[int, PointPair]


def compute_without_pixels(comparison: Comparison) -> bool:
    """Compute a pending comparison that needs no pixels. Returns False if it needs a worker."""
    pairs = pairs_of(comparison)
    verdicts = [judge_without_pixels(index, pair) for index, pair in pairs.items()]
    known = [verdict for verdict in verdicts if verdict is not None]
    if len(known) < len(verdicts):
        return False
    store_answer(comparison, pairs, known, model_version="")
    return True


def reopen_outdated(comparison: Comparison) -> None:
    """Reopen a finished comparison if the rules, the model or the baselines have changed since."""
    cause = _cause_to_reopen(comparison) if comparison.state == ComparisonState.DONE else None
    if cause is not None:
        work.reopen(comparison, cause=cause)


def _cause_to_reopen(comparison: Comparison) -> SupersedingCause | None:
    if comparison.rule_version != RULE_VERSION:
        return SupersedingCause.RULE
    models = {comparison.model_version} - {""}  # empty if no pixels were read
    if models - {current_model_version()}:
        return SupersedingCause.MODEL
    # Maintenance reopens what it separates in its own transaction. This finds what a change of the owner's zone leaves,
    # and answers of the release before, which knows no maintenance.
    return SupersedingCause.MAINTENANCE if _baselines(comparison).contradict(comparison) else None


def _baselines(comparison: Comparison) -> Baselines:
    return baselines_of(comparison.before.owner_id, (comparison.before.vessel_id, comparison.after.vessel_id))


def current_model_version() -> str:
    return model_version_of(mode=Mode.CORROSION, name=settings.ENGINE)


def pairs_of(comparison: Comparison) -> Pairs:
    """Returns the points of both visits, paired by index."""
    before, after = visits_of(comparison.before, comparison.after)
    indices = sorted({*before.points, *after.points})
    return {index: pair_of(index, before=before, after=after) for index in indices}


@transaction.atomic
def store_answer(comparison: Comparison, pairs: Pairs, verdicts: Sequence[PointVerdict], *, model_version: str) -> None:
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
