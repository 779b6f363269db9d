"""The course of a hull over its visits: chart, changes, and the work that the owner noted."""

from collections.abc import Iterator
from dataclasses import asdict

from dossiers.document.blocks import Block, Cell, Chart, Heading, Paragraph, Table
from dossiers.document.chart import ChartParts
from dossiers.document.content import Change, Timeline, Work
from dossiers.document.edition import Edition
from dossiers.document.plain_text import is_right_to_left, one_line
from dossiers.document.wording import phrasing
from dossiers.document.wording.forms import CourseWords


def course(edition: Edition, timeline: Timeline, words: CourseWords, parts: ChartParts) -> Iterator[Block]:
    yield Heading(text=words.title, new_page=True)
    yield Paragraph(text=words.intro, style="intro")
    yield Heading(text=words.chart, level=2, mark="reading", listed=False)
    for number, part in enumerate(parts.parts):
        yield Chart(
            file=chart_file(number),
            width=part.width,
            height=part.height,
            texts=tuple(asdict(text) for text in part.texts),
            alt=edition.words.alt_chart.format(description=parts.description)
            if number == 0
            else edition.words.alt_chart_continued,
        )
    if timeline.changes:
        yield Heading(text=words.changes_title, level=2, mark="reading", listed=False)
        yield _changes(edition, timeline.changes, words)
        yield Paragraph(text=words.limits, style="small")
    yield Heading(text=words.work_title, level=2, mark="owner", listed=False)
    if timeline.works:
        yield _works(edition, timeline.works, words)
    else:
        yield Paragraph(text=words.no_work)


def chart_file(number: int) -> str:
    return f"chart-{number}.svg"


def _changes(edition: Edition, changes: tuple[Change, ...], words: CourseWords) -> Table:
    order = {index: place for place, index in enumerate(edition.points)}
    newest_first = sorted(changes, key=lambda change: change.to_at, reverse=True)
    grouped = sorted(newest_first, key=lambda change: order.get(change.point_index, len(order)))
    return Table(
        header=(words.point, words.between, words.change),
        rows=tuple(
            (
                Cell(text=edition.place(change.point_index), strong=True),
                Cell(text=f"{edition.day(change.from_at)} – {edition.day(change.to_at)}"),
                _change(change, words),
            )
            for change in grouped
        ),
        widths=("1fr", "auto", "1.2fr"),
    )


def _change(change: Change, words: CourseWords) -> Cell:
    reasons = ", ".join(words.reasons[reason] for reason in change.reasons if reason in words.reasons)
    if change.trend is not None and change.trend in words.trends:
        return Cell(text=words.trends[change.trend], small=reasons)
    return Cell(text=words.no_trend, small=reasons)


def _works(edition: Edition, works: tuple[Work, ...], words: CourseWords) -> Table:
    return Table(
        header=(words.day, words.kind, words.where, words.note),
        rows=tuple(
            (
                Cell(text=phrasing.day(work.performed_on, edition.words)),
                Cell(text=words.kinds.get(work.kind, work.kind)),
                Cell(text=", ".join(map(edition.place, work.points)) or words.whole_vessel),
                Cell(text=one_line(work.note), rtl=is_right_to_left(work.note)),
            )
            for work in sorted(works, key=lambda work: work.performed_on, reverse=True)
        ),
        widths=("auto", "auto", "1fr", "1.2fr"),
    )
