"""Test that a delivered result is compared with the previous one automatically."""

from datetime import timedelta

import pytest
from django.utils import timezone

from corrosion.comparison import auto_requests
from corrosion.comparison.work import comparisons_to_send
from corrosion.models import Comparison
from inspections.lifecycle import hooks
from inspections.models import Inspection, Result
from inspections.work.analysis import analyse
from testing.factories import InspectionFactory, deliver_result
from tests.corrosion.pictures import plate, png
from tests.corrosion.rows import compare, completed, point, subscribe, visit, work_off

pytestmark = pytest.mark.django_db


def pairs():
    return set(Comparison.objects.values_list("before_id", "after_id"))


def ids(*inspections):
    return tuple(inspection.pk for inspection in inspections)


def delivered(owner, *, days_ago=0, vessel_label="Tern", **changes):
    """An inspection with a result that was just announced."""
    created_at = timezone.now() - timedelta(days=days_ago)
    inspection = completed(owner, created_at=created_at, vessel_label=vessel_label, **changes)
    hooks.announce_delivered(inspection)
    return inspection


def test_each_result_is_paired_with_its_predecessor_and_sent(owner):
    first, second, third = (delivered(owner, days_ago=days) for days in (30, 20, 10))
    assert pairs() == {ids(first, second), ids(second, third), ids(first, third)}  # the last: both ends of the segment
    assert len(comparisons_to_send()) == 1  # an owner has one message waiting


def test_only_inspections_of_the_same_owner_and_vessel_are_paired(owner, stranger):
    delivered(stranger, days_ago=40)
    delivered(owner, days_ago=30, vessel_label="Gannet")
    delivered(owner, days_ago=20)
    assert pairs() == set()


def test_what_the_release_before_opened_is_paired_by_its_label(owner):
    first, second = delivered(owner, days_ago=30), delivered(owner, days_ago=20, vessel=None, vessel_label="TERN")
    delivered(owner, days_ago=10, vessel=None, vessel_label="Gannet")
    assert pairs() == {ids(first, second)}


def test_a_deleted_or_unfinished_inspection_is_not_paired(owner):
    gone = completed(owner, created_at=timezone.now() - timedelta(days=9), vessel_label="Tern")
    Inspection.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())
    InspectionFactory.create(owner=owner, vessel_label="Tern", failed=True)
    delivered(owner, days_ago=5)
    assert pairs() == set()


def test_a_late_result_is_also_paired_with_its_successor(owner):
    first, third = delivered(owner, days_ago=30), delivered(owner, days_ago=10)
    second = delivered(owner, days_ago=20)
    assert pairs() == {ids(first, third), ids(first, second), ids(second, third)}


def test_results_of_the_other_mode_are_not_paired(owner):
    delivered(owner, days_ago=3)
    other = InspectionFactory.create(owner=owner, mode="osmosis", completed=True, vessel_label="Tern")
    deliver_result(other)
    hooks.announce_delivered(other)
    assert pairs() == set()


def test_a_result_announced_twice_is_compared_once(owner):
    delivered(owner, days_ago=3)
    again = delivered(owner)
    hooks.announce_delivered(again)
    assert Comparison.objects.count() == 1


def test_the_comparison_exists_before_the_owner_requests_it(subscriber):
    first, second = (subscriber.complete(seed=seed, vessel_label="Tern") for seed in (1, 2))
    (comparison,) = Comparison.objects.all()
    assert (str(comparison.before_id), str(comparison.after_id)) == (first, second)
    work_off()
    assert compare(subscriber, first, second).status_code == 200


def test_a_computed_comparison_still_needs_a_subscription(phone, owner):
    before = visit(owner, point(mid=png(plate(1))))
    after = visit(owner, point(mid=png(plate(1))))
    hooks.announce_delivered(after)
    work_off()
    assert Comparison.objects.get().state == "done"
    assert compare(phone, before, after).status_code == 403
    subscribe(phone)
    assert compare(phone, before, after).json()["trend"] == "stable"


def test_a_result_and_its_comparison_are_stored_in_one_transaction(subscriber, owner, monkeypatch):
    """A kill between the two leaves neither; the next attempt delivers both."""
    subscriber.complete(seed=1, vessel_label="Tern")

    class Killed(BaseException):
        pass

    def die(inspection):
        auto_requests.compare_delivered(inspection)
        raise Killed

    monkeypatch.setitem(hooks._on_delivery, "corrosion", [die])
    inspection_id = submitted(subscriber)
    job = Inspection.objects.get(pk=inspection_id).job
    with pytest.raises(Killed):
        analyse(job.pk, worker="one", task_id="1")
    assert not Result.objects.filter(inspection_id=inspection_id).exists()
    assert not Comparison.objects.exists()


def submitted(phone):
    opened = phone.open("corrosion", vessel_label="Tern")
    phone.shoot(opened["uploads"], seed=2)
    assert phone.post(f"/inspections/{opened['inspection_id']}/complete").status_code == 200
    return opened["inspection_id"]
