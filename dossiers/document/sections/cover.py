"""The first page: vessel, summary of the latest visit, and how to verify the document."""

from collections.abc import Iterator

from dossiers.document.blocks import Block, Cell, Contents, Cover, Heading, Marks, Paragraph, Table
from dossiers.document.edition import Edition
from dossiers.document.plain_text import is_right_to_left, one_line
from dossiers.document.selection import worst_first
from dossiers.document.wording import phrasing
from inspections.vocabulary import SignalDetected

QR_FILE = "verify.svg"


def cover(edition: Edition) -> Iterator[Block]:
    content, words = edition.content, edition.words.cover
    yield Cover(
        kind=words.kind,
        name=one_line(content.vessel.name) or words.unnamed,
        rtl=is_right_to_left(content.vessel.name),
        title=edition.own.title,
        lines=(words.prepared, _extent(edition), f"{words.date}: {edition.day(content.created_at)}"),
        note=words.no_survey,
        file=QR_FILE,
        scan=words.verify,
        alt=edition.words.closing.qr_alt.format(url=content.verification_url),
    )
    yield Table(
        header=(words.vessel, words.as_noted),
        rows=tuple(_vessel_rows(edition)),
        widths=("auto", "1fr"),
        mark="owner",
    )


def _extent(edition: Edition) -> str:
    words, photos = edition.words.cover, len(edition.numbers)
    counts = (
        (len(edition.points), words.point_count),
        (photos, words.photo_count),
        (len(edition.visits), words.visit_count),
    )
    return " · ".join(phrasing.counted(count, forms) for count, forms in counts)


def _vessel_rows(edition: Edition) -> Iterator[tuple[Cell, ...]]:
    vessel, words = edition.content.vessel, edition.words.cover
    length = "" if vessel.length_m is None else phrasing.number(vessel.length_m, edition.words)
    details = (
        (words.hull_material, edition.own.hull_materials.get(vessel.hull_material, "")),
        (words.length, length and words.metres.format(number=length)),
        (words.built, "" if vessel.built_year is None else str(vessel.built_year)),
        (words.hull_id, one_line(vessel.hull_id)),
        (words.home_port, one_line(vessel.home_port)),
    )
    for name, value in details:
        yield Cell(text=name), Cell(text=value or words.not_noted, rtl=is_right_to_left(value))


def summary(edition: Edition) -> Iterator[Block]:
    words, visit = edition.words.summary, edition.visits[0]
    form = words.latest if len(edition.visits) > 1 else words.only
    yield Heading(text=words.title, mark="reading")
    yield Paragraph(text=form.format(date=edition.day(visit.submitted_at), count=len(edition.visits)), style="lead")
    yield Paragraph(text=" ".join(_sentences(edition)))
    yield Table(
        header=(words.place, words.signal, edition.own.band, words.confidence, words.page),
        rows=tuple(_point_rows(edition)),
        widths=("1fr", "auto", "auto", "auto", "auto"),
        right=(4,),
    )
    guidance = "; ".join(edition.own.guidance[token] for token in visit.guidance if token in edition.own.guidance)
    yield Paragraph(text=f"{words.guidance}: {guidance}. {words.order}", style="small")


def _sentences(edition: Edition) -> Iterator[str]:
    visit, own = edition.visits[0], edition.own
    worst = worst_first(visit.points, mode=edition.content.mode)[0]
    if not any(photo.used for point in visit.points for photo in point.photos):
        yield own.unreadable
    elif visit.signal_detected == SignalDetected.YES:
        yield own.signs.get(worst.band, own.uncertain)
        yield own.worst.format(place=edition.place(worst.point_index))
        yield edition.words.summary.overall.format(level=edition.words.summary.confidences[visit.confidence_level])
    else:
        yield own.no_signs if visit.signal_detected == SignalDetected.NO else own.uncertain


def _point_rows(edition: Edition) -> Iterator[tuple[Cell, ...]]:
    visit, words = edition.visits[0], edition.words.summary
    for point in worst_first(visit.points, mode=edition.content.mode):
        read = any(photo.used for photo in point.photos)
        yield (
            Cell(text=edition.place(point.point_index), strong=True),
            Cell(text=words.signals[point.signal_detected] if read else words.unread),
            band_cell(edition, point.band if read else "", point.signal_detected),
            Cell(text=words.confidences[point.confidence_level] if read and point.confidence_level else "–"),
            Cell(page_of=f"point-{point.point_index}"),
        )


def band_cell(edition: Edition, band: str, signal: SignalDetected) -> Cell:
    """Return a band in words and as a row of squares; a dash where no band was read."""
    names = list(edition.own.bands)
    if band not in names or signal == SignalDetected.INCONCLUSIVE:
        return Cell(text="–")
    return Cell(text=edition.own.bands[band], level=names.index(band), levels=len(names) - 1)


def key(edition: Edition) -> Iterator[Block]:
    """Yield what the marks and the bands mean, and the table of contents."""
    words, own = edition.words.marks, edition.own
    yield Heading(text=words.title)
    yield Marks(
        items=(
            ("recorded", words.recorded, words.recorded_means),
            ("reading", words.reading, words.reading_means),
            ("owner", words.owner, words.owner_means),
        ),
        note=words.no_opinion,
    )
    yield Paragraph(text=own.bands_note, style="intro")
    yield Table(
        header=(own.band, words.band_means),
        rows=tuple(
            (Cell(text=name, level=level, levels=len(own.bands) - 1), Cell(text=own.band_means[token]))
            for level, (token, name) in enumerate(own.bands.items())
        ),
        widths=("auto", "1fr"),
        mark="reading",
    )
    yield Contents(title=edition.words.cover.contents)
