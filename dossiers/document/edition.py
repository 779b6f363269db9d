"""A content in its language: order, numbers of photos, and the phrases that several sections need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo

from dossiers.document.content import DossierContent, PhotoFacts, PointFacts, Visit
from dossiers.document.plain_text import isolated, one_line
from dossiers.document.selection import newest_first, worst_first
from dossiers.document.wording import phrasing
from dossiers.document.wording.forms import ModeWords, Words
from dossiers.document.wording.registry import OF_MODE, SHARED


@dataclass(frozen=True, slots=True)
class Edition:
    """`visits` are newest first, `points` (index to its label) worst first, `numbers` are those of the photos."""

    content: DossierContent
    words: Words
    own: ModeWords
    zone: tzinfo
    visits: tuple[Visit, ...]
    points: Mapping[int, str]
    numbers: Mapping[UUID, int]

    def day(self, when: datetime) -> str:
        return phrasing.day(when.astimezone(self.zone), self.words)

    def moment(self, when: datetime) -> str:
        return phrasing.moment(when, self.words, self.zone)

    def place(self, point_index: int) -> str:
        """Return the name of a point for use inside a sentence."""
        label = self.points.get(point_index, "")
        form = self.words.points.named if label else self.words.points.point
        return form.format(index=point_index, label=isolated(label))

    def photo_time(self, photo: PhotoFacts) -> str:
        """Return when the photo was taken by its phone's clock, else when it arrived."""
        form, when = (
            (self.words.points.taken, photo.taken_at)
            if photo.taken_at
            else (self.words.points.received, photo.received_at)
        )
        return "" if when is None else form.format(time=phrasing.short_moment(when, self.words, self.zone))

    def angle(self, photo: PhotoFacts) -> str:
        return {str(angle): name for angle, name in self.words.points.angles.items()}.get(photo.angle, photo.angle)

    def reasons(self, tokens: Sequence[str]) -> str:
        """Return why a photo was left out. Tokens of other releases are "not usable"."""
        names, other = self.words.coverage.reasons, self.words.coverage.other_reason
        return ", ".join(dict.fromkeys(names.get(token, other) for token in tokens)) or other

    def visits_to(self, point_index: int) -> tuple[tuple[Visit, PointFacts], ...]:
        """Return the visits to a point, newest first, each with what was seen there."""
        return tuple(
            (visit, point) for visit in self.visits for point in visit.points if point.point_index == point_index
        )


def edition_of(content: DossierContent) -> Edition:
    visits = newest_first(content.visits)
    points: dict[int, str] = {}
    photos: list[PhotoFacts] = []
    for visit in visits:
        for point in worst_first(visit.points, mode=content.mode):
            points.setdefault(point.point_index, one_line(point.label))
            photos.extend(point.photos)
    return Edition(
        content=content,
        words=SHARED[content.language],
        own=OF_MODE[content.mode, content.language],
        zone=ZoneInfo(content.time_zone),
        visits=visits,
        points=points,
        numbers={photo.asset_id: number for number, photo in enumerate(photos, start=1)},
    )
