"""Order and choice of what is printed: the worst point first, the newest visit first, at most 60 photos. Plain Python.

Build the content without pictures, then let `with_pictures` read only those that will be printed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from dossiers.document.content import MAX_PHOTOS, DossierContent, PhotoFacts, Pictures, PointFacts, Visit
from inspections.modes.corrosion.vocabulary import CoverageBand
from inspections.modes.osmosis.vocabulary import DensityBand
from inspections.vocabulary import ConfidenceLevel, Mode, SignalDetected

_BANDS: Final[Mapping[Mode, tuple[str, ...]]] = {
    Mode.CORROSION: tuple(CoverageBand.values()),
    Mode.OSMOSIS: tuple(DensityBand.values()),
}
_SIGNALS: Final = (SignalDetected.NO, SignalDetected.INCONCLUSIVE, SignalDetected.YES)
_LEVELS: Final = tuple(ConfidenceLevel)


def newest_first(visits: tuple[Visit, ...]) -> tuple[Visit, ...]:
    return tuple(sorted(visits, key=lambda visit: (visit.submitted_at, str(visit.inspection_id)), reverse=True))


def worst_first(points: tuple[PointFacts, ...], *, mode: Mode) -> tuple[PointFacts, ...]:
    """Return the points of a visit in the order in which they decide its result: clear signs, hints, the rest.

    Among signs of more than low confidence the worst band comes first; an inconclusive point precedes a clean one.
    """
    return tuple(sorted(points, key=lambda point: (_severity(point, mode), -point.point_index), reverse=True))


def _severity(point: PointFacts, mode: Mode) -> tuple[int, int, int, int]:
    level = _LEVELS.index(point.confidence_level or ConfidenceLevel.MEDIUM)
    if point.signal_detected != SignalDetected.YES:
        return _SIGNALS.index(point.signal_detected), -level, 0, 0
    bands = _BANDS[mode]
    return _SIGNALS.index(SignalDetected.YES), level > 0, bands.index(point.band) if point.band in bands else 0, level


def printed_photos(content: DossierContent) -> tuple[UUID, ...]:
    """Return the ids of the photos to print: those used, newest visit first, in it the worst point first."""
    return tuple(photo.asset_id for photo in _used_photos(content))[:MAX_PHOTOS]


def _used_photos(content: DossierContent) -> Iterator[PhotoFacts]:
    for visit in newest_first(content.visits):
        for point in worst_first(visit.points, mode=content.mode):
            yield from (photo for photo in point.photos if photo.used)


def with_pictures(content: DossierContent, read: Callable[[UUID], Pictures | None]) -> DossierContent:
    """Return the content with the pictures of the photos to print. `read` returns None for a picture that is gone."""
    pictures = {asset_id: read(asset_id) for asset_id in printed_photos(content)}
    return replace(content, visits=tuple(_illustrated(visit, pictures) for visit in content.visits))


def _illustrated(visit: Visit, pictures: Mapping[UUID, Pictures | None]) -> Visit:
    points = tuple(
        replace(
            point,
            photos=tuple(replace(photo, pictures=pictures.get(photo.asset_id)) for photo in point.photos),
        )
        for point in visit.points
    )
    return replace(visit, points=points)
