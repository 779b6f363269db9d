"""Test what happens at the same moment: holds, scans, payments against holds, and disputes against payouts."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.models import User
from surveys.appointments.holding import hold_slot
from surveys.check_ins.scanning import scan
from surveys.check_ins.tokens import make_token
from surveys.disputes import cases
from surveys.errors import SlotTaken
from surveys.models import Appointment, AppointmentDispute, Slot
from surveys.reviews.writing import write_review
from testing.factories import UserFactory
from testing.surveys import confirmed_of, held_of, over_of, place_of, slot_of, surveyor_in
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
RULE_SECONDS = 1.0  # far above the rule's own time, far below the time of the lock


@pytest.fixture(autouse=True)
def monday() -> None:
    """Do not set the clock: threads measure it."""


def owners(count: int) -> list[User]:
    return [UserFactory.create(email_verified_at=timezone.now()) for _ in range(count)]


def test_of_many_owners_at_once_one_holds_the_slot():
    slot, waiting = slot_of(surveyor_in()), owners(8)
    found = at_once(8, lambda: hold_slot(owner=waiting.pop(), slot_id=slot.pk, dossier_id=None).pk)
    assert sorted(map(str, found)).count("SLOT_TAKEN") == 7
    assert Appointment.objects.count() == 1


def test_of_two_scans_at_once_one_checks_in(owner):
    row = confirmed_of(owner)
    token, place = make_token(row), place_of(row.surveyor)
    Appointment.objects.update(starts_at=timezone.now())
    found = at_once(4, lambda: scan(surveyor=row.surveyor, token=token, place_id=place.pk).result)
    assert sorted(found) == ["CHECKED_IN", "DUPLICATE", "DUPLICATE", "DUPLICATE"]


def test_an_owner_with_many_requests_at_once_holds_no_more_than_allowed(owner, settings):
    settings.APPOINTMENT_HOLDS = 2
    surveyor = surveyor_in()
    User.objects.filter(pk=owner.pk).update(email_verified_at=timezone.now())
    own = User.objects.get(pk=owner.pk)
    slots = [slot_of(surveyor, starts_in=timedelta(days=day)) for day in range(1, 6)]
    found = at_once(5, lambda: hold_slot(owner=own, slot_id=slots.pop().pk, dossier_id=None).pk)
    assert found.count("NOT_ELIGIBLE") == 3
    assert Appointment.objects.count() == 2


def test_a_dispute_and_a_review_are_written_once(owner):
    User.objects.filter(pk=owner.pk).update(email_verified_at=timezone.now())
    own = User.objects.get(pk=owner.pk)
    row = over_of(own)
    disputes = at_once(4, lambda: cases.open_dispute(owner=own, appointment_id=row.pk, reason="Rain.").pk)
    assert len(set(disputes)) == AppointmentDispute.objects.count() == 1
    reviews = at_once(
        4, lambda: write_review(author=own, surveyor=row.surveyor, appointment_id=row.pk, rating=3, text="").pk
    )
    assert reviews.count("NOT_ELIGIBLE") == 3


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no locks of rows")
@pytest.mark.parametrize("locked", ["slot", "overdue hold"])
def test_a_refusal_does_not_wait_for_the_lock_of_a_slot(stranger, locked):
    """Somebody is about to take the slot, and takes long."""
    User.objects.update(email_verified_at=timezone.now())
    slot = slot_of(surveyor_in())
    if locked == "overdue hold":
        Appointment.objects.filter(pk=held_of(stranger, slot).pk).update(held_until=timezone.now())
    own = owners(1)[0]
    holding, done = threading.Event(), threading.Event()

    def keep_lock() -> None:
        rows = Slot.objects if locked == "slot" else Appointment.objects
        with transaction.atomic():
            rows.select_for_update().get()
            holding.set()
            done.wait(30)
        connections.close_all()

    thread = threading.Thread(target=keep_lock)
    thread.start()
    try:
        assert holding.wait(30)
        began = time.monotonic()
        with pytest.raises(SlotTaken):
            hold_slot(owner=own, slot_id=slot.pk, dossier_id=None)
        assert time.monotonic() - began < RULE_SECONDS
    finally:
        done.set()
        thread.join()
