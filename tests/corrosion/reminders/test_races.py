"""Test what happens at the same moment: two rounds, and a change or an inspection during a round."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.db import connection, connections

from corrosion.models import Reminder
from corrosion.reminders import changes, sending
from inspections.lifecycle import hooks
from notifications.models import Delivery, Notification
from tests.concurrency import at_once, at_once_behind
from tests.corrosion.reminders.samples import inspected, sent_to, set_at
from vessels.changes import delete_vessel

pytestmark = pytest.mark.django_db(transaction=True)
DUE = datetime(2026, 5, 30, 9, tzinfo=UTC)
ON_POSTGRES_ONLY = pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite runs one IMMEDIATE transaction at a time, so there one thread cannot act during another's",
)


@pytest.fixture
def reminder(subscriber):
    set_at(subscriber, inspected(subscriber.owner).vessel_id)
    return Reminder.objects.get()


def test_of_eight_rounds_at_once_one_sends_it(reminder):
    with time_machine.travel(DUE, tick=False):
        at_once(8, partial(sending.check_reminder, reminder.pk))
    assert len(sent_to(reminder.owner)) == 1


def test_of_eight_that_all_hold_the_claim_one_sends_it(reminder):
    """The claim only saves work: what is sent is decided under the lock."""
    with time_machine.travel(DUE, tick=False):
        at_once(8, partial(sending._check, reminder))
    assert len(sent_to(reminder.owner)) == 1


@ON_POSTGRES_ONLY
def test_without_the_lock_and_the_event_key_several_send_it(reminder, monkeypatch):
    """The control."""
    keys = iter(range(100))
    monkeypatch.setattr(sending, "_event_key", lambda *_: f"recheck_due:{next(keys)}")
    monkeypatch.setattr(sending.entitlements, "lock", lambda _: None)
    monkeypatch.setattr("django.db.models.QuerySet.select_for_update", lambda rows, **_: rows.all())
    with time_machine.travel(DUE, tick=False):
        at_once(8, partial(sending._check, reminder))
    assert len(sent_to(reminder.owner)) > 1


@ON_POSTGRES_ONLY
@pytest.mark.parametrize("what", ["an inspection", "another interval", "switched off"])
def test_what_is_committed_after_the_claim_counts(reminder, monkeypatch, what):
    """A round claims the reminder; before it decides, another process commits a change."""
    owner, vessel_id = reminder.owner, reminder.vessel_id

    def change(_: object) -> None:
        monkeypatch.undo()
        if what == "an inspection":
            hooks.announce_delivered(inspected(owner, DUE - timedelta(days=1)))
        else:
            interval_days, enabled = (120, True) if what == "another interval" else (90, False)
            changes.set_reminder(owner=owner, vessel_id=vessel_id, interval_days=interval_days, enabled=enabled)
        connections.close_all()

    def check(claimed: Reminder) -> None:
        at_once(1, partial(change, claimed))
        decide(claimed)

    decide = sending._check
    monkeypatch.setattr(sending, "_check", check)
    with time_machine.travel(DUE, tick=False):
        sending.check_reminder(reminder.pk)
        sending.check_reminder(reminder.pk)
    assert not Notification.objects.filter(kind="recheck_due").exists()


def check_while_archiving(reminder: Reminder) -> list[Delivery]:
    """Check the reminder while another transaction archives the vessel. Return what is to be sent of it."""
    archive = partial(delete_vessel, owner=reminder.owner, vessel_id=reminder.vessel_id)
    with time_machine.travel(DUE, tick=False):
        at_once_behind(archive, partial(sending._check, reminder))
    return list(Delivery.objects.filter(notification__kind="recheck_due", state="pending"))


@ON_POSTGRES_ONLY
def test_a_vessel_that_is_archived_meanwhile_is_not_notified(reminder):
    assert check_while_archiving(reminder) == []


@ON_POSTGRES_ONLY
def test_without_the_lock_of_the_entitlement_it_is_notified(reminder, monkeypatch):
    """The control."""
    monkeypatch.setattr(sending.entitlements, "lock", lambda _: None)
    assert len(check_while_archiving(reminder)) == 1


def test_a_reminder_that_is_set_again_and_again_during_rounds_is_sent_once_at_most(reminder):
    vessel_id, turns = reminder.vessel_id, iter(range(8))

    def act() -> None:
        number = next(turns)
        if number % 2:
            sending.check_reminder(reminder.pk)
        else:
            changes.set_reminder(owner=reminder.owner, vessel_id=vessel_id, interval_days=90, enabled=number % 4 == 0)

    with time_machine.travel(DUE, tick=False):
        at_once(8, act)
    assert len(sent_to(reminder.owner)) <= 1
