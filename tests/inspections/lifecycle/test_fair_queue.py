"""Test fair order: photos are checked and inspections analysed in turn, owner by owner."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Barrier, Thread
from uuid import UUID

import pytest
import time_machine
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inspections.capture.submission import submit_inspection
from inspections.lifecycle import transitions
from inspections.models import InferenceJob, MediaAsset
from inspections.tasks import analyse, check_photo
from inspections.work import photo_queue
from inspections.work.sweeper import sweep
from maretech.common.storage.base import ObjectStoreUnavailable
from testing.factories import InspectionFactory, UserFactory
from testing.phone import Phone, jpeg

pytestmark = pytest.mark.django_db


def uploaded(phone: Phone, photos: int) -> list[str]:
    """Create this many photos of one owner that await their check, in the order of their reports."""
    if photos > 15:
        phone.subscribe()
    targets = phone.open(points=-(-photos // 3))["uploads"][:photos]
    for number, target in enumerate(targets):
        assert phone.put(target, jpeg(number)).status_code == 200
        assert phone.post(f"/assets/{target['asset_id']}/uploaded").status_code == 202
    return [target["asset_id"] for target in targets]


def work_off(messages: int) -> list[str]:
    """Play one worker; return the photos in the order in which it judged them."""
    judged: list[str] = []
    for _ in range(messages):
        waiting = set(photo_queue.unchecked_photos().values_list("pk", flat=True))
        check_photo("00000000-0000-0000-0000-000000000000")
        judged += map(str, waiting - set(photo_queue.unchecked_photos().values_list("pk", flat=True)))
    return judged


def begin_check() -> str | None:
    """Take the next photo as a worker does, and leave it in progress."""
    held = photo_queue.claim_next()
    return str(held.asset_id) if held else None


@pytest.fixture
def other(stranger) -> Phone:
    return Phone.of(stranger)


def test_photos_of_two_owners_are_checked_in_turn(phone, other):
    many = uploaded(phone, 12)
    assert work_off(1) == many[:1]
    [one] = uploaded(other, 1)
    assert work_off(3) == [many[1], one, many[2]]


def test_an_owner_does_not_overtake_waiting_owners(phone, other):
    [first, second, *_] = uploaded(phone, 3)
    [theirs, *_] = uploaded(other, 3)
    assert work_off(2) == [first, theirs]
    assert work_off(1) == [second]


def test_each_owner_has_one_photo_checked_at_once(phone, other):
    many = uploaded(phone, 4)
    assert begin_check() == many[0]
    assert begin_check() is None
    [one] = uploaded(other, 1)
    assert begin_check() == one
    assert work_off(2) == []


def test_the_setting_limits_the_parallel_checks_of_an_owner(phone, settings):
    settings.CHECKS_AT_ONCE_PER_OWNER = 2
    many = uploaded(phone, 4)
    assert [begin_check() for _ in range(3)] == [*many[:2], None]


def test_other_bytes_during_a_check_start_no_second_check(phone):
    many = uploaded(phone, 2)
    assert begin_check() == many[0]
    asset = MediaAsset.objects.get(pk=many[0])
    retake = phone.declare(str(asset.slot_id), asset.angle, jpeg(77)).json()
    phone.put(retake["upload"] | {"asset_id": retake["asset_id"]}, jpeg(77))
    assert phone.post(f"/assets/{retake['asset_id']}/uploaded").status_code == 202
    assert begin_check() is None


def test_a_repeated_report_keeps_turn_and_lease(phone, other):
    target = phone.open()["uploads"][0]
    phone.put(target, jpeg(1))
    phone.post(f"/assets/{target['asset_id']}/uploaded")
    uploaded(other, 1)
    assert begin_check() == target["asset_id"]
    phone.put(target, jpeg(2))
    phone.post(f"/assets/{target['asset_id']}/uploaded")
    row = MediaAsset.objects.get(pk=target["asset_id"])
    assert (row.check_turn, row.check_lease is None) == (0, False)


def test_a_killed_worker_loses_no_photo(phone, settings):
    many = uploaded(phone, 2)
    assert begin_check() == many[0]
    with time_machine.travel(timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS + 1)):
        assert sweep().photos == [UUID(asset_id) for asset_id in many]
        assert work_off(2) == many


def test_a_failing_check_does_not_block_the_next_and_is_retried(phone, monkeypatch, settings):
    many = uploaded(phone, 2)
    with monkeypatch.context() as patched:
        patched.setattr("inspections.work.photo_quality.check_asset", raising)
        with pytest.raises(ObjectStoreUnavailable):
            check_photo(many[0])
    assert work_off(2) == many[1:]
    with time_machine.travel(timezone.now() + timedelta(seconds=settings.JOB_REENQUEUE_SECONDS + 1)):
        assert work_off(1) == many[:1]


def raising(*_: object, **__: object) -> None:
    raise ObjectStoreUnavailable("no space")


def test_each_check_sends_the_message_for_the_next_one(phone, broker, django_capture_on_commit_callbacks):
    many = uploaded(phone, 3)
    with django_capture_on_commit_callbacks(execute=True):
        check_photo(many[2])
    assert broker == [("inspections.tasks.check_photo", (many[1],))]
    work_off(2)
    broker.clear()
    with django_capture_on_commit_callbacks(execute=True):
        check_photo(many[0])
    assert broker == []


def test_a_photo_reported_by_the_previous_release_is_checked(phone):
    many = uploaded(phone, 2)
    MediaAsset.objects.filter(pk=many[1]).update(check_turn=None)
    assert work_off(2) == many[:1]
    sweep()
    assert work_off(1) == many[1:]


def test_a_photo_of_an_ended_inspection_leaves_the_queue(phone):
    many = uploaded(phone, 2)
    inspection_id = MediaAsset.objects.get(pk=many[0]).slot.inspection_id
    phone.delete(f"/inspections/{inspection_id}")
    sweep()
    assert not MediaAsset.objects.exclude(check_turn=None).exists()
    assert work_off(1) == []


def test_claiming_a_photo_takes_the_same_statements_for_any_queue(phone, other, django_assert_num_queries):
    uploaded(other, 1)
    with CaptureQueriesContext(connection) as few:
        begin_check()
        statements = len(few)
    MediaAsset.objects.update(check_lease=None, check_lease_until=None)
    uploaded(phone, 30)
    with django_assert_num_queries(statements):
        begin_check()


@pytest.mark.django_db(transaction=True)
def test_two_parallel_workers_claim_one_photo_of_an_owner(phone, other):
    uploaded(phone, 6)
    uploaded(other, 1)
    taken = at_once([begin_check] * 4)
    assert len([one for one in taken if one]) == 2
    owners = MediaAsset.objects.exclude(check_lease=None).values_list("slot__inspection__owner_id", flat=True)
    assert set(owners) == {phone.owner.pk, other.owner.pk}


def at_once(calls: list[Callable[[], object]]) -> list[object]:
    start, found = Barrier(len(calls)), []

    def run(call: Callable[[], object]) -> None:
        start.wait()
        try:
            found.append(call())
        finally:
            connections.close_all()

    threads = [Thread(target=partial(run, call)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


# --- analyses ------------------------------------------------------------------------------------------------------


def submitted(phone: Phone, count: int) -> list[UUID]:
    """Submit this many inspections with one photo each; return their jobs."""
    phone.subscribe()
    jobs = []
    for number in range(count):
        opened = phone.post("/inspections", {"mode": "corrosion"}, HTTP_IDEMPOTENCY_KEY=str(number)).json()
        phone.shoot(opened["uploads"][:1], seed=number)
        job = submit_inspection(owner=phone.owner, inspection_id=UUID(opened["inspection_id"]), accept_incomplete=True)
        jobs.append(job.pk)
    return jobs


def succeeded() -> list[UUID]:
    done = InferenceJob.objects.filter(state="succeeded").order_by("finished_at")
    return list(done.values_list("pk", flat=True))


def test_the_job_of_another_owner_comes_before_the_rest_of_many(phone, other):
    many = submitted(phone, 4)
    [one] = submitted(other, 1)
    for job_id in (*many, one):
        analyse(str(job_id))
    assert succeeded() == [many[0], one, *many[1:]]


def test_a_running_job_counts_as_a_turn_of_its_owner(phone, other):
    many = submitted(phone, 2)
    assert transitions.claim_next(requested=many[0], worker="test", task_id="1").job_id == many[0]
    [one] = submitted(other, 1)
    analyse(str(many[1]))
    assert succeeded() == [one]


def test_a_postponed_job_blocks_no_other_and_is_claimed_by_its_message(phone, other):
    [first, second] = submitted(phone, 2)
    held = transitions.claim(first, worker="test", task_id="1")
    transitions.postpone(held, error="the store did not answer")
    InferenceJob.objects.filter(pk=first).update(enqueued_at=timezone.now() + timedelta(seconds=60))
    analyse(str(first))
    assert succeeded() == [second]
    analyse(str(first))
    assert succeeded() == [second, first]


def test_a_requeued_job_comes_after_the_other_jobs_of_its_owner(phone):
    [first] = submitted(phone, 1)
    row = InspectionFactory.create(owner=phone.owner, failed=True)
    job = InferenceJob.objects.create(inspection=row, state="failed", finished_at=timezone.now(), attempt=3)
    assert transitions.requeue_failed(row.pk, cause="staff").turn == InferenceJob.objects.get(pk=first).turn + 1
    assert job.turn == 0


def test_turns_restart_when_the_queue_is_empty(phone):
    [first] = submitted(phone, 1)
    analyse(str(first))
    stranger = Phone.of(UserFactory.create())
    [second] = submitted(stranger, 1)
    assert InferenceJob.objects.get(pk=second).turn == 0
