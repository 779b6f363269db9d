"""Every photo that was submitted, with the SHA-256 of its original and the page it is printed on."""

from collections.abc import Iterator

from dossiers.document.blocks import Block, Cell, Heading, Paragraph, Table
from dossiers.document.content import PhotoFacts, PointFacts
from dossiers.document.edition import Edition
from dossiers.document.selection import worst_first
from dossiers.document.wording import phrasing


def evidence(edition: Edition) -> Iterator[Block]:
    words = edition.words.evidence
    yield Heading(text=words.title, mark="recorded")
    yield Paragraph(text=" ".join(_intro(edition)), style="intro")
    for visit in edition.visits:
        yield Heading(
            text=edition.words.capture.visit_of.format(date=edition.day(visit.submitted_at)), level=2, listed=False
        )
        points = worst_first(visit.points, mode=edition.content.mode)
        yield Table(
            header=(words.number, words.photo, words.sha256, words.page),
            rows=tuple(_row(edition, point, photo) for point in points for photo in point.photos),
            widths=("auto", "1fr", "auto", "auto"),
            right=(0, 3),
        )


def _intro(edition: Edition) -> Iterator[str]:
    words = edition.words.evidence
    photos = [photo for visit in edition.visits for point in visit.points for photo in point.photos]
    used, shown = sum(photo.used for photo in photos), sum(photo.pictures is not None for photo in photos)
    yield from (words.intro, words.copies)
    if shown < used:
        yield words.more.format(shown=shown, used=used)


def _row(edition: Edition, point: PointFacts, photo: PhotoFacts) -> tuple[Cell, ...]:
    words, number = edition.words.evidence, edition.numbers[photo.asset_id]
    details = [edition.photo_time(photo), *_file(edition, photo)]
    details.extend(words.warnings[warning] for warning in photo.warnings if warning in words.warnings)
    if not photo.used:
        details.append(words.not_used.format(reasons=edition.reasons(photo.reasons)))
    return (
        Cell(text=str(number)),
        Cell(
            text=f"{edition.place(point.point_index)} · {edition.angle(photo)}", small=" · ".join(filter(None, details))
        ),
        Cell(text=photo.sha256 or "–", fixed=True),
        Cell(page_of=f"photo-{number}" if photo.pictures is not None else "", text="" if photo.pictures else "–"),
    )


def _file(edition: Edition, photo: PhotoFacts) -> Iterator[str]:
    kind = photo.content_type.rpartition("/")[2].upper()
    if photo.byte_size is not None:
        yield f"{kind} {phrasing.file_size(photo.byte_size, edition.words)}".strip()
