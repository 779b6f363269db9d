"""Test when a reminder is sent: once per due date, never early, and late only if it could not be sent in time."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from corrosion.metrics import backlogs
from corrosion.models import Reminder
from corrosion.reminders import sending
from inspections.lifecycle import failures, hooks
from inspections.models import Inspection
from maretech.common.observability.metrics import ISOLATED_FAILURES
from notifications.models import Delivery, Notification
from testing.phone import Phone
from tests.corrosion.reminders.samples import (
    BERLIN,
    SPRING,
    every,
    inspected,
    live_in,
    reminder_of,
    run_at,
    sent_to,
    set_at,
)
from vessels.models import Vessel

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Ninety days after the inspection of 1 March 2026, at nine.
DUE = datetime(2026, 5, 30, 9, tzinfo=UTC)


@pytest.fixture
def vessel_id(subscriber):
    """A vessel that is due on 30 May, in UTC."""
    inspection = inspected(subscriber.owner)
    set_at(subscriber, inspection.vessel_id)
    return inspection.vessel_id


def subscribe_at(phone: Phone, at: datetime, *, active: bool) -> None:
    with time_machine.travel(at, tick=False):
        Phone.of(phone.owner).subscribe(active=active)


def delivered(owner, at: datetime, **changes) -> Inspection:
    with time_machine.travel(at, tick=False):
        inspection = inspected(owner, at, **changes)
        hooks.announce_delivered(inspection)
        return inspection


def test_it_is_sent_at_nine_on_the_due_date_and_names_the_vessel_by_id(subscriber, vessel_id):
    run_at(*every(HOUR, begin=DUE - 2 * DAY, end=DUE - HOUR), DUE - timedelta(seconds=1))
    assert sent_to(subscriber.owner) == []
    run_at(DUE)
    (found,) = sent_to(subscriber.owner)
    assert (found.created_at, found.variant, found.data) == (DUE, "corrosion", {"vessel_id": str(vessel_id)})
    assert "Tern" not in found.title + found.body


def test_it_is_sent_once(subscriber, vessel_id):
    run_at(*every(HOUR, begin=DUE - DAY, end=DUE + 2 * DAY), *every(DAY, begin=DUE, end=DUE + 400 * DAY))
    assert len(sent_to(subscriber.owner)) == 1
    row = reminder_of(subscriber.owner)
    assert (row.sent_at, row.sent_due_on) == (DUE, DUE.date())


def test_a_scheduler_that_was_down_that_day_sends_it_late_and_once(subscriber, vessel_id):
    run_at(DUE - 20 * DAY, DUE + 9 * DAY, DUE + 10 * DAY)
    (found,) = sent_to(subscriber.owner)
    assert found.created_at == DUE + 9 * DAY


def test_only_hours_near_the_date_are_checked_often(subscriber, vessel_id):
    run_at(SPRING + HOUR)
    assert reminder_of(subscriber.owner).due_at == SPRING + HOUR + sending.IDLE
    run_at(DUE - 30 * HOUR)
    assert reminder_of(subscriber.owner).due_at == DUE - sending.ZONES
    run_at(DUE - 10 * HOUR)
    assert reminder_of(subscriber.owner).due_at == DUE - 10 * HOUR + sending.NEAR
    run_at(DUE - timedelta(minutes=10))
    assert reminder_of(subscriber.owner).due_at == DUE


def test_a_new_inspection_moves_it(subscriber, vessel_id):
    delivered(subscriber.owner, DUE - DAY)
    run_at(DUE, DUE + DAY, DUE + 60 * DAY)
    assert sent_to(subscriber.owner) == []
    run_at(DUE + 89 * DAY)
    assert reminder_of(subscriber.owner).sent_due_on == (DUE + 89 * DAY).date()


def test_each_inspection_has_its_own_due_date(subscriber, vessel_id):
    run_at(DUE)
    delivered(subscriber.owner, DUE + 5 * DAY)
    run_at(DUE + 5 * DAY, DUE + 95 * DAY)
    assert [row.created_at for row in sent_to(subscriber.owner)] == [DUE, DUE + 95 * DAY]


def test_an_inspection_of_another_vessel_or_mode_does_not_move_it(subscriber, vessel_id):
    delivered(subscriber.owner, DUE - DAY, vessel="Gannet")
    inspected(subscriber.owner, DUE - DAY, mode="osmosis")
    run_at(DUE)
    assert len(sent_to(subscriber.owner)) == 1


def test_a_new_inspection_that_no_hook_announced_still_prevents_it(subscriber, vessel_id):
    inspected(subscriber.owner, DUE - DAY)
    run_at(DUE, DUE + DAY)
    assert sent_to(subscriber.owner) == []


def test_the_deletion_of_the_last_inspection_moves_it_back(subscriber, vessel_id):
    last = delivered(subscriber.owner, SPRING + 40 * DAY)
    run_at(DUE)
    with time_machine.travel(DUE + 3 * DAY, tick=False):
        failures.delete(last)
    run_at(DUE + 3 * DAY)
    assert reminder_of(subscriber.owner).sent_due_on == DUE.date()


def test_the_deletion_of_the_only_inspection_ends_it(subscriber, vessel_id):
    failures.delete(Inspection.objects.get())
    run_at(DUE, DUE + DAY)
    assert sent_to(subscriber.owner) == []


def test_a_date_before_the_last_one_that_was_sent_is_not_sent(subscriber, vessel_id):
    last = delivered(subscriber.owner, SPRING + 40 * DAY)
    run_at(DUE + 40 * DAY)
    assert reminder_of(subscriber.owner).sent_due_on == (DUE + 40 * DAY).date()
    with time_machine.travel(DUE + 50 * DAY, tick=False):
        failures.delete(last)
    run_at(DUE + 50 * DAY, DUE + 51 * DAY)
    assert len(sent_to(subscriber.owner)) == 1


def test_another_interval_moves_it(subscriber, vessel_id):
    set_at(subscriber, vessel_id, DUE - 10 * DAY, interval_days=120)
    run_at(DUE, DUE + DAY)
    assert sent_to(subscriber.owner) == []
    run_at(DUE + 30 * DAY)
    assert reminder_of(subscriber.owner).sent_due_on == (DUE + 30 * DAY).date()


def test_a_longer_interval_after_the_reminder_sends_it_again(subscriber, vessel_id):
    """The owner asks for another date of the same inspection."""
    run_at(DUE)
    set_at(subscriber, vessel_id, DUE + DAY, interval_days=120)
    run_at(DUE + DAY, DUE + 30 * DAY)
    assert len(sent_to(subscriber.owner)) == 2


@pytest.mark.parametrize("change", [{"interval_days": 30}, {"enabled": False}], ids=["interval", "off and on"])
def test_a_date_that_is_over_when_the_reminder_is_set_is_not_sent(subscriber, vessel_id, change):
    set_at(subscriber, vessel_id, DUE + DAY, **change)
    set_at(subscriber, vessel_id, DUE + 2 * DAY, **{**change, "enabled": True})
    run_at(*every(DAY, begin=DUE + 2 * DAY, end=DUE + 40 * DAY))
    assert sent_to(subscriber.owner) == []


def test_a_reminder_that_is_off_is_not_sent(subscriber, vessel_id):
    set_at(subscriber, vessel_id, DUE - DAY, enabled=False)
    run_at(DUE, DUE + DAY)
    assert sent_to(subscriber.owner) == []


def test_another_zone_moves_the_moment(subscriber, vessel_id):
    live_in(subscriber.owner, "Pacific/Auckland")  # nine o'clock is at 21:00 UTC of the day before
    run_at(*every(timedelta(minutes=10), begin=DUE - 30 * HOUR, end=DUE - 12 * HOUR - timedelta(seconds=1)))
    assert sent_to(subscriber.owner) == []
    # The date by that calendar is the second of March plus ninety days.
    run_at(*every(timedelta(minutes=10), begin=DUE - 12 * HOUR, end=DUE + 12 * HOUR))
    assert [row.created_at for row in sent_to(subscriber.owner)] == [datetime(2026, 5, 30, 21, tzinfo=UTC)]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", BERLIN])
def test_another_zone_after_the_reminder_sends_nothing_again(subscriber, vessel_id, zone):
    run_at(DUE)
    live_in(subscriber.owner, zone)
    run_at(*every(6 * HOUR, begin=DUE, end=DUE + 9 * DAY))
    assert len(sent_to(subscriber.owner)) == 1


@pytest.mark.parametrize(
    ("inspected_at", "due"),
    [
        (datetime(2026, 2, 26, 12, tzinfo=UTC), datetime(2026, 3, 29, 7, tzinfo=UTC)),  # the clock goes forward
        (datetime(2026, 9, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 8, tzinfo=UTC)),  # and back
    ],
    ids=["spring", "autumn"],
)
def test_on_days_on_which_the_clock_changes_it_is_sent_at_nine_all_the_same(subscriber, inspected_at, due):
    live_in(subscriber.owner, BERLIN)
    inspection = inspected(subscriber.owner, inspected_at)
    set_at(subscriber, inspection.vessel_id, inspected_at + HOUR, interval_days=31)
    run_at(*every(timedelta(minutes=30), begin=due - DAY, end=due + DAY))
    assert [row.created_at for row in sent_to(subscriber.owner)] == [due]


def test_a_lapsed_subscription_pauses_it_and_a_new_one_sends_it_once(subscriber, vessel_id):
    subscribe_at(subscriber, DUE - DAY, active=False)
    run_at(*every(HOUR, begin=DUE - HOUR, end=DUE + 3 * DAY))
    assert sent_to(subscriber.owner) == []
    subscribe_at(subscriber, DUE + 3 * DAY, active=True)
    run_at(*every(timedelta(minutes=30), begin=DUE + 3 * DAY, end=DUE + 4 * DAY))
    (found,) = sent_to(subscriber.owner)
    assert found.created_at - (DUE + 3 * DAY) <= sending.PAUSED


def test_what_was_inspected_during_the_pause_is_not_sent_after_it(subscriber, vessel_id):
    subscribe_at(subscriber, DUE - DAY, active=False)
    run_at(DUE)
    delivered(subscriber.owner, DUE + DAY)
    subscribe_at(subscriber, DUE + 3 * DAY, active=True)
    run_at(*every(HOUR, begin=DUE + 3 * DAY, end=DUE + 5 * DAY))
    assert sent_to(subscriber.owner) == []


def test_an_archived_vessel_is_not_due_until_it_is_back(subscriber, vessel_id):
    assert subscriber.delete(f"/vessels/{vessel_id}").status_code == 204
    run_at(DUE, DUE + DAY)
    assert sent_to(subscriber.owner) == []
    subscriber.add_vessel("Tern")
    run_at(DUE + 2 * DAY)
    assert len(sent_to(subscriber.owner)) == 1


def test_a_vessel_with_another_owner_is_due_for_neither(subscriber, vessel_id, stranger):
    Phone.of(stranger).subscribe()
    Vessel.objects.filter(pk=vessel_id).update(owner=stranger)
    run_at(DUE, DUE + DAY)
    assert not Notification.objects.filter(kind="recheck_due").exists()


def test_a_closed_account_gets_none(subscriber, vessel_id):
    subscriber.owner.is_active = False
    subscriber.owner.save()
    run_at(DUE)
    assert sent_to(subscriber.owner) == []


def test_its_mail_is_of_use_for_a_week(subscriber, vessel_id):
    run_at(DUE)
    delivery = Delivery.objects.get(notification__kind="recheck_due")
    assert delivery.channel == "email"
    assert delivery.stale_at - DUE == 7 * DAY


# --- failures --------------------------------------------------------------------------------------------------------
def test_a_failing_reminder_does_not_stop_the_others(subscriber, vessel_id, stranger, monkeypatch):
    other = Phone.of(stranger)
    other.subscribe()
    set_at(other, inspected(stranger).vessel_id)
    send = sending._send

    def fail(row, due):
        if row.owner_id == subscriber.owner.pk:
            raise RuntimeError
        send(row, due)

    monkeypatch.setattr(sending, "_send", fail)
    before = ISOLATED_FAILURES._value.get()
    run_at(DUE)
    assert ISOLATED_FAILURES._value.get() == before + 1
    assert (len(sent_to(stranger)), len(sent_to(subscriber.owner))) == (1, 0)
    monkeypatch.undo()
    run_at(DUE + timedelta(minutes=1))
    assert sent_to(subscriber.owner) == []  # the next attempt waits a little
    run_at(DUE + timedelta(minutes=6))
    assert len(sent_to(subscriber.owner)) == 1
    assert reminder_of(subscriber.owner).attempts == 0


def test_one_that_always_fails_is_tried_less_and_less_often(subscriber, vessel_id, monkeypatch):
    monkeypatch.setattr(sending, "_send", lambda *_: 1 / 0)
    run_at(*every(timedelta(minutes=10), begin=DUE, end=DUE + 2 * DAY))
    assert 10 <= reminder_of(subscriber.owner).attempts <= 16


@pytest.mark.parametrize("dies", ["before", "after"])
def test_a_worker_that_dies_around_the_notification_leaves_both_rows_or_none(subscriber, vessel_id, monkeypatch, dies):
    class Killed(BaseException):
        pass

    notify = sending.notify

    def die(**what):
        if dies == "after":
            notify(**what)
        raise Killed

    monkeypatch.setattr(sending, "notify", die)
    with pytest.raises(Killed):
        run_at(DUE)
    assert sent_to(subscriber.owner) == []
    assert reminder_of(subscriber.owner).sent_at is None
    monkeypatch.undo()
    run_at(DUE + timedelta(minutes=6), DUE + HOUR)
    assert len(sent_to(subscriber.owner)) == 1


def test_a_round_takes_a_bounded_number_the_longest_due_first(subscriber, monkeypatch):
    monkeypatch.setattr(sending, "CHECKED_AT_ONCE", 2)
    vessels = [inspected(subscriber.owner, vessel=f"Tern {number}").vessel_id for number in range(3)]
    for number, one in enumerate(vessels):
        set_at(subscriber, one, SPRING + number * HOUR)
    with time_machine.travel(SPRING + 9 * HOUR, tick=False):
        found = Reminder.objects.filter(pk__in=sending.reminders_to_check()).values_list("vessel", flat=True)
        assert set(found) == set(vessels[:2])


def test_paused_reminders_do_not_keep_others_waiting(subscriber, vessel_id, stranger, monkeypatch):
    monkeypatch.setattr(sending, "CHECKED_AT_ONCE", 1)
    subscribe_at(subscriber, SPRING, active=False)
    Phone.of(stranger).subscribe()
    set_at(Phone.of(stranger), inspected(stranger).vessel_id)
    run_at(DUE, DUE + timedelta(minutes=1))
    assert len(sent_to(stranger)) == 1


def test_the_backlog_counts_what_no_round_checked(subscriber, vessel_id):
    with time_machine.travel(DUE, tick=False):
        (waiting,) = (one for one in backlogs() if one.work == "reminder")
        assert (waiting.queue, waiting.count, waiting.oldest_at) == ("housekeeping", 1, SPRING)
    run_at(DUE)
    with time_machine.travel(DUE + DAY, tick=False):
        (waiting,) = (one for one in backlogs() if one.work == "reminder")
        assert (waiting.count, waiting.oldest_at) == (0, None)


@pytest.mark.parametrize("change", ["inspected", "switched off", "another interval", "archived"])
def test_what_waits_is_withdrawn_once_it_is_no_longer_true(subscriber, vessel_id, change):
    run_at(DUE)
    if change == "inspected":
        delivered(subscriber.owner, DUE + HOUR)
    elif change == "archived":
        with time_machine.travel(DUE + HOUR, tick=False):
            Phone.of(subscriber.owner).delete(f"/vessels/{vessel_id}")
    else:
        set_at(
            subscriber,
            vessel_id,
            DUE + HOUR,
            **({"enabled": False} if change == "switched off" else {"interval_days": 99}),
        )
    waiting = Delivery.objects.filter(notification__kind="recheck_due")
    assert {row.reason for row in waiting} == {"withdrawn"}


@pytest.mark.parametrize("others", [0, 1], ids=["the only one", "the last one"])
def test_the_deletion_of_its_inspection_withdraws_what_waits(subscriber, vessel_id, others):
    if others:
        inspected(subscriber.owner, SPRING - DAY)
    run_at(DUE)
    with time_machine.travel(DUE + HOUR, tick=False):
        failures.delete(Inspection.objects.latest("created_at"))
    run_at(DUE + HOUR, DUE + DAY)
    assert Delivery.objects.get(notification__kind="recheck_due").reason == "withdrawn"


@pytest.mark.parametrize("change", ["an older one is delivered", "an older one is deleted", "of another vessel"])
def test_an_inspection_that_moves_no_date_withdraws_nothing(subscriber, vessel_id, change):
    older = inspected(subscriber.owner, SPRING - DAY)
    run_at(DUE)
    if change == "an older one is deleted":
        with time_machine.travel(DUE + HOUR, tick=False):
            failures.delete(older)
    elif change == "an older one is delivered":
        hooks.announce_delivered(older)
    else:
        delivered(subscriber.owner, DUE + HOUR, vessel="Gannet")
    assert Delivery.objects.get(notification__kind="recheck_due").state == "pending"


@pytest.mark.parametrize("change", ["a later inspection is deleted", "archived"])
def test_what_was_withdrawn_is_sent_once_it_is_true_again(subscriber, vessel_id, change):
    run_at(DUE)
    if change == "archived":
        with time_machine.travel(DUE + HOUR, tick=False):
            Phone.of(subscriber.owner).delete(f"/vessels/{vessel_id}")
        set_at(subscriber, vessel_id, DUE + 2 * HOUR)
    else:
        later = delivered(subscriber.owner, DUE + HOUR)
        with time_machine.travel(DUE + 2 * HOUR, tick=False):
            failures.delete(later)
    run_at(DUE + 3 * HOUR, DUE + 4 * HOUR)
    waiting = Delivery.objects.get(notification__kind="recheck_due")
    assert (waiting.state, waiting.stale_at - DUE) == ("pending", 7 * DAY + 3 * HOUR)
    assert reminder_of(subscriber.owner).sent_at == DUE


def test_what_was_sent_is_not_sent_again_once_it_is_true_again(subscriber, vessel_id):
    run_at(DUE)
    Delivery.objects.update(state="sent", sent_at=DUE, handed_over_at=DUE)
    later = delivered(subscriber.owner, DUE + HOUR)
    with time_machine.travel(DUE + 2 * HOUR, tick=False):
        failures.delete(later)
    run_at(*every(DAY, begin=DUE + 3 * HOUR, end=DUE + 20 * DAY))
    assert Delivery.objects.get(notification__kind="recheck_due").state == "sent"


@pytest.mark.parametrize("is_subscribed", [True, False])
def test_it_is_not_written_again_once_its_notification_is_deleted(subscriber, vessel_id, is_subscribed):
    run_at(DUE)
    Notification.objects.all().delete()
    subscribe_at(subscriber, DUE + DAY, active=is_subscribed)
    run_at(*every(7 * DAY, begin=DUE + DAY, end=DUE + 30 * DAY))
    assert sent_to(subscriber.owner) == []


def test_setting_a_reminder_restores_an_archived_vessel(subscriber, vessel_id):
    Vessel.objects.update(archived_at=SPRING)
    set_at(subscriber, vessel_id)
    assert Vessel.objects.get().archived_at is None
