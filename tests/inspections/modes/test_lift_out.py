"""Test how long after lift-out the photos of an osmosis inspection were taken, and how it is said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from inspections.modes.osmosis import wording
from tests.inspections.modes.point_results import assess, point_result, unusable_point

pytestmark = pytest.mark.anywhere
LIFTED = datetime(2026, 5, 1, 10, tzinfo=UTC)
CONTEXT = {"hauled_out_at": "2026-05-01T10:00:00Z"}


def said(*minutes: float, context=CONTEXT):
    """Return the hours and the explanation of photos that were taken so many minutes after the lift-out."""
    taken_at = tuple(LIFTED + timedelta(minutes=each) for each in minutes)
    found = assess("osmosis", replace(point_result(1, "no"), taken_at=taken_at), context=context)
    return found.block["hours_since_lift_out"], found.explanation


@pytest.mark.parametrize(
    ("minutes", "hours", "words"),
    [
        (0, 0.0, "up to 10 minutes after lift-out, while blisters show best"),
        (-9, 0.0, "up to 10 minutes after"),  # two clocks
        (41, 0.7, "up to 50 minutes after"),
        (60, 1.0, "up to an hour after"),
        (61, 1.0, "up to an hour and 10 minutes after"),
        (120, 2.0, "up to 2 hours after lift-out, while blisters show best"),
        (121, 2.0, "up to 3 hours after lift-out. Blisters can shrink"),
        (60 * 47.5, 47.5, "up to 48 hours after"),
        (60 * 49, 49.0, "up to 3 days after"),
    ],
)
def test_the_time_is_rounded_up_and_after_two_hours_called_late(minutes: float, hours: float, words: str):
    number, text = said(minutes)
    assert number == hours
    assert words in text


def test_the_last_photo_counts():
    assert said(5, 90, 30)[0] == 1.5


def test_the_photos_of_all_areas_count():
    areas = [replace(point_result(index, "no"), taken_at=(LIFTED + timedelta(hours=index),)) for index in (1, 2)]
    assert assess("osmosis", *areas, context=CONTEXT).block["hours_since_lift_out"] == 2.0


@pytest.mark.parametrize("context", [{}, {"hauled_out_at": ""}, {"hauled_out_at": "2026-05-01T10:00:00"}], ids=str)
def test_without_a_lift_out_it_is_not_known(context):
    number, text = said(30, context=context)
    assert number is None
    assert wording.TIME_UNKNOWN in text


def test_without_the_time_of_a_photo_it_is_not_known():
    number, text = said()
    assert number is None
    assert wording.TIME_UNKNOWN in text


def test_a_photo_from_before_the_lift_out_makes_it_unknown():
    number, text = said(-11, 30)
    assert number is None
    assert wording.TIME_CONTRADICTED in text


def test_nothing_is_said_of_time_if_no_photo_could_be_used():
    found = assess("osmosis", unusable_point(1), context=CONTEXT)
    assert found.block["hours_since_lift_out"] is None
    assert "lift-out the photos" not in found.explanation


def test_the_time_changes_neither_signal_nor_band_nor_guidance():
    areas = [replace(point_result(1, "yes", extent=10), taken_at=(at,)) for at in (LIFTED, LIFTED + timedelta(days=9))]
    first, second = (assess("osmosis", area, context=CONTEXT) for area in areas)
    assert (first.signal_detected, first.worst_band, first.confidence_level, first.guidance) == (
        second.signal_detected,
        second.worst_band,
        second.confidence_level,
        second.guidance,
    )


def test_the_other_mode_knows_no_lift_out():
    found = assess("corrosion", replace(point_result(1, "no"), taken_at=(LIFTED,)), context=CONTEXT)
    assert "lift-out" not in found.explanation
    assert set(found.block) == {"points"}
