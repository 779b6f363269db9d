"""How the photos were taken: what was recorded at each visit, and what the owner noted about the hull."""

from collections.abc import Iterator, Sequence

from dossiers.document.blocks import Block, Cell, Heading, Paragraph, Table
from dossiers.document.content import Visit
from dossiers.document.edition import Edition
from dossiers.document.plain_text import breakable, one_line
from dossiers.document.wording import phrasing

_VISITS_PER_TABLE = 3


def capture(edition: Edition) -> Iterator[Block]:
    words = edition.words.capture
    yield Heading(text=words.title, new_page=True)
    yield Paragraph(text=words.intro, style="intro")
    for first in range(0, len(edition.visits), _VISITS_PER_TABLE):
        visits = edition.visits[first : first + _VISITS_PER_TABLE]
        header = tuple(words.visit_of.format(date=edition.day(visit.submitted_at)) for visit in visits)
        widths = ("auto", *("1fr" for _ in visits))
        recorded, noted = (_rows([rows(edition, visit) for visit in visits]) for rows in (_recorded, _noted))
        yield Table(header=(words.item, *header), rows=recorded, widths=widths, mark="recorded")
        yield Table(header=(words.item, *header), rows=noted, widths=widths, mark="owner")


def _rows(columns: Sequence[Sequence[tuple[str, str]]]) -> tuple[tuple[Cell, ...], ...]:
    """Return a row per item, with its name and its value at each visit; without items that no visit has."""
    return tuple(
        (Cell(text=items[0][0]), *(Cell(text=value or "–") for _, value in items))
        for items in zip(*columns, strict=True)
        if any(value for _, value in items)
    )


def _recorded(edition: Edition, visit: Visit) -> list[tuple[str, str]]:
    words, photos = edition.words.capture, [photo for point in visit.points for photo in point.photos]
    times = sorted(photo.taken_at for photo in photos if photo.taken_at is not None)
    return [
        (words.first_photo, edition.moment(times[0]) if times else ""),
        (words.last_photo, edition.moment(times[-1]) if times else ""),
        (words.submitted, edition.moment(visit.submitted_at)),
        (words.analysed, edition.moment(visit.completed_at)),
        (words.device, _distinct(photo.device_model for photo in photos)),
        (words.system, _distinct(photo.os for photo in photos)),
        (words.app, _distinct(photo.app_version for photo in photos)),
        (words.inspection, breakable(str(visit.inspection_id))),
    ]


def _distinct(texts: Iterator[str]) -> str:
    return ", ".join(dict.fromkeys(filter(None, map(one_line, texts))))


def _noted(edition: Edition, visit: Visit) -> list[tuple[str, str]]:
    words, own, context = edition.words.capture, edition.own, visit.context
    surfaces = {str(token): name for token, name in words.surfaces.items()}
    antifoulings = {str(token): name for token, name in words.antifoulings.items()}
    return [
        (words.label, one_line(visit.label)),
        (words.hull_material, own.hull_materials.get(context.hull_material, "")),
        (own.hauled_out, "" if context.hauled_out_at is None else edition.moment(context.hauled_out_at)),
        (own.ashore, _time_ashore(edition, visit)),
        (words.surface, surfaces.get(context.surface, "")),
        (words.antifouling, antifoulings.get(context.antifouling, "")),
        (words.region, one_line(context.region_text)),
    ]


def _time_ashore(edition: Edition, visit: Visit) -> str:
    """Return the time from lift-out to the last photo, in a mode that asks for it."""
    if visit.context.hours_ashore is None:
        return edition.own.time_ashore_unknown
    return edition.own.time_ashore.format(time=phrasing.duration(visit.context.hours_ashore, edition.words))
