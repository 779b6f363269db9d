"""What was covered at each visit, what was not, and what photos cannot show."""

from collections.abc import Iterator

from dossiers.document.blocks import Block, Bullets, Heading, Paragraph
from dossiers.document.content import PointFacts, Visit
from dossiers.document.edition import Edition


def coverage(edition: Edition) -> Iterator[Block]:
    words = edition.words.coverage
    yield Heading(text=words.title)
    yield Paragraph(text=words.intro)
    for visit in edition.visits:
        yield Heading(
            text=edition.words.capture.visit_of.format(date=edition.day(visit.submitted_at)),
            level=2,
            mark="recorded",
            listed=False,
        )
        yield Bullets(items=tuple(_covered(edition, visit)))
    yield Heading(text=words.limits, level=2, listed=False)
    yield Bullets(items=edition.own.limits)


def _covered(edition: Edition, visit: Visit) -> Iterator[str]:
    words = edition.words.coverage
    photos = [photo for point in visit.points for photo in point.photos]
    read = [point for point in visit.points if any(photo.used for photo in point.photos)]
    used = sum(photo.used for photo in photos)
    counts = words.points_read.format(read=len(read), all=len(visit.points))
    yield f"{counts} {words.photos_used.format(used=used, all=len(photos))}"
    for point in visit.points:
        yield from _not_used(edition, point)
    present = {point.point_index for point in visit.points}
    absent = [edition.place(index) for index in sorted(edition.points) if index not in present]
    yield words.absent.format(places=", ".join(absent)) if absent else words.complete


def _not_used(edition: Edition, point: PointFacts) -> Iterator[str]:
    words, place = edition.words.coverage, edition.place(point.point_index)
    left_out = [photo for photo in point.photos if not photo.used]
    if len(left_out) == len(point.photos):
        reasons = edition.reasons([reason for photo in left_out for reason in photo.reasons])
        yield words.not_read.format(place=place, reasons=reasons)
        return
    for photo in left_out:
        yield words.left_out.format(angle=edition.angle(photo), place=place, reasons=edition.reasons(photo.reasons))
