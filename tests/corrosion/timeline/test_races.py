"""Test that concurrent reads, deliveries and maintenance leave exactly the comparisons that a timeline needs."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, connections, transaction

from billing.entitlements import entitlements
from corrosion.comparison import pairs as timeline_pairs
from corrosion.models import Comparison
from inspections.lifecycle import hooks
from inspections.models import Inspection
from testing.phone import Phone
from tests.concurrency import at_once
from tests.corrosion.rows import point, visit
from tests.corrosion.timeline.boats import FIRST_DAY, live_in, maintain, noon, pairs, photo, timeline, visits_of

pytestmark = pytest.mark.django_db(transaction=True)
RUSTY, CLEAN = photo(0.3), photo(0.05)


def deliver(inspection) -> None:
    """Deliver the result as the worker does: under the lock of the owner's entitlement."""
    try:
        with transaction.atomic():
            entitlements.lock(inspection.owner_id)
            Inspection.objects.filter(pk=inspection.pk).update(deleted_at=None)
            hooks.announce_delivered(inspection)
    finally:
        connections.close_all()


@pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite runs one IMMEDIATE transaction at a time, so there nothing is delivered during a read's writes",
)
def test_a_read_does_not_unmark_the_pair_of_a_result_delivered_meanwhile(subscriber, owner, monkeypatch):
    visits_of(owner, [RUSTY, RUSTY, CLEAN])
    Comparison.objects.update(in_timeline=False)  # so that the read has something to record
    late = visit(owner, point(mid=CLEAN), created_at=noon(FIRST_DAY + timedelta(days=90)))
    Inspection.objects.filter(pk=late.pk).update(deleted_at=late.created_at)  # until it is delivered
    delivery, wanted = Thread(target=deliver, args=[late]), timeline_pairs._wanted

    def wanted_before_the_delivery(owner_id, vessel_id):
        found = wanted(owner_id, vessel_id)
        if delivery.ident is None:
            delivery.start()
            delivery.join(timeout=1)  # a lock lets it end only after the read
        return found

    monkeypatch.setattr(timeline_pairs, "_wanted", wanted_before_the_delivery)
    timeline(subscriber)
    delivery.join()
    assert pairs() == wanted(owner.pk, late.vessel_id)


def test_reads_and_maintenance_do_not_wait_for_each_other_in_a_circle(subscriber, owner):
    visits_of(owner, [RUSTY, RUSTY, CLEAN, CLEAN])
    numbers = iter(range(100))

    def change() -> None:
        phone = Phone.of(owner)
        for _ in range(5):
            number = next(numbers)
            if number % 3 == 0:
                maintain(phone, FIRST_DAY + timedelta(days=number % 30), points=[1])
            elif number % 3 == 1:
                live_in(phone, ("Pacific/Kiritimati", "Pacific/Pago_Pago")[number % 2])
            else:
                Comparison.objects.update(in_timeline=False)
            timeline(phone)

    assert at_once(4, change) == [None] * 4
    timeline(subscriber)
    vessel_id = Comparison.objects.earliest("pk").before.vessel_id
    assert pairs() == timeline_pairs._wanted(owner.pk, vessel_id)
