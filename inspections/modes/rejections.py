"""How an explanation names the rejected photos. Each mode fills in its own words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from inspections.modes.base import Coverage, PointResult, RejectedPhoto


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectionWords:
    """`all_photos` is the sentence around the `photos`; `one_photo` and `whole_point` name what was rejected.

    `point` names a point without a label by its `index`. `reasons` has words for every `RetakeReason`; rows of earlier
    releases may hold others, which read as `other_reason`.
    """

    all_photos: str
    one_photo: str
    whole_point: str
    point: str
    reasons: Mapping[str, str]
    other_reason: str

    def sentence(self, points: Sequence[PointResult], coverage: Coverage) -> Iterator[str]:
        """Yield the sentence that names every rejected photo, or nothing."""
        named = [name for point in points for name in self._rejections(point)]
        if named:
            everything = coverage.photos_used + coverage.photos_rejected
            yield self.all_photos.format(rejected=coverage.photos_rejected, all=everything, photos="; ".join(named))

    def place(self, point: PointResult) -> str:
        return point.label or self.point.format(index=point.point_index)

    def every_text(self) -> Iterator[str]:
        yield from (self.all_photos, self.one_photo, self.whole_point, self.other_reason, *self.reasons.values())

    def _rejections(self, point: PointResult) -> Iterator[str]:
        """Name the rejected photos of a point; the whole point if no photo is usable."""
        if point.finding is None and len(point.rejected_photos) > 1:
            yield self.whole_point.format(place=self.place(point), reasons=self._reasons(*point.rejected_photos))
            return
        for photo in point.rejected_photos:
            yield self.one_photo.format(place=self.place(point), angle=photo.angle, reasons=self._reasons(photo))

    def _reasons(self, *photos: RejectedPhoto) -> str:
        words = (
            self.reasons.get(reason, self.other_reason).format(formats=photo.formats)
            for photo in photos
            for reason in photo.reasons
        )
        return ", ".join(dict.fromkeys(words)) or self.other_reason
