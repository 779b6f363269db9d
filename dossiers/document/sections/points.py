"""Each point with its reading at every visit and its photos, the worst point first."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from dossiers.document.blocks import (
    Block,
    Cell,
    Heading,
    Notes,
    Paragraph,
    Picture,
    Pictures,
    Table,
    Visits,
)
from dossiers.document.content import PhotoFacts, PointFacts, Visit
from dossiers.document.edition import Edition
from dossiers.document.plain_text import isolated
from dossiers.document.sections.cover import band_cell
from inspections.vocabulary import Angle, SignalDetected

Seen = Sequence[tuple[Visit, PointFacts]]
_VISITS_IN_A_ROW: Final = 3


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
        yield Notes(title=words.notes)


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
    """Yield the pictures of a single visit side by side, those of several in one column per visit."""
    shown = tuple((visit, point) for visit, point in seen if any(photo.pictures for photo in point.photos))
    if not shown:
        yield Paragraph(text=edition.words.points.no_photo, style="small")
    elif len(seen) == 1:
        yield Pictures(items=tuple(_side_by_side(edition, shown[0][1])))
    else:
        for first in range(0, len(shown), _VISITS_IN_A_ROW):
            yield _visits(edition, shown[first : first + _VISITS_IN_A_ROW])
        marked = [point for _, point in shown if any(map(_has_overlay, point.photos))]
        if marked:
            yield Paragraph(
                text=edition.own.marks if any(map(_is_marked, marked)) else edition.own.no_marks, style="small"
            )


def _visits(edition: Edition, seen: Seen) -> Visits:
    """Return a row per angle; the marked-up copies of an angle are the row after it."""
    rows = []
    for angle in Angle:
        rows.append(tuple(_picture_of(edition, point, angle) for _, point in seen))
        rows.append(tuple(_overlay_of(edition, point, angle) for _, point in seen))
    return Visits(
        columns=tuple(edition.day(visit.submitted_at) for visit, _ in seen), rows=tuple(row for row in rows if any(row))
    )


def _picture_of(edition: Edition, point: PointFacts, angle: str) -> Picture | None:
    photos = (photo for photo in point.photos if photo.angle == angle and photo.pictures is not None)
    return next((_picture(edition, point, photo) for photo in photos), None)


def _overlay_of(edition: Edition, point: PointFacts, angle: str) -> Picture | None:
    photos = (photo for photo in point.photos if photo.angle == angle and _has_overlay(photo))
    return next((replace(_overlay(edition, point, photo), note="") for photo in photos), None)


def _side_by_side(edition: Edition, point: PointFacts) -> Iterator[Picture]:
    """Yield the photo that was marked up beside its marked-up copy, then the others."""
    shown = sorted((photo for photo in point.photos if photo.pictures is not None), key=_angle_order)
    for photo in sorted(shown, key=_has_overlay, reverse=True):
        yield _picture(edition, point, photo)
        if _has_overlay(photo):
            yield _overlay(edition, point, photo)


def _angle_order(photo: PhotoFacts) -> int:
    angles = Angle.values()
    return angles.index(photo.angle) if photo.angle in angles else len(angles)


def _has_overlay(photo: PhotoFacts) -> bool:
    return photo.pictures is not None and photo.pictures.overlay is not None


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
    is_marked = _is_marked(point)
    marks = edition.own.marks if is_marked else edition.own.no_marks
    return Picture(
        file=overlay_file_of(number),
        alt=words.alt_marked.format(number=number, marks=marks),
        caption=(words.marked if is_marked else words.unmarked).format(number=number),
        note=marks,
        mark="reading",
    )


def _is_marked(point: PointFacts) -> bool:
    """Return whether the engine marks a photo of the point: not where it saw no sign."""
    return point.signal_detected != SignalDetected.NO


def file_of(number: int) -> str:
    return f"photo-{number}.jpg"


def overlay_file_of(number: int) -> str:
    return f"photo-{number}-marked.jpg"
