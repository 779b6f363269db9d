"""Test due dates: whole days by the owner's calendar, and one moment for each, whatever the clocks do."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from corrosion.reminders.due_dates import due_date, moment_of

pytestmark = pytest.mark.anywhere


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("inspected_at", "zone", "expected"),
    [
        ("2026-05-01T21:59:00", "Europe/Berlin", date(2026, 5, 31)),
        ("2026-05-01T22:01:00", "Europe/Berlin", date(2026, 6, 1)),
        ("2026-05-01T12:30:00", "Pacific/Auckland", date(2026, 6, 1)),
        ("2026-05-01T09:30:00", "Pacific/Pago_Pago", date(2026, 5, 30)),
        ("2024-02-28T12:00:00", "UTC", date(2024, 3, 29)),
    ],
)
def test_days_are_counted_by_the_calendar_of_the_zone(inspected_at: str, zone: str, expected: date):
    assert due_date(utc(inspected_at), interval_days=30, zone=ZoneInfo(zone)) == expected


@pytest.mark.parametrize(
    ("due_on", "zone", "expected"),
    [
        (date(2026, 3, 28), "Europe/Berlin", "2026-03-28T08:00:00"),
        (date(2026, 3, 29), "Europe/Berlin", "2026-03-29T07:00:00"),  # the clock went forward at two
        (date(2026, 10, 25), "Europe/Berlin", "2026-10-25T08:00:00"),  # and back at three
        (date(2026, 10, 24), "Europe/Berlin", "2026-10-24T07:00:00"),
        (date(2026, 6, 1), "Pacific/Auckland", "2026-05-31T21:00:00"),
        (date(2026, 6, 1), "Pacific/Kiritimati", "2026-05-31T19:00:00"),
        (date(2026, 6, 1), "Pacific/Pago_Pago", "2026-06-01T20:00:00"),
        (date(2026, 6, 1), "Asia/Kathmandu", "2026-06-01T03:15:00"),
        # Samoa skipped this day: the moment lies on the next one.
        (date(2011, 12, 30), "Pacific/Apia", "2011-12-30T19:00:00"),
    ],
)
def test_a_date_is_sent_at_nine_by_the_clock_of_the_zone(due_on: date, zone: str, expected: str):
    assert moment_of(due_on, zone=ZoneInfo(zone)) == utc(expected)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Pacific/Apia", "America/Caracas", "Antarctica/Troll", "UTC"])
def test_later_dates_are_sent_later(zone: str):
    days = [date.fromordinal(day) for day in range(date(2011, 12, 1).toordinal(), date(2012, 12, 1).toordinal())]
    moments = [moment_of(day, zone=ZoneInfo(zone)) for day in days]
    assert moments == sorted(moments)
