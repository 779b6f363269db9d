"""Test the notification of a planned lift-out: an hour before it, once, and never when it is of no use any more."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts.models import Device
from maretech.common.observability.metrics import ISOLATED_FAILURES
from notifications.models import Delivery
from osmosis import notices
from osmosis.metrics import backlogs
from osmosis.models import LiftOut
from testing.factories import InspectionFactory, VesselFactory
from testing.phone import Phone
from tests.osmosis.samples import LIFTED, NOON, note_at, run_at, sent_to
from vessels.models import Vessel

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DUE = LIFTED - HOUR


@pytest.fixture
def vessel_id(phone):
    """A vessel that is to be lifted out on 8 May at noon."""
    vessel_id = phone.add_vessel("Tern")["vessel_id"]
    note_at(phone, vessel_id)
    return vessel_id


def test_it_is_sent_an_hour_before_and_names_the_vessel_by_id(phone, vessel_id):
    run_at(NOON + MINUTE, DUE - timedelta(seconds=1))
    assert sent_to(phone.owner) == []
    run_at(DUE, DUE + MINUTE, LIFTED, LIFTED + HOUR)
    (found,) = sent_to(phone.owner)
    assert (found.created_at, found.variant, found.data) == (DUE, "osmosis", {"vessel_id": str(vessel_id)})
    assert "Tern" not in found.title + found.body
    assert phone.fetch(f"/osmosis/lift-outs/{vessel_id}")["notify_at"] is None


@pytest.mark.parametrize("at", [DUE, LIFTED, LIFTED + 2 * HOUR - MINUTE])
def test_its_push_is_stale_two_hours_after_the_lift_out_however_late_it_was_sent(phone, vessel_id, at):
    Device.objects.create(user=phone.owner, platform="ios", push_token="phone-on-board")
    run_at(at)
    assert Delivery.objects.get(channel="push").stale_at == LIFTED + 2 * HOUR


def test_a_scheduler_that_was_down_sends_it_within_two_hours_of_the_lift_out(phone, vessel_id):
    run_at(LIFTED + 2 * HOUR - MINUTE)
    assert len(sent_to(phone.owner)) == 1


def test_it_is_not_sent_later(phone, vessel_id):
    run_at(LIFTED + 2 * HOUR, LIFTED + 3 * HOUR)
    assert sent_to(phone.owner) == []
    assert not LiftOut.due().exists()


def test_a_moved_plan_moves_it(phone, vessel_id):
    note_at(phone, vessel_id, LIFTED + DAY, at=NOON + HOUR)
    run_at(DUE, LIFTED)
    assert sent_to(phone.owner) == []
    run_at(DUE + DAY)
    assert [row.created_at for row in sent_to(phone.owner)] == [DUE + DAY]


def test_each_planned_time_is_sent_once(phone, vessel_id):
    run_at(DUE)
    note_at(phone, vessel_id, LIFTED + 2 * HOUR, at=DUE + MINUTE)  # the crane is late
    note_at(phone, vessel_id, LIFTED, at=DUE + 2 * MINUTE)  # and now it is not
    run_at(DUE + 3 * MINUTE)
    assert len(sent_to(phone.owner)) == 1
    note_at(phone, vessel_id, LIFTED + 2 * HOUR, at=DUE + 4 * MINUTE)
    run_at(DUE + HOUR, DUE + 2 * HOUR)
    note_at(phone, vessel_id, LIFTED + 3 * HOUR, at=DUE + 2 * HOUR + MINUTE)
    note_at(phone, vessel_id, LIFTED + 2 * HOUR, at=DUE + 2 * HOUR + 2 * MINUTE)
    run_at(DUE + 2 * HOUR + 3 * MINUTE)
    assert [row.created_at for row in sent_to(phone.owner)] == [DUE, DUE + 2 * HOUR]


def test_a_lift_out_that_is_planned_for_the_next_minutes_is_sent_at_once(phone, vessel_id):
    note_at(phone, vessel_id, NOON + 20 * MINUTE)
    run_at(NOON + MINUTE)
    assert len(sent_to(phone.owner)) == 1


def test_what_was_noted_after_it_happened_is_not_sent(phone, vessel_id):
    note_at(phone, vessel_id, NOON - MINUTE)
    run_at(NOON, NOON + MINUTE)
    assert sent_to(phone.owner) == []


def test_a_removed_plan_is_not_sent(phone, vessel_id):
    assert phone.delete(f"/osmosis/lift-outs/{vessel_id}").status_code == 204
    run_at(DUE, LIFTED)
    assert sent_to(phone.owner) == []


@pytest.mark.parametrize(
    "planned",
    ["2026-03-29T03:30:00+02:00", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"],
    ids=["skipped hour", "first of two", "second of two"],
)
def test_a_plan_in_the_night_in_which_the_clock_changes_is_one_instant(phone, vessel_id, planned):
    lifted_out_at = datetime.fromisoformat(planned)
    note_at(phone, vessel_id, lifted_out_at, at=datetime(2026, 3, 1, tzinfo=UTC))
    run_at(lifted_out_at - HOUR - MINUTE)
    assert sent_to(phone.owner) == []
    run_at(lifted_out_at - HOUR, lifted_out_at, lifted_out_at + HOUR)
    assert len(sent_to(phone.owner)) == 1


def test_an_archived_vessel_and_one_of_another_owner_are_not_notified(phone, stranger, vessel_id):
    archived = VesselFactory.create(owner=phone.owner)
    note_at(phone, archived.pk)
    Vessel.objects.filter(pk=archived.pk).update(archived_at=NOON)
    assert phone.fetch(f"/osmosis/lift-outs/{archived.pk}")["notify_at"] is None
    Vessel.objects.filter(pk=vessel_id).update(owner=stranger)
    run_at(DUE, LIFTED)
    assert sent_to(phone.owner) == sent_to(stranger) == []


def test_a_closed_account_gets_none(phone, vessel_id):
    phone.owner.is_active = False
    phone.owner.save()
    run_at(DUE)
    assert sent_to(phone.owner) == []


def test_a_failing_one_does_not_stop_the_others_and_is_tried_again(phone, vessel_id, stranger, monkeypatch):
    other = Phone.of(stranger)
    note_at(other, other.add_vessel("Gannet")["vessel_id"])
    notify = notices.notify

    def fail(**what):
        if what["recipient"] == phone.owner.pk:
            raise RuntimeError
        notify(**what)

    monkeypatch.setattr(notices, "notify", fail)
    before = ISOLATED_FAILURES._value.get()
    run_at(DUE)
    assert ISOLATED_FAILURES._value.get() == before + 1
    assert (len(sent_to(stranger)), len(sent_to(phone.owner))) == (1, 0)
    monkeypatch.undo()
    run_at(DUE + 2 * MINUTE)
    assert len(sent_to(phone.owner)) == 1


def test_a_worker_that_dies_after_the_notification_leaves_none(phone, vessel_id, monkeypatch):
    class Killed(BaseException):
        pass

    notify = notices.notify

    def die(**what):
        notify(**what)
        raise Killed

    monkeypatch.setattr(notices, "notify", die)
    with pytest.raises(Killed):
        run_at(DUE)
    monkeypatch.undo()
    assert sent_to(phone.owner) == []
    run_at(DUE + 2 * MINUTE, DUE + 3 * MINUTE)
    assert len(sent_to(phone.owner)) == 1


def test_a_round_takes_a_bounded_number(phone, vessel_id, monkeypatch):
    monkeypatch.setattr(notices, "SENT_AT_ONCE", 1)
    note_at(phone, phone.add_vessel("Gannet")["vessel_id"])
    with time_machine.travel(DUE, tick=False):
        assert len(notices.notices_to_send()) == 1


def test_the_backlog_counts_what_no_round_sent(phone, vessel_id):
    with time_machine.travel(DUE + MINUTE, tick=False):
        (waiting,) = backlogs()
    assert (waiting.queue, waiting.work, waiting.count, waiting.oldest_at) == (
        "housekeeping",
        "lift_out_notice",
        1,
        DUE,
    )
    run_at(DUE + MINUTE)
    (waiting,) = backlogs()
    assert waiting.count == 0


@pytest.mark.parametrize("change", ["moved", "removed", "archived"])
def test_what_waits_is_withdrawn_once_it_is_no_longer_true(phone, vessel_id, change):
    Device.objects.create(user=phone.owner, platform="ios", push_token="phone-on-board")
    run_at(DUE)
    with time_machine.travel(DUE + MINUTE, tick=False):
        renewed = Phone.of(phone.owner)
        if change == "moved":
            moved = renewed.set(f"/osmosis/lift-outs/{vessel_id}", {"lifted_out_at": (LIFTED + 2 * DAY).isoformat()})
            assert moved.status_code == 200, moved.content
        elif change == "removed":
            renewed.delete(f"/osmosis/lift-outs/{vessel_id}")
        else:
            InspectionFactory.create(owner=phone.owner, vessel_label="Tern")
            renewed.delete(f"/vessels/{vessel_id}")
    assert {row.reason for row in Delivery.objects.filter(notification__kind="lift_out_soon")} == {"withdrawn"}


@pytest.mark.parametrize("change", ["moved", "moved after another notice", "removed", "archived"])
def test_what_was_withdrawn_is_sent_if_its_time_is_noted_again(phone, vessel_id, change):
    Device.objects.create(user=phone.owner, platform="ios", push_token="phone-on-board")
    run_at(DUE)
    if change == "removed":
        with time_machine.travel(DUE + MINUTE, tick=False):
            Phone.of(phone.owner).delete(f"/osmosis/lift-outs/{vessel_id}")
    elif change == "archived":
        InspectionFactory.create(owner=phone.owner, vessel_label="Tern")
        with time_machine.travel(DUE + MINUTE, tick=False):
            Phone.of(phone.owner).delete(f"/vessels/{vessel_id}")
    else:
        note_at(phone, vessel_id, LIFTED + MINUTE, at=DUE + MINUTE)
    if change == "moved after another notice":
        run_at(DUE + 2 * MINUTE)
    note_at(phone, vessel_id, LIFTED, at=DUE + 3 * MINUTE)
    run_at(DUE + 4 * MINUTE)
    waiting = Delivery.objects.filter(state="pending")
    assert {row.notification.event_key for row in waiting} == {sent_to(phone.owner)[0].event_key}
    assert {row.stale_at for row in waiting} == {LIFTED + 2 * HOUR}


def test_what_was_sent_is_not_sent_again_if_its_time_is_noted_again(phone, vessel_id):
    run_at(DUE)
    Delivery.objects.update(state="sent", sent_at=DUE, handed_over_at=DUE)
    note_at(phone, vessel_id, LIFTED + DAY, at=DUE + MINUTE)
    note_at(phone, vessel_id, LIFTED, at=DUE + 2 * MINUTE)
    run_at(DUE + 3 * MINUTE, LIFTED)
    assert len(sent_to(phone.owner)) == 1
    assert not Delivery.objects.filter(state="pending").exists()


def test_noting_a_lift_out_restores_an_archived_vessel(phone, vessel_id):
    Vessel.objects.update(archived_at=NOON)
    note_at(phone, vessel_id)
    assert Vessel.objects.get().archived_at is None
