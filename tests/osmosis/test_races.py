"""Test what happens at the same moment: several rounds, and a plan that is moved during a round."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.db import connection, connections

from notifications.models import Delivery
from osmosis import lift_outs, notices
from osmosis.models import LiftOut
from testing.factories import InspectionFactory
from tests.concurrency import at_once, at_once_behind
from tests.osmosis.samples import LIFTED, note_at, sent_to
from vessels.changes import delete_vessel

pytestmark = pytest.mark.django_db(transaction=True)
DUE = LIFTED - timedelta(hours=1)
ON_POSTGRES_ONLY = pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite runs one IMMEDIATE transaction at a time, so there one thread cannot act during another's",
)


@pytest.fixture
def lift_out(phone):
    note_at(phone, phone.add_vessel("Tern")["vessel_id"])
    return LiftOut.objects.get()


@pytest.mark.parametrize("rule", [notices.send_notice, notices._send], ids=["with the claim", "past the claim"])
def test_of_eight_rounds_at_once_one_sends_it(lift_out, rule):
    with time_machine.travel(DUE, tick=False):
        at_once(8, partial(rule, lift_out.pk))
    assert len(sent_to(lift_out.owner)) == 1


@ON_POSTGRES_ONLY
def test_without_the_lock_and_the_event_key_several_send_it(lift_out, monkeypatch):
    """The control."""
    keys = iter(range(100))
    monkeypatch.setattr(notices, "_event_key", lambda _: f"lift_out_soon:{next(keys)}")
    monkeypatch.setattr("django.db.models.QuerySet.select_for_update", lambda rows, **_: rows.all())
    with time_machine.travel(DUE, tick=False):
        at_once(8, partial(notices._send, lift_out.pk))
    assert len(sent_to(lift_out.owner)) > 1


@ON_POSTGRES_ONLY
def test_a_plan_that_is_moved_after_the_claim_is_sent_at_its_new_time_only(lift_out, monkeypatch):
    owner, vessel_id, send = lift_out.owner, lift_out.vessel_id, notices._send
    moved = LIFTED + timedelta(days=1)

    def move() -> None:
        lift_outs.note_lift_out(owner=owner, vessel_id=vessel_id, lifted_out_at=moved)
        connections.close_all()

    def move_and_send(lift_out_id) -> None:
        at_once(1, move)
        send(lift_out_id)

    monkeypatch.setattr(notices, "_send", move_and_send)
    with time_machine.travel(DUE, tick=False):
        notices.send_notice(lift_out.pk)
    monkeypatch.undo()
    assert sent_to(owner) == []
    found = LiftOut.objects.get()
    assert (found.awaits_notice, found.due_at, found.attempts) == (True, moved - timedelta(hours=1), 0)


def send_while_archiving(phone) -> list[Delivery]:
    """Send the notice while another transaction archives the vessel. Return what is to be sent of it."""
    lift_out = LiftOut.objects.get()
    InspectionFactory.create(owner=phone.owner, vessel_label="Tern")
    archive = partial(delete_vessel, owner=phone.owner, vessel_id=lift_out.vessel_id)
    with time_machine.travel(DUE, tick=False):
        at_once_behind(archive, partial(notices._send, lift_out.pk))
    return list(Delivery.objects.filter(notification__kind="lift_out_soon", state="pending"))


@ON_POSTGRES_ONLY
def test_a_vessel_that_is_archived_meanwhile_is_not_notified(lift_out, phone):
    assert send_while_archiving(phone) == []


@ON_POSTGRES_ONLY
def test_without_the_lock_of_the_vessel_it_is_notified(lift_out, phone, monkeypatch):
    """The control."""
    monkeypatch.setattr("django.db.models.QuerySet.select_for_update", lambda rows, **_: rows.all())
    assert len(send_while_archiving(phone)) == 1


def test_a_plan_that_is_moved_to_and_fro_during_rounds_is_sent_once_per_time(lift_out):
    turns, times = iter(range(8)), (LIFTED, LIFTED + timedelta(minutes=30))

    def act() -> None:
        number = next(turns)
        if number % 2:
            notices.send_notice(lift_out.pk)
        else:
            lift_outs.note_lift_out(
                owner=lift_out.owner, vessel_id=lift_out.vessel_id, lifted_out_at=times[number // 2 % 2]
            )

    with time_machine.travel(LIFTED - timedelta(minutes=10), tick=False):
        at_once(8, act)
    keys = [row.event_key for row in sent_to(lift_out.owner)]
    assert len(keys) == len(set(keys)) <= len(times)
