"""The document as data for the template: its sections in order, and the files that it shows."""

from collections.abc import Iterator
from typing import Any

from dossiers.document.blocks import Block, as_data
from dossiers.document.chart import ChartParts
from dossiers.document.content import Paper
from dossiers.document.edition import Edition
from dossiers.document.fonts import FIXED_WIDTH, TEXT_FAMILIES
from dossiers.document.plain_text import one_line, shortened, without_breaks
from dossiers.document.sections.capture import capture
from dossiers.document.sections.closing import disclaimer, models, verification
from dossiers.document.sections.course import course
from dossiers.document.sections.cover import cover, key, summary
from dossiers.document.sections.coverage import coverage
from dossiers.document.sections.evidence import evidence
from dossiers.document.sections.points import points
from dossiers.document.sections.statement import statement


def layout(edition: Edition, chart: ChartParts | None) -> dict[str, Any]:
    """Return all that the template draws. Every text in it is printed literally."""
    content, words = edition.content, edition.words
    vessel = one_line(content.vessel.name) or words.cover.unnamed
    created = content.created_at.astimezone(edition.zone)
    return {
        "title": f"{words.cover.kind} · {without_breaks(vessel)} · {edition.own.title}",
        "language": words.locale,
        "region": "US" if content.paper == Paper.LETTER else {"en": "GB", "de": "DE"}[words.locale],
        "paper": str(content.paper),
        "fonts": list(TEXT_FAMILIES),
        "fixed_width": FIXED_WIDTH,
        "date": [created.year, created.month, created.day],
        "header": f"{words.cover.kind} · {edition.own.title}",
        "footer": words.footer.format(
            number=str(content.dossier_id)[:8], vessel=shortened(vessel), date=edition.day(content.created_at)
        ),
        "page_of": words.page_of,
        "marks": {"recorded": words.marks.recorded, "reading": words.marks.reading, "owner": words.marks.owner},
        "blocks": [as_data(block) for block in _blocks(edition, chart)],
    }


def _blocks(edition: Edition, chart: ChartParts | None) -> Iterator[Block]:
    yield from cover(edition)
    yield from summary(edition)
    yield from key(edition)
    yield from statement(edition)
    yield from points(edition)
    timeline, words = edition.content.timeline, edition.own.course
    if timeline is not None and words is not None and chart is not None:
        yield from course(edition, timeline, words, chart)
    yield from capture(edition)
    yield from coverage(edition)
    yield from evidence(edition)
    yield from models(edition)
    yield from disclaimer(edition)
    yield from verification(edition)
