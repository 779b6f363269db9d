"""The form of the chart's words, and its sentences made of them. Plain Python."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from corrosion.timeline.chart.scale import row_of
from corrosion.timeline.shape import Event, PointTimeline, Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartWords:
    """Every word of the chart in one language: what photos show, never a verdict on the hull.

    `rows` names the bands, and visits that are not clear. `changes` has a sentence for no trend too. `legend` is in the
    order of the samples.
    """

    title: str
    unnamed: str
    empty: str
    pending: str
    point: str
    limits: str
    summary: str
    summary_of_point: str
    since: str
    one_visit: str
    rows: Mapping[str, str]
    changes: Mapping[str | None, str]
    kinds: Mapping[str, str]
    whole_vessel: str
    events: str
    event: str
    legend: tuple[str, ...]

    def name_of(self, timeline: Timeline) -> str:
        return timeline.name or self.unnamed

    def point_name(self, point: PointTimeline) -> str:
        name = self.point.format(index=point.point_index)
        return f"{name} ({point.label})" if point.label else name

    def since_baseline(self, point: PointTimeline) -> str:
        """Return the change over the last segment of the point."""
        segment, days = point.segments[-1], {visit.inspection_id: visit.day for visit in point.visits}
        if segment.from_id == segment.to_id:
            return self.one_visit.format(first=days[segment.from_id])
        return self.since.format(
            first=days[segment.from_id], last=days[segment.to_id], change=self.changes[segment.trend]
        )

    def event_line(self, number: int, event: Event) -> str:
        where = ", ".join(self.point.format(index=index) for index in event.points) or self.whole_vessel
        return self.event.format(number=number, day=event.performed_on, kind=self.kinds[event.kind], where=where)

    def description(self, timeline: Timeline) -> str:
        """Return the chart as sentences, for those who do not see it."""
        if not timeline.points:
            return self.empty
        days = sorted({visit.day for point in timeline.points for visit in point.visits})
        visits = {visit.inspection_id for point in timeline.points for visit in point.visits}
        summary = self.summary.format(
            points=len(timeline.points), first=days[0], last=days[-1], visits=len(visits), events=len(timeline.events)
        )
        points = [
            self.summary_of_point.format(
                point=self.point_name(point),
                band=self.rows[row_of(point.visits[-1])],
                day=point.visits[-1].day,
                since=self.since_baseline(point),
            )
            for point in timeline.points
        ]
        return " ".join([summary, *points, *([self.pending] if timeline.pending else []), self.limits])

    def every_sentence(self) -> Iterator[str]:
        """Return all sentences, for the test that checks them."""
        yield from (self.title, self.unnamed, self.empty, self.pending, self.point, self.limits, self.summary)
        yield from (self.summary_of_point, self.since, self.one_visit, self.whole_vessel, self.events, self.event)
        yield from (*self.legend, *self.rows.values(), *self.changes.values(), *self.kinds.values())
