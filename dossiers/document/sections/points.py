"""Each point with its reading at every visit and its photos, the worst point first."""

from collections.abc import Iterator, Sequence

from dossiers.document.blocks import Block, Cell, Heading, Paragraph, Picture, Pictures, Table
from dossiers.document.content import PhotoFacts, PointFacts, Visit
from dossiers.document.edition import Edition
from dossiers.document.plain_text import isolated
from dossiers.document.sections.cover import band_cell
from inspections.vocabulary import Angle, SignalDetected

Seen = Sequence[tuple[Visit, PointFacts]]


def points(edition: Edition) -> Iterator[Block]:
    words = edition.words.points
    yield Heading(text=words.title, new_page=True)
    for place, index in enumerate(edition.points):
        seen = edition.visits_to(index)
        form = words.labelled if edition.points[index] else words.point
        yield Heading(
            text=form.format(index=index, label=isolated(edition.points[index])),
            level=2,
            anchor=f"point-{index}",
            new_page=place > 0,
        )
        yield _readings(edition, seen)
        yield from _doubts(edition, seen)
        yield from _photos(edition, seen)


def _readings(edition: Edition, seen: Seen) -> Table:
    words, named = edition.words.points, edition.words.summary
    return Table(
        header=(words.visit, named.signal, edition.own.band, named.confidence, words.photos_used),
        rows=tuple(_reading(edition, visit, point) for visit, point in seen),
        widths=("1fr", "auto", "auto", "auto", "auto"),
        mark="reading",
    )


def _reading(edition: Edition, visit: Visit, point: PointFacts) -> tuple[Cell, ...]:
    words, used = edition.words.summary, sum(photo.used for photo in point.photos)
    level = point.confidence_level
    return (
        Cell(text=edition.day(visit.submitted_at), strong=True),
        Cell(text=words.signals[point.signal_detected] if used else words.unread),
        band_cell(edition, point.band if used else "", point.signal_detected),
        Cell(text=words.confidences[level] if used and level else "–"),
        Cell(text=edition.words.points.used_of.format(used=used, all=len(point.photos))),
    )


def _doubts(edition: Edition, seen: Seen) -> Iterator[Block]:
    for visit, point in seen:
        known = [edition.own.doubts[doubt] for doubt in point.doubts if doubt in edition.own.doubts]
        if point.signal_detected == SignalDetected.INCONCLUSIVE and known:
            sentence = edition.words.points.doubts
            yield Paragraph(
                text=sentence.format(date=edition.day(visit.submitted_at), reasons="; ".join(known)), style="small"
            )


def _photos(edition: Edition, seen: Seen) -> Iterator[Block]:
    """Yield one visit as a block of pictures; several as one row of pictures per angle, the newest on the left."""
    shown = [
        (point, photo)
        for _, point in seen
        for photo in sorted(point.photos, key=_angle_order)
        if photo.pictures is not None
    ]
    if not shown:
        yield Paragraph(text=edition.words.points.no_photo, style="small")
        return
    if len(seen) == 1:
        items = [item for point, photo in shown for item in _with_overlay(edition, point, photo)]
        yield Pictures(columns=2, items=tuple(items))
        return
    columns = 2 if len(seen) == 2 else 3
    for angle in dict.fromkeys(photo.angle for _, photo in sorted(shown, key=lambda each: _angle_order(each[1]))):
        items = [_picture(edition, point, photo) for point, photo in shown if photo.angle == angle]
        yield Pictures(columns=columns, items=tuple(items), title=edition.angle(_first(shown, angle)))
    marked = [_overlay(edition, point, photo) for point, photo in shown if _has_overlay(photo)]
    if marked:
        yield Pictures(columns=columns, items=tuple(marked), title=edition.words.points.marked_copies)


def _first(shown: Sequence[tuple[PointFacts, PhotoFacts]], angle: str) -> PhotoFacts:
    return next(photo for _, photo in shown if photo.angle == angle)


def _angle_order(photo: PhotoFacts) -> int:
    angles = Angle.values()
    return angles.index(photo.angle) if photo.angle in angles else len(angles)


def _has_overlay(photo: PhotoFacts) -> bool:
    return photo.pictures is not None and photo.pictures.overlay is not None


def _with_overlay(edition: Edition, point: PointFacts, photo: PhotoFacts) -> Iterator[Picture]:
    yield _picture(edition, point, photo)
    if _has_overlay(photo):
        yield _overlay(edition, point, photo)


def _picture(edition: Edition, point: PointFacts, photo: PhotoFacts) -> Picture:
    words, number, time = edition.words.points, edition.numbers[photo.asset_id], edition.photo_time(photo)
    angle = edition.angle(photo)
    return Picture(
        file=file_of(number),
        alt=words.alt.format(angle=angle, place=edition.place(point.point_index), time=time),
        caption=words.caption.format(number=number, angle=angle),
        note=time,
        anchor=f"photo-{number}",
    )


def _overlay(edition: Edition, point: PointFacts, photo: PhotoFacts) -> Picture:
    words, number = edition.words.points, edition.numbers[photo.asset_id]
    is_marked = point.signal_detected != SignalDetected.NO
    marks = edition.own.marks if is_marked else edition.own.no_marks
    return Picture(
        file=overlay_file_of(number),
        alt=words.alt_marked.format(number=number, marks=marks),
        caption=(words.marked if is_marked else words.unmarked).format(number=number),
        note=marks,
    )


def file_of(number: int) -> str:
    return f"photo-{number}.jpg"


def overlay_file_of(number: int) -> str:
    return f"photo-{number}-marked.jpg"
