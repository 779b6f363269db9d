"""What a comparison says about one point now: its answer as far as the baselines of today allow it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery

from corrosion.comparison.baselines import Baselines, is_given_up
from corrosion.comparison.stored_points import restarted_in
from corrosion.judgement.segments import Pair
from corrosion.models import Comparison, SupersededAnswer
from corrosion.timeline.shape import Step
from corrosion.vocabulary import ComparisonState, IncomparableReason

RESTARTED = Step(None, comparable=False, reasons=(IncomparableReason.MAINTENANCE_BETWEEN,))


@dataclass(frozen=True, slots=True)
class Answers:
    """The comparisons of a timeline by their pairs, and the last answer of each that is computed again."""

    comparisons: Mapping[Pair, Comparison]
    baselines: Baselines
    superseded: Mapping[int, SupersededAnswer] = field(default_factory=dict)

    def step(self, pair: Pair, point_index: int) -> Step | None:
        """Return what is known about the point between both visits; None while it is computed.

        The maintenance noted now decides first: neither an answer from before it was noted, nor one that a worker
        has not replaced yet, ever shows a change across maintenance. Beyond that, a comparison that is computed again
        keeps its last answer.
        """
        comparison = self.comparisons.get(pair)
        if comparison is None:
            return None
        if self.baselines.is_restarted(comparison, point_index):
            return RESTARTED
        answer = comparison if is_done(comparison) else self.superseded.get(comparison.pk)
        return None if answer is None else _step_of(answer, point_index)


def _step_of(answer: Comparison | SupersededAnswer, point_index: int) -> Step | None:
    entries: dict[int, dict[str, Any]] = {entry["point_index"]: entry for entry in answer.points}
    if point_index in restarted_in(answer.points):  # the maintenance is gone
        return None
    if point_index in entries:
        entry = entries[point_index]
        return Step(entry["trend"], comparable=entry["trend"] is not None, reasons=tuple(entry["reasons"]))
    return Step(None, comparable=False, reasons=tuple(answer.reasons)) if is_given_up(answer) else None


def comparisons_of(owner_id: UUID, vessel_id: UUID) -> dict[Pair, Comparison]:
    """Return the comparisons that are marked as the vessel's timeline, by their pairs."""
    rows = Comparison.objects.filter(
        before__vessel=vessel_id, before__owner=owner_id, in_timeline=True, after__deleted_at=None
    )
    rows = rows.select_related("before", "after").defer("explanation")
    return {(row.before_id, row.after_id): row for row in rows}


def last_answers(comparisons: Iterable[Comparison]) -> dict[int, SupersededAnswer]:
    """Return the last answer of each comparison that has none now, by the comparison's id."""
    unfinished = [comparison.pk for comparison in comparisons if not is_done(comparison)]
    of_same = SupersededAnswer.objects.filter(comparison=OuterRef("comparison")).order_by("-superseded_at", "-pk")
    last = SupersededAnswer.objects.filter(comparison__in=unfinished, pk=Subquery(of_same.values("pk")[:1]))
    return {answer.comparison_id: answer for answer in last}


def is_done(comparison: Comparison) -> bool:
    return comparison.state == ComparisonState.DONE
