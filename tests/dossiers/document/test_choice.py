"""Test which photos are printed: at most sixty, the newest visit and the worst point first, and no other is read."""

from dataclasses import replace

import pytest

from dossiers.document.content import MAX_PHOTOS, DossierContent, Pictures
from dossiers.document.errors import TooManyPictures
from dossiers.document.render import render_pdf
from dossiers.document.selection import newest_first, printed_photos, with_pictures, worst_first
from inspections.modes.base import PointResult, find_worst_point
from inspections.modes.corrosion.vocabulary import CoverageBand
from inspections.vocabulary import ConfidenceLevel, Mode, SignalDetected
from testing.samples.sample_dossiers import sample_dossier
from tests.inspections.modes.point_results import point_result


def without_pictures(content: DossierContent) -> DossierContent:
    return with_pictures(content, lambda _: None)


def test_the_newest_visit_comes_first_and_in_it_the_worst_point():
    content = without_pictures(sample_dossier(visits=2, points=2))
    order = printed_photos(content)
    newest = newest_first(content.visits)[0]
    worst = worst_first(newest.points, mode=content.mode)[0]
    assert order[:3] == tuple(photo.asset_id for photo in worst.photos)
    assert len(order) == 12


def test_a_photo_that_was_left_out_is_not_printed():
    content = sample_dossier(points=3)
    unused = next(photo for point in content.visits[0].points for photo in point.photos if not photo.used)
    assert unused.asset_id not in printed_photos(content)


def test_no_more_pictures_are_read_than_printed():
    content = without_pictures(sample_dossier(visits=10, points=5))
    asked = []

    def read(asset_id):
        asked.append(asset_id)
        return Pictures(b"view")

    filled = with_pictures(content, read)
    assert tuple(asked) == printed_photos(content)
    assert len(asked) == MAX_PHOTOS
    shown = {
        photo.asset_id
        for visit in filled.visits
        for point in visit.points
        for photo in point.photos
        if photo.pictures is not None
    }
    assert shown == set(asked)


def test_more_pictures_than_sixty_are_refused():
    with pytest.raises(TooManyPictures):
        render_pdf(sample_dossier(visits=6, points=4))


def test_a_picture_that_is_gone_leaves_its_photo_in_the_list():
    content = without_pictures(sample_dossier(points=2))
    assert len(render_pdf(content)) > 10_000


@pytest.mark.parametrize("seed", range(30))
def test_the_worst_point_is_the_one_that_decided_the_result(seed):
    """The order of the document and the rule of the analysis agree on the first point."""
    signals, levels, bands = list(SignalDetected), list(ConfidenceLevel), CoverageBand.values()
    template = sample_dossier(points=3).visits[0].points
    points = []
    for index, point in enumerate(template):
        mixed = seed * 7 + index * 11 + seed * index * 5
        signal = signals[mixed % 3]
        level = levels[mixed // 3 % 3]
        band = bands[1 + mixed // 9 % 4] if signal == SignalDetected.YES else "none"
        points.append(replace(point, signal_detected=signal, confidence_level=level, band=band))
    results = [point_of(point) for point in points]
    ranks = {point.point_index: bands.index(point.band) for point in points}
    decided = find_worst_point(results, rank=lambda result: ranks[result.point_index]).point.point_index
    assert worst_first(tuple(points), mode=Mode.CORROSION)[0].point_index == decided


def point_of(point) -> PointResult:
    return point_result(point.point_index, str(point.signal_detected), str(point.confidence_level))
