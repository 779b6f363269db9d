"""Test that the sweep finds work without a message and ends what has expired; a second run changes nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inspections.lifecycle import failures
from inspections.models import InferenceJob, Inspection, MediaAsset
from inspections.tasks import send_due
from inspections.work.sweeper import sweep
from testing.factories import JobFactory
from testing.phone import jpeg, work
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db


def long_ago(seconds: int = 31):
    return timezone.now() - timedelta(seconds=seconds)


def overdue() -> None:
    Inspection.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def test_a_queued_job_with_an_expired_message_is_sent_again_once(broker, django_capture_on_commit_callbacks):
    stale, fresh = JobFactory.create(enqueued_at=long_ago()), JobFactory.create()
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            send_due()
    assert broker == [("inspections.tasks.analyse", (str(stale.pk),))]
    InferenceJob.objects.filter(pk=fresh.pk).update(enqueued_at=long_ago())
    assert sweep().jobs == [fresh.pk]


def test_the_longest_waiting_job_is_sent_first():
    younger = JobFactory.create(enqueued_at=long_ago(), queued_at=long_ago(40))
    older = JobFactory.create(enqueued_at=long_ago(), queued_at=long_ago(400))
    assert sweep().jobs == [older.pk, younger.pk]


def test_a_running_or_ended_job_is_not_sent():
    JobFactory.create(running=True, enqueued_at=long_ago())
    JobFactory.create(failed=True, enqueued_at=long_ago())
    assert sweep().jobs == []


def test_the_next_sweep_sends_a_failed_attempt():
    job = JobFactory.create(running=True, lease_until=timezone.now() - timedelta(seconds=1))
    due = sweep()
    assert (due.recovered, due.jobs) == (1, [job.pk])


def test_a_live_lease_is_not_requeued():
    job = JobFactory.create(running=True)
    assert sweep().recovered == 0
    job.refresh_from_db()
    assert job.state == "running"


def test_an_uploaded_photo_with_a_lost_check_is_sent_again(phone, broker, django_capture_on_commit_callbacks):
    upload = phone.open()["uploads"][0]
    phone.put(upload, jpeg(1))
    phone.post(f"/assets/{upload['asset_id']}/uploaded")
    assert sweep().photos == []
    MediaAsset.objects.update(check_enqueued_at=long_ago())
    with django_capture_on_commit_callbacks(execute=True):
        send_due()
        send_due()
    assert broker == [("inspections.tasks.check_photo", (upload["asset_id"],))]


def test_replaced_and_submitted_photos_are_not_sent(phone):
    opened = phone.open()
    phone.shoot(opened["uploads"])
    for upload in opened["uploads"]:
        phone.post(f"/assets/{upload['asset_id']}/uploaded")
    MediaAsset.objects.update(check_enqueued_at=long_ago())
    phone.declare(opened["uploads"][0]["slot_id"], "wide", b"a retake")
    assert len(sweep().photos) == 2
    MediaAsset.objects.update(check_enqueued_at=long_ago())
    phone.post(f"/inspections/{opened['inspection_id']}/submit", {"accept_incomplete": True})
    assert sweep().photos == []


def test_an_inspection_not_submitted_in_time_expires(phone):
    inspection_id = phone.open()["inspection_id"]
    assert sweep().expired == 0
    overdue()
    assert sweep().expired == 1
    ended = phone.get(f"/inspections/{inspection_id}").json()
    assert (ended["status"], ended["failure_reason"], ended["waiting_for"]) == ("failed", "expired", None)
    refused(phone.get(f"/inspections/{inspection_id}/result"), 409, "INSPECTION_FAILED")
    assert sweep().expired == 0


def test_expiry_returns_the_credit_once_and_keeps_the_free_inspection(phone):
    phone.buy()
    phone.post("/inspections", {"mode": "osmosis"})
    free = phone.open("corrosion")["inspection_id"]
    overdue()
    sweep()
    sweep()
    assert phone.credits() == (1, 0)
    assert phone.get("/entitlements/corrosion").json()["corrosion_free_used"] is False
    assert phone.open("corrosion")["inspection_id"] != free


def test_an_inspection_submitted_in_time_never_expires(phone):
    opened = phone.open()
    phone.shoot(opened["uploads"])
    phone.post(f"/inspections/{opened['inspection_id']}/submit")
    overdue()
    assert sweep().expired == 0
    failures.expire(Inspection.objects.get().pk)
    work(opened["inspection_id"])
    assert phone.get(f"/inspections/{opened['inspection_id']}/status").json()["status"] == "completed"


def test_a_failing_row_does_not_block_the_others(phone, stranger, monkeypatch):
    poisoned = phone.open()["inspection_id"]
    other = type(phone).of(stranger).open()["inspection_id"]
    overdue()
    expire = failures.expire

    def expire_unless_poisoned(inspection_id: object) -> None:
        if str(inspection_id) == poisoned:
            raise RuntimeError("poison")
        expire(inspection_id)

    monkeypatch.setattr(failures, "expire", expire_unless_poisoned)
    sweep()
    assert Inspection.objects.get(pk=other).status == "failed"
    assert Inspection.objects.get(pk=poisoned).status == "pending"
