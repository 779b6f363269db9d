"""Test which work separates two visits, and how it divides the visits of a point into segments."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from corrosion.judgement.baselines import SurfaceWork, VisitDays, is_restarted
from corrosion.judgement.comparability import PointPair, Visit, VisitPhoto, VisitPoint, first_obstacle, pair_of
from corrosion.judgement.segments import DatedVisit, segments, steps, timeline_pairs

DAY = date(2026, 5, 10)


def day(number: int) -> date:
    return date(2026, 5, number)


def days(first: int, last: int | None = None) -> VisitDays:
    return VisitDays(day(first), day(last or first))


@pytest.mark.parametrize(
    ("performed", "one", "other", "separates"),
    [
        (10, 9, 11, True),
        (10, 11, 9, True),  # in either order
        (10, 10, 11, False),  # on the day of the first visit: before it
        (10, 9, 10, True),  # on the day of the second visit: before it
        (10, 10, 9, True),
        (10, 10, 10, False),
        (10, 11, 12, False),
        (10, 8, 9, False),
    ],
)
def test_work_separates_visits_before_it_from_those_on_its_day_or_later(performed, one, other, separates):
    assert SurfaceWork(day(performed)).is_between(days(one), days(other)) is separates


@pytest.mark.parametrize(
    ("performed", "one", "other", "separates"),
    [
        (10, days(1), days(9, 11), True),  # opened before the work, photographed before it or after
        (10, days(9, 11), days(20), True),
        (10, days(9, 11), days(9, 11), True),
        (10, days(1), days(10, 11), True),
        (10, days(10, 11), days(20), False),
        (10, days(1), days(8, 9), False),
        (10, days(2, 12), days(5, 6), True),  # submitted after a visit that was opened later
    ],
)
def test_work_during_a_visit_separates_it_from_every_other(performed, one, other, separates):
    work = SurfaceWork(day(performed))
    assert work.is_between(one, other) is work.is_between(other, one) is separates


def test_work_on_some_points_restarts_only_those():
    works = [SurfaceWork(DAY, frozenset({2, 3}))]
    assert [is_restarted(index, works, days(1), days(20)) for index in (1, 2, 3)] == [False, True, True]


def photographed(*angles: str, sha256: str = "a") -> VisitPoint:
    photo = VisitPhoto(asset_id="1", sha256=sha256, evidence_uri="e", view_uri="v")
    return VisitPoint(label="", photos=dict.fromkeys(angles, photo), overlay_asset_id="", overlay_uri=None)


def visited(number: int, *, vessel_id: str = "tern", works=(), **points: VisitPoint) -> Visit:
    numbered = {int(name[1:]): point for name, point in points.items()}
    return Visit(vessel_id=vessel_id, hull_material="", points=numbered, days=days(number), surface_works=works)


def obstacle(before: Visit, after: Visit, index: int = 1) -> str | None:
    return first_obstacle(pair_of(index, before=before, after=after))


def test_nothing_is_compared_across_work_on_the_surface():
    works = (SurfaceWork(DAY, frozenset({1})),)
    before, after = (visited(each, works=works, p1=photographed("mid"), p2=photographed("mid")) for each in (1, 20))
    assert obstacle(before, after) == obstacle(after, before) == "maintenance_between"
    assert obstacle(before, after, 2) is None


def test_work_comes_before_identical_files_a_missing_point_and_the_metal():
    works = (SurfaceWork(DAY),)
    before = visited(1, works=works, p1=photographed("mid"))
    assert obstacle(before, visited(20, works=works, p1=photographed("mid"))) == "maintenance_between"
    assert obstacle(before, visited(20, works=works)) == "maintenance_between"


def test_another_vessel_comes_before_its_work():
    works = (SurfaceWork(DAY),)
    before = visited(1, works=works, p1=photographed("mid"))
    after = visited(20, vessel_id="gannet", works=works, p1=photographed("mid"))
    assert obstacle(before, after) == "different_vessel"
    assert not pair_of(1, before=before, after=after).is_restarted


def test_a_pair_without_work_is_not_restarted():
    assert not PointPair(None, None, same_vessel=True, can_rust=True).is_restarted


def walk(*visits: tuple[int, set[int]]) -> list[DatedVisit]:
    return [DatedVisit(UUID(int=number), days(number), frozenset(points)) for number, points in visits]


def numbers(part) -> list[int]:
    return [visit.id.int for visit in part]


def test_work_on_a_point_ends_its_segment_only():
    visits = walk((1, {1, 2}), (5, {1, 2}), (12, {1, 2}), (20, {1, 2}))
    works = [SurfaceWork(DAY, frozenset({2}))]
    assert [numbers(part) for part in segments(1, visits, works)] == [[1, 5, 12, 20]]
    assert [numbers(part) for part in segments(2, visits, works)] == [[1, 5], [12, 20]]


def test_a_visit_during_which_the_work_was_done_is_a_segment_of_its_own():
    visits = walk((1, {1}), (9, {1}), (20, {1}))
    visits[1] = replace(visits[1], days=days(9, 11))
    assert [numbers(part) for part in segments(1, visits, [SurfaceWork(DAY)])] == [[1], [9], [20]]


def test_a_visit_without_the_point_is_in_none_of_its_segments():
    visits = walk((1, {1}), (5, {2}), (12, {1, 2}))
    assert [numbers(part) for part in segments(1, visits, [])] == [[1, 12]]
    assert [numbers(part) for part in segments(2, visits, [SurfaceWork(day(12))])] == [[5], [12]]
    assert segments(3, visits, []) == []


def test_a_timeline_needs_each_step_and_both_ends_of_each_segment():
    visits = walk((1, {1, 2}), (5, {1}), (12, {1, 2}), (20, {1, 2}))
    works = [SurfaceWork(DAY, frozenset({2}))]
    pairs = {(before.int, after.int) for before, after in timeline_pairs(visits, works)}
    assert pairs == {(1, 5), (5, 12), (12, 20), (1, 20)}
    assert {after.int: before.int for after, (before, _) in steps(visits).items()} == {5: 1, 12: 5, 20: 12}


@pytest.mark.parametrize("visits", [[], walk((1, {1}))], ids=["none", "one"])
def test_a_single_visit_needs_no_comparison(visits):
    assert timeline_pairs(visits, []) == set()
