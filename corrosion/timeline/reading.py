"""Read the timeline of a vessel in a constant number of statements; missing comparisons are requested."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from corrosion.comparison.baselines import Baselines, works_of
from corrosion.comparison.history import completed_visits
from corrosion.comparison.outdated import is_outdated
from corrosion.comparison.pairs import dated_visit, request_missing
from corrosion.comparison.requests import send_next
from corrosion.judgement.segments import DatedVisit, segments, steps, timeline_pairs
from corrosion.models import Maintenance
from corrosion.timeline.answers import Answers, comparisons_of, is_done, last_answers
from corrosion.timeline.shape import Event, PointTimeline, PointVisit, Segment, Timeline
from inspections.vocabulary import ConfidenceLevel
from notifications.recipients.preferences import zone_of
from vessels.models import Vessel


@dataclass(frozen=True, slots=True)
class _Visit:
    """A completed inspection as its result describes it."""

    at: datetime
    dated: DatedVisit
    entries: Mapping[int, Mapping[str, Any]]
    levels: Mapping[int, str]


def timeline_of(vessel: Vessel, *, is_requested: bool = True) -> Timeline:
    """Return the vessel's timeline. Waits for no comparison: what is missing is recorded, sent and `pending`.

    An answer of an earlier rule or model is shown, and `pending` too: the scheduler has it computed again.
    Changes nothing unless `is_requested`, as for staff, who only look at it.
    Maintenance is read last, so that whatever was noted before an answer is shown counts for it.
    """
    owner_id = vessel.owner_id
    rows = list(
        completed_visits(owner_id, vessel.pk).values_list(
            "pk",
            "created_at",
            "submitted_at",
            "result__corrosion",
            "result__signals",
            "result__confidence_level",
        )
    )
    comparisons = comparisons_of(owner_id, vessel.pk)
    superseded = last_answers(comparisons.values())
    zone = zone_of(owner_id)
    maintenance = list(Maintenance.objects.filter(vessel=vessel))
    baselines = Baselines(zone, works_of(maintenance))
    visits = [_visit(*row, baselines) for row in rows]
    works = baselines.works.get(vessel.pk, ())
    wanted = timeline_pairs([visit.dated for visit in visits], works)
    known = [comparisons[pair] for pair in wanted & comparisons.keys()]
    is_complete = len(known) == len(wanted) and not any(is_done(row) and baselines.contradict(row) for row in known)
    if not is_complete and is_requested:
        request_missing(owner_id=owner_id, vessel_id=vessel.pk)
    is_awaited = not all(map(is_done, known))
    if is_awaited and is_complete and is_requested:
        send_next(owner_id)
    pending = not is_complete or is_awaited or any(map(is_outdated, known))
    answers = Answers(comparisons, baselines, superseded)
    indices = sorted(frozenset[int]().union(*(visit.dated.points for visit in visits)))
    return Timeline(
        vessel_id=vessel.pk,
        name=vessel.name,
        points=[_point(index, visits, answers, baselines, vessel.pk) for index in indices],
        events=[_event(row, vessel) for row in maintenance],
        pending=pending,
    )


def _visit(
    pk: UUID,
    at: datetime,
    submitted_at: datetime | None,
    block: Any,
    signals: Sequence[Mapping[str, Any]],
    level: str,
    baselines: Baselines,
) -> _Visit:
    """The confidence of a point is its own. Without a finding of its own, nothing usable was photographed there."""
    entries = {entry["point_index"]: entry for entry in block["points"]}
    own = {finding["point_index"]: finding["confidence"] for finding in signals}
    missing = ConfidenceLevel.LOW if own else level
    dated = dated_visit(pk, baselines.days_of(at, submitted_at), block)
    return _Visit(at, dated, entries, {index: own.get(index, missing) for index in entries})


def _point(
    index: int, visits: Sequence[_Visit], answers: Answers, baselines: Baselines, vessel_id: UUID
) -> PointTimeline:
    pairs = steps([visit.dated for visit in visits])
    parts = segments(index, [visit.dated for visit in visits], baselines.works.get(vessel_id, ()))
    first = parts[0][0].id
    photographed = [visit for visit in visits if index in visit.entries]
    return PointTimeline(
        point_index=index,
        label=photographed[-1].entries[index]["label"],
        visits=[
            PointVisit(
                inspection_id=visit.dated.id,
                at=visit.at,
                day=visit.dated.days.first,
                coverage_band=visit.entries[index]["coverage_band"],
                signal_detected=visit.entries[index]["signal_detected"],
                confidence_level=visit.levels[index],
                step=None if visit.dated.id == first else answers.step(pairs[visit.dated.id], index),
            )
            for visit in photographed
        ],
        segments=[_segment(index, part, answers) for part in parts],
    )


def _segment(index: int, part: Sequence[DatedVisit], answers: Answers) -> Segment:
    ends = part[0].id, part[-1].id
    step = answers.step(ends, index) if part[1:] else None
    return Segment(*ends, trend=step.trend if step else None)


def _event(row: Maintenance, vessel: Vessel) -> Event:
    return Event(
        id=row.pk,
        vessel_id=vessel.pk,
        vessel_label=vessel.name,
        kind=row.kind,
        performed_on=row.performed_on,
        points=row.points,
        note=row.note,
        created_at=row.created_at,
        changes_surface=row.changes_surface,
    )
