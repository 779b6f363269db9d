"""Every word of the chart: what photos show, never a verdict on the hull. Plain Python."""

from collections.abc import Iterator, Mapping
from typing import Final

from corrosion.timeline.chart.scale import row_of
from corrosion.timeline.shape import Event, PointTimeline, Timeline
from corrosion.vocabulary import MaintenanceKind, Trend

TITLE: Final = "Corrosion timeline of {name}"
UNNAMED: Final = "the unnamed vessel"
EMPTY: Final = "There is no completed inspection of this vessel yet."
PENDING: Final = "Some comparisons are still being computed."
POINT: Final = "Point {index}"
LIMITS: Final = "This shows what the photos show, not the plate behind the paint."
SUMMARY: Final = (
    "Coverage bands from {first} to {last}. Points: {points}. Visits: {visits}. Maintenance entries: {events}."
)
SUMMARY_OF_POINT: Final = "{point}: {band} on {day}. {since}"
SINCE: Final = "From {first} to {last}: {change}."
ONE_VISIT: Final = "One visit since {first}."
CHANGES: Final[Mapping[str | None, str]] = {
    Trend.WORSENING: "the area looks larger",
    Trend.IMPROVING: "the area looks smaller",
    Trend.STABLE: "no change of area is seen",
    None: "not compared",
}
KINDS: Final[Mapping[str, str]] = {
    MaintenanceKind.BLASTED: "blasted, a new baseline",
    MaintenanceKind.PAINTED: "painted, a new baseline",
    MaintenanceKind.ANODES: "anodes replaced",
    MaintenanceKind.CLEANED: "cleaned",
}
WHOLE_VESSEL: Final = "whole vessel"
EVENTS: Final = "Maintenance"
EVENT: Final = "{number}   {day}   {kind} ({where})"
LEGEND: Final = (
    "area looks larger than at the visit before",
    "area looks smaller",
    "no change seen",
    "cannot be compared",
    "still being compared",
    "first visit to a new surface",
    "low confidence",
    "blasted or painted",
    "other maintenance",
)


def name_of(timeline: Timeline) -> str:
    return timeline.name or UNNAMED


def point_name(point: PointTimeline) -> str:
    name = POINT.format(index=point.point_index)
    return f"{name} ({point.label})" if point.label else name


def since_baseline(point: PointTimeline) -> str:
    """Return the change over the last segment of the point."""
    segment, days = point.segments[-1], {visit.inspection_id: visit.day for visit in point.visits}
    if segment.from_id == segment.to_id:
        return ONE_VISIT.format(first=days[segment.from_id])
    return SINCE.format(first=days[segment.from_id], last=days[segment.to_id], change=CHANGES[segment.trend])


def event_line(number: int, event: Event) -> str:
    where = ", ".join(POINT.format(index=index).lower() for index in event.points) or WHOLE_VESSEL
    return EVENT.format(number=number, day=event.performed_on, kind=KINDS[event.kind], where=where)


def description(timeline: Timeline) -> str:
    """Return the chart as sentences, for those who do not see it."""
    if not timeline.points:
        return EMPTY
    days = sorted({visit.day for point in timeline.points for visit in point.visits})
    visits = {visit.inspection_id for point in timeline.points for visit in point.visits}
    summary = SUMMARY.format(
        points=len(timeline.points), first=days[0], last=days[-1], visits=len(visits), events=len(timeline.events)
    )
    points = [
        SUMMARY_OF_POINT.format(
            point=point_name(point),
            band=row_of(point.visits[-1]),
            day=point.visits[-1].day,
            since=since_baseline(point),
        )
        for point in timeline.points
    ]
    return " ".join([summary, *points, *([PENDING] if timeline.pending else []), LIMITS])


def every_sentence() -> Iterator[str]:
    """Return all sentences, for the test that checks them."""
    yield from (TITLE, UNNAMED, EMPTY, PENDING, POINT, LIMITS, SUMMARY, SUMMARY_OF_POINT, SINCE, ONE_VISIT)
    yield from (WHOLE_VESSEL, EVENTS, EVENT, *LEGEND, *CHANGES.values(), *KINDS.values())
