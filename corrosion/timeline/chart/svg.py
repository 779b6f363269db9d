"""Draw a timeline as an SVG: one lane per point with its coverage bands, steps and maintenance. Plain Python."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from corrosion.timeline.chart import marks
from corrosion.timeline.chart.canvas import GRID, QUIET_INK, STRIPE, element, line, number, plain, shorten, text
from corrosion.timeline.chart.english import ENGLISH
from corrosion.timeline.chart.scale import (
    GAP,
    HEADER,
    LANE,
    LEFT,
    RIGHT,
    ROW,
    ROWS,
    TOP,
    WIDTH,
    Scale,
    lane_top,
    row_middle,
    row_of,
    scale_of,
)
from corrosion.timeline.chart.words import ChartWords
from corrosion.timeline.shape import Event, PointTimeline, Step, Timeline

_TITLE_COLUMNS: Final = 90
_LABEL_COLUMNS: Final = 44
_LINE: Final = 18
_TAG_PX: Final = 14
_ROWS_PX: Final = ROW * len(ROWS)
_LEGEND_COLUMNS: Final = 3


def timeline_svg(timeline: Timeline, *, ids: str = "timeline", words: ChartWords = ENGLISH) -> str:
    """Return the chart. `ids` begins the ids inside it, which must be unique in a page."""
    title = words.title.format(name=words.name_of(timeline))
    body = "".join(_body(timeline, words))
    height = _height(timeline, words)
    head = element("title", plain(title), id=f"{ids}-title")
    head += element("desc", plain(words.description(timeline)), id=f"{ids}-desc")
    head += element("rect", width=WIDTH, height=height, fill="#ffffff")
    head += text(16, 30, shorten(title, _TITLE_COLUMNS), size=18, font_weight="bold")
    return element(
        "svg",
        head + body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height}",
        width=WIDTH,
        height=height,
        role="img",
        aria_labelledby=f"{ids}-title {ids}-desc",
        font_family="sans-serif",
    )


def _height(timeline: Timeline, words: ChartWords) -> int:
    if not timeline.points:
        return TOP + 2 * _LINE
    lines = _legend_lines(words) + (len(timeline.events) + 2 if timeline.events else 0) + 2
    return TOP + LANE * len(timeline.points) + _LINE * (lines + 2)


def _body(timeline: Timeline, words: ChartWords) -> Iterator[str]:
    if not timeline.points:
        yield text(16, TOP, words.empty)
        return
    if timeline.pending:
        yield text(16, 50, words.pending, fill=QUIET_INK)
    scale = scale_of(timeline)
    for place, point in enumerate(timeline.points):
        yield element("g", "".join(_lane(point, lane_top(place), scale, timeline.events, words)))
    bottom = lane_top(len(timeline.points))
    yield from _ticks(scale, bottom)
    yield from _legend(bottom + 2.5 * _LINE, words)
    yield from _notes(timeline, bottom + (_legend_lines(words) + 3) * _LINE, words)


def _lane(point: PointTimeline, top: float, scale: Scale, events: Sequence[Event], words: ChartWords) -> Iterator[str]:
    yield element("title", plain(words.point_name(point)))
    name = words.point.format(index=point.point_index)
    yield text(16, top + 16, name, size=13, font_weight="bold")
    yield text(LEFT, top + 16, shorten(point.label, _LABEL_COLUMNS), size=13)
    yield text(RIGHT, top + 16, words.since_baseline(point), anchor="end", fill=QUIET_INK)
    for place, row in enumerate(ROWS):
        if place % 2 == 0:
            y = number(top + HEADER + ROW * place)
            yield element("rect", x=LEFT, y=y, width=RIGHT - LEFT, height=ROW, fill=STRIPE)
        yield text(LEFT - 8, top + row_middle(row) + 4, words.rows[row], size=11, anchor="end", fill=QUIET_INK)
    yield from _maintenance(point, top, scale, events)
    yield from _visits(point, top, scale)


def _visits(point: PointTimeline, top: float, scale: Scale) -> Iterator[str]:
    firsts = {segment.from_id for segment in point.segments}
    places = [(visit, scale.x(visit.day), top + row_middle(row_of(visit))) for visit in point.visits]
    for (_, x1, y1), (visit, x2, y2) in pairwise(places):
        if visit.inspection_id not in firsts:
            yield marks.step_line(x1, y1, x2, y2, visit.step)
    for place, (visit, x, y) in enumerate(places):
        yield marks.visit_mark(x, y, confidence=visit.confidence_level)
        if place and visit.inspection_id in firsts:
            yield marks.baseline_mark(x, y)
        if visit.step is not None and visit.step.trend is not None:
            yield marks.trend_mark(x, y - 12, visit.step.trend)


def _maintenance(point: PointTimeline, top: float, scale: Scale, events: Sequence[Event]) -> Iterator[str]:
    """Yield a line for each job on this point, with its number in the list below where there is room for it."""
    tagged = 0.0
    for place, event in enumerate(events, start=1):
        if not event.touches(point.point_index) or event.performed_on < scale.first:
            continue
        x = scale.x(event.performed_on)
        yield marks.maintenance_line(x, top + HEADER, top + HEADER + _ROWS_PX, changes_surface=event.changes_surface)
        if x - tagged >= _TAG_PX:
            yield text(x, top + HEADER + _ROWS_PX + 12, str(place), size=11, anchor="middle")
            tagged = x


def _ticks(scale: Scale, bottom: float) -> Iterator[str]:
    for day, label in scale.ticks():
        x = scale.x(day)
        yield line(x, bottom - GAP + 2, x, bottom, stroke=GRID)
        yield text(x, bottom + 13, label, size=11, anchor="middle", fill=QUIET_INK)


def _legend_lines(words: ChartWords) -> int:
    return -(-len(words.legend) // _LEGEND_COLUMNS)


def _legend(top: float, words: ChartWords) -> Iterator[str]:
    """Yield a sample of each mark with its meaning, in the order of `words.legend`."""
    wide = (WIDTH - 32) / _LEGEND_COLUMNS
    for place, meaning in enumerate(words.legend):
        x = 16 + wide * (place % _LEGEND_COLUMNS)
        y = top + _LINE * (place // _LEGEND_COLUMNS)
        yield _samples(x + 16, y - 4)[place]
        yield text(x + 38, y, meaning)


def _samples(x: float, y: float) -> tuple[str, ...]:
    refused = Step(None, comparable=False, reasons=())
    return (
        marks.trend_mark(x, y, "worsening"),
        marks.trend_mark(x, y, "improving"),
        marks.trend_mark(x, y, "stable"),
        marks.step_line(x - 16, y, x + 16, y, refused),
        marks.step_line(x - 16, y, x + 16, y, None),
        marks.visit_mark(x, y, confidence="high") + marks.baseline_mark(x, y),
        marks.visit_mark(x, y, confidence="low"),
        marks.maintenance_line(x, y - 5, y + 8, changes_surface=True),
        marks.maintenance_line(x, y - 8, y + 8, changes_surface=False),
    )


def _notes(timeline: Timeline, top: float, words: ChartWords) -> Iterator[str]:
    y = top
    if timeline.events:
        yield text(16, y, words.events, size=13, font_weight="bold")
        for place, event in enumerate(timeline.events, start=1):
            y += _LINE
            yield text(16, y, words.event_line(place, event))
        y += 1.5 * _LINE
    yield text(16, y, words.limits, fill=QUIET_INK)
