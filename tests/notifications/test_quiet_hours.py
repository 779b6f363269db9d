"""Test that quiet hours hold by the owner's wall clock, also in the nights in which clocks change."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core import mail

from notifications import delivery
from notifications.models import ContactSettings, Delivery
from notifications.recipients.quiet_hours import quiet_until
from notifications.tasks import send_due_deliveries
from tests.notifications.sample_notifications import delivery_by, result_ready, security

BERLIN, NEW_YORK, KOLKATA = "Europe/Berlin", "America/New_York", "Asia/Kolkata"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "hours", "zone", "ends"),
    [
        # Past midnight, before it and after it.
        ("2026-06-01T20:30", "22:00-07:00", BERLIN, "2026-06-02T05:00"),
        ("2026-06-02T02:00", "22:00-07:00", BERLIN, "2026-06-02T05:00"),
        # At the bounds: they begin at the first minute and are over at the last.
        ("2026-06-01T20:00", "22:00-07:00", BERLIN, "2026-06-02T05:00"),
        ("2026-06-01T19:59", "22:00-07:00", BERLIN, None),
        ("2026-06-02T05:00", "22:00-07:00", BERLIN, None),
        # Within one day.
        ("2026-06-01T12:00", "13:00-15:00", BERLIN, "2026-06-01T13:00"),
        ("2026-06-01T14:00", "13:00-15:00", BERLIN, None),
        # Elsewhere, where it is another day, and by half an hour.
        ("2026-06-01T03:30", "22:00-07:00", NEW_YORK, "2026-06-01T11:00"),
        ("2026-06-01T17:00", "22:00-07:00", KOLKATA, "2026-06-02T01:30"),
        # The night in which clocks go forward is an hour shorter, the one in which they go back an hour longer.
        ("2026-03-28T22:00", "22:00-07:00", BERLIN, "2026-03-29T05:00"),
        ("2026-10-24T21:00", "22:00-07:00", BERLIN, "2026-10-25T06:00"),
        # The end is skipped by the clock: half past two does not exist, and it is as many minutes after the change.
        ("2026-03-29T00:30", "22:00-02:30", BERLIN, "2026-03-29T01:30"),
        # The end is shown twice: the first one, and after it (the clock shows ten past two again) the second.
        ("2026-10-24T23:00", "22:00-02:30", BERLIN, "2026-10-25T00:30"),
        ("2026-10-25T00:40", "22:00-02:30", BERLIN, None),
        ("2026-10-25T01:10", "22:00-02:30", BERLIN, "2026-10-25T01:30"),
    ],
)
def test_quiet_hours_end_by_the_wall_clock(now: str, hours: str, zone: str, ends: str | None) -> None:
    begin, end = (time.fromisoformat(each) for each in hours.split("-"))
    found = quiet_until(utc(now), begin=begin, end=end, zone=zone)
    assert found == (ends and utc(ends))


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, "Australia/Lord_Howe", "Pacific/Apia"])
@pytest.mark.parametrize("hours", [("22:00", "07:00"), ("01:00", "02:30"), ("02:30", "01:30")])
def test_the_end_is_in_the_future_and_within_a_day(zone: str, hours: tuple[str, str]) -> None:
    begin, end = (time.fromisoformat(each) for each in hours)
    now = utc("2026-01-01T00:00")
    for _ in range(365 * 48):
        found = quiet_until(now, begin=begin, end=end, zone=zone)
        assert found is None or now < found <= now + timedelta(hours=25)
        now += timedelta(minutes=30)


@pytest.mark.django_db
class TestDeliveries:
    @pytest.fixture(autouse=True)
    def _quiet_at_noon(self, owner) -> None:
        """The clock of these tests begins at noon UTC."""
        times = {"quiet_from": time(13), "quiet_to": time(15), "time_zone": BERLIN}
        ContactSettings.objects.create(user=owner, **times)

    def test_a_delivery_waits_for_their_end_without_an_attempt(self, owner, device, pushes, clock) -> None:
        result_ready(owner)
        send_due_deliveries()
        assert not mail.outbox
        assert set(Delivery.objects.values_list("state", "attempts", "due_at")) == {
            ("pending", 0, utc("2026-06-01T13:00"))
        }
        clock.shift(timedelta(hours=1))
        send_due_deliveries()
        assert (len(mail.outbox), len(pushes.sent)) == (1, 1)

    def test_a_security_notice_does_not_wait(self, owner, clock) -> None:
        security(owner)
        send_due_deliveries()
        assert len(mail.outbox) == 1

    def test_a_delivery_that_is_stale_by_then_is_not_sent(self, owner, clock) -> None:
        result_ready(owner)
        send_due_deliveries()
        Delivery.objects.update(stale_at=utc("2026-06-01T12:30"))
        clock.shift(timedelta(hours=1))
        send_due_deliveries()
        assert (delivery_by("email").state, mail.outbox) == ("stale", [])

    def test_waiting_is_no_backlog(self, owner, clock) -> None:
        result_ready(owner)
        send_due_deliveries()
        assert not delivery.due_deliveries()
