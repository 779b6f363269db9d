"""The comparisons that a vessel's timeline consists of, recorded as rows for the workers."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from billing.entitlements import entitlements
from corrosion.comparison import work
from corrosion.comparison.baselines import Baselines, baselines_of, is_given_up
from corrosion.comparison.history import completed_visits
from corrosion.comparison.requests import send_next
from corrosion.judgement.baselines import SurfaceWork, VisitDays
from corrosion.judgement.segments import DatedVisit, timeline_pairs
from corrosion.judgement.verdicts import RULE_VERSION
from corrosion.models import Comparison
from corrosion.vocabulary import ComparisonState, SupersedingCause
from vessels.registration import lock_vessel


def record_pairs(*, owner_id: UUID, vessel_id: UUID) -> None:
    """Record the comparisons that the timeline needs now, and mark them. The sweep sends those that are new.

    The caller has locked the owner's entitlement, so that no concurrent call marks by older visits. Takes the same
    number of statements for any number of visits. Access is checked when an answer is read.
    """
    wanted = _wanted(owner_id, vessel_id)
    known = Comparison.objects.filter(before__vessel=vessel_id, in_timeline=True).values_list("before", "after", "pk")
    marked = {(before, after): pk for before, after, pk in known}
    Comparison.objects.filter(pk__in=[marked[pair] for pair in marked.keys() - wanted]).update(in_timeline=False)
    new = [
        Comparison(before_id=before, after_id=after, rule_version=RULE_VERSION, in_timeline=True)
        for before, after in sorted(wanted - marked.keys())
    ]
    # A comparison that was requested before is marked, and does not change otherwise.
    Comparison.objects.bulk_create(
        new, update_conflicts=True, unique_fields=["before", "after"], update_fields=["in_timeline"]
    )


@transaction.atomic
def request_missing(*, owner_id: UUID, vessel_id: UUID) -> None:
    """Record and reopen what the timeline lacks, and send the owner's next comparison.

    Takes the locks of those who note maintenance, in their order. Raises `NotFound` for a vessel that is gone.
    """
    entitlements.lock(owner_id)
    lock_vessel(owner=owner_id, vessel_id=vessel_id)
    record_pairs(owner_id=owner_id, vessel_id=vessel_id)
    of_timeline = Comparison.objects.filter(before__vessel=vessel_id, in_timeline=True)
    _reopen_wrong(of_timeline, baselines_of(owner_id, [vessel_id]))  # the owner's zone changed
    send_next(owner_id)


def recompute_across(work_done: SurfaceWork, *, owner_id: UUID, vessel_id: UUID) -> None:
    """Recompute every comparison that the work, just added or removed, makes wrong.

    Runs in the transaction of the change, which has locked the vessel: an answer that a worker has not stored yet is
    discarded, and none is stored meanwhile.
    """
    baselines = baselines_of(owner_id, [vessel_id])
    of_vessel = Comparison.objects.filter(before__vessel=vessel_id, after__vessel=vessel_id)
    times = of_vessel.values_list(
        "pk", "before__created_at", "before__submitted_at", "after__created_at", "after__submitted_at"
    )
    across = [
        pk
        for pk, one, one_submitted, other, other_submitted in times
        if work_done.is_between(baselines.days_of(one, one_submitted), baselines.days_of(other, other_submitted))
    ]
    work.restart(Comparison.objects.filter(pk__in=across))
    _reopen_wrong(Comparison.objects.filter(pk__in=across), baselines, is_given_up)
    record_pairs(owner_id=owner_id, vessel_id=vessel_id)
    send_next(owner_id)


def _reopen_wrong(
    comparisons: QuerySet[Comparison], baselines: Baselines, also: Callable[[Comparison], bool] = lambda _: False
) -> None:
    """Reopen the finished answers about other baselines than these, and those that are `also` outdated."""
    done = comparisons.filter(state=ComparisonState.DONE).select_related("before", "after")
    wrong = [row.pk for row in done if also(row) or baselines.contradict(row)]
    work.reopen_finished(Comparison.objects.filter(pk__in=wrong), cause=SupersedingCause.MAINTENANCE)


def dated_visit(pk: UUID, days: VisitDays, block: Any) -> DatedVisit:
    """Return the visit from its inspection's id, its days and its result's block."""
    return DatedVisit(pk, days, frozenset(entry["point_index"] for entry in block["points"]))


def _wanted(owner_id: UUID, vessel_id: UUID) -> set[tuple[UUID, UUID]]:
    baselines = baselines_of(owner_id, [vessel_id])
    rows = completed_visits(owner_id, vessel_id).values_list("pk", "created_at", "submitted_at", "result__corrosion")
    visits = [dated_visit(pk, baselines.days_of(at, submitted_at), block) for pk, at, submitted_at, block in rows]
    return timeline_pairs(visits, baselines.works.get(vessel_id, ()))
