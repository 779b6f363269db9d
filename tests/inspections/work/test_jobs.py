"""Test a job: claimed once, finished only by the attempt with the lease, failed after three, and paid back once."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import OperationalError, connection
from django.db.models import QuerySet
from django.utils import timezone

from inspections.lifecycle import failures, transitions
from inspections.lifecycle.transitions import LeaseLost, TransitionRefused
from inspections.models import InferenceJob, Inspection, InspectionEvent, JobAttempt, MediaAsset, Result
from inspections.work import analysis, evidence, inference
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectStoreUnavailable
from testing.factories import JobFactory
from testing.phone import Phone, work
from tests.concurrency import MeetingPoint, at_once

pytestmark = pytest.mark.django_db
ON_POSTGRES_ONLY = pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite runs one IMMEDIATE transaction at a time, so there no removed row lock can show a race",
)


class Broken(Exception):
    """Raised by an engine that cannot continue."""


@pytest.fixture
def broken_engine(monkeypatch) -> None:
    def no_engine(**_: object) -> None:
        raise Broken("no light")

    monkeypatch.setattr(analysis, "engine_for", no_engine)


def submitted(phone: Phone, mode: str = "corrosion") -> str:
    opened = phone.post("/inspections", {"mode": mode}).json()
    phone.shoot(opened["uploads"])
    assert phone.post(f"/inspections/{opened['inspection_id']}/submit").status_code == 202
    return opened["inspection_id"]


def claim(job: InferenceJob, worker: str = "w") -> transitions.JobLease:
    held = transitions.claim(job.pk, worker=worker, task_id="t")
    assert held is not None
    return held


def fail(inspection_id: str, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(Broken):
            work(inspection_id)


def status(phone: Phone, inspection_id: object) -> dict:
    return phone.get(f"/inspections/{inspection_id}/status").json()


def test_a_job_is_claimed_once_and_a_second_message_finds_nothing():
    job = JobFactory.create()
    held = claim(job)
    assert transitions.claim(job.pk, worker="w", task_id="t") is None
    job.refresh_from_db()
    assert (job.state, job.attempt, job.lease) == ("running", 1, held.lease)


def test_a_message_for_no_job_or_an_ended_one_does_nothing():
    failed = JobFactory.create(failed=True)
    for job_id in (failed.pk, UUID(int=1)):
        assert transitions.claim(job_id, worker="w", task_id="t") is None
    assert not JobAttempt.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_of_twelve_parallel_claims_wins():
    job = JobFactory.create()
    claims = at_once(12, lambda: transitions.claim(job.pk, worker="w", task_id="t"))
    assert len([held for held in claims if held]) == JobAttempt.objects.count() == 1


@ON_POSTGRES_ONLY
@pytest.mark.django_db(transaction=True)
def test_several_parallel_claims_win_without_the_row_lock(monkeypatch):
    """The control: what the lock of the test above is for."""
    job, meeting = JobFactory.create(), MeetingPoint(12)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *_, **__: self.all())
    monkeypatch.setattr(transitions, "_lease_end", meeting.after(transitions._lease_end))
    claims = at_once(12, lambda: transitions.claim(job.pk, worker="w", task_id="t"))
    assert len([held for held in claims if held]) > 1


def test_an_attempt_without_its_lease_cannot_renew_finish_or_fail(phone):
    inspection_id = submitted(phone)
    job = InferenceJob.objects.get()
    late = claim(job)
    InferenceJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    failures.recover_expired(job.pk)
    claim(job)
    for call in (transitions.renew, transitions.complete, lambda held: transitions.give_up_attempt(held, error="late")):
        with pytest.raises(LeaseLost):
            call(late)
    failures.fail_attempt(late, error="late")
    assert status(phone, inspection_id)["state"] == "running"
    assert not Result.objects.exists()


def test_an_analysis_that_lost_its_lease_writes_no_result(phone, monkeypatch):
    inspection_id = submitted(phone)
    store_overlays = analysis.store_overlays

    def lose_lease_then_store(*args: object, **kwargs: object):
        InferenceJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        failures.recover_expired(InferenceJob.objects.get().pk)
        return store_overlays(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(analysis, "store_overlays", lose_lease_then_store)
        work(inspection_id)
    assert not Result.objects.exists()
    assert status(phone, inspection_id)["waiting_for"] == "retry"
    work(inspection_id)
    assert Result.objects.count() == 1
    assert list(JobAttempt.objects.values_list("outcome", flat=True)) == ["lost", "succeeded"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", [ObjectStoreUnavailable("no answer"), OperationalError("terminating connection")])
def test_an_outage_of_store_or_database_does_not_count_as_an_attempt(phone, monkeypatch, settings, fault):
    inspection_id = submitted(phone)
    since = InferenceJob.objects.get().queued_at

    def down(*_: object, **__: object) -> None:
        raise fault

    with monkeypatch.context() as patched:
        patched.setattr(evidence, "freeze", down)
        for wait in (1, 2, 4, 8, 10, 10):  # times the usual one; five minutes are the longest
            work(inspection_id)
            job = InferenceJob.objects.get()
            assert (job.state, job.attempt, job.queued_at) == ("queued", 0, since)
            again_at = timezone.now() + timedelta(seconds=wait * settings.JOB_REENQUEUE_SECONDS)
            with time_machine.travel(again_at - timedelta(seconds=1)):
                assert transitions.jobs_to_send() == []
            with time_machine.travel(again_at + timedelta(seconds=1)):
                assert transitions.jobs_to_send() == [job.pk]
    work(inspection_id)
    assert status(phone, inspection_id)["status"] == "completed"


def test_two_failures_are_retried_and_the_third_is_final(phone, broken_engine):
    inspection_id = submitted(phone)
    for attempt in (1, 2):
        fail(inspection_id)
        waits = status(phone, inspection_id)
        assert (waits["status"], waits["state"], waits["waiting_for"]) == ("processing", "queued", "retry")
        assert InferenceJob.objects.get().attempt == attempt
    fail(inspection_id)
    ended = phone.get(f"/inspections/{inspection_id}").json()
    assert (ended["status"], ended["failure_reason"], ended["waiting_for"]) == ("failed", "technical_failure", None)
    work(inspection_id)
    assert JobAttempt.objects.count() == 3
    assert set(JobAttempt.objects.values_list("error", flat=True)) == {"Broken: no light"}


def test_a_third_failure_returns_the_credit_once(phone, broken_engine):
    phone.buy()
    inspection_id = submitted(phone, "osmosis")
    fail(inspection_id, times=2)
    assert phone.credits() == (0, 1)
    fail(inspection_id)
    assert phone.credits() == (1, 0)
    transitions.requeue_failed(UUID(inspection_id), cause="staff")
    fail(inspection_id, times=3)
    assert phone.credits() == (1, 0)


def test_a_technical_failure_does_not_use_up_the_free_inspection(phone, broken_engine):
    fail(submitted(phone), times=3)
    assert phone.get("/entitlements/corrosion").json()["corrosion_free_used"] is False


def test_a_silent_worker_is_replaced_after_its_lease(phone):
    inspection_id = submitted(phone)
    job = InferenceJob.objects.get()
    claim(job)
    failures.recover_expired(job.pk)
    assert status(phone, inspection_id)["state"] == "running"
    InferenceJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    failures.recover_expired(job.pk)
    failures.recover_expired(job.pk)
    assert status(phone, inspection_id)["state"] == "queued"
    assert InferenceJob.objects.get().attempt == 1
    work(inspection_id)
    assert status(phone, inspection_id)["status"] == "completed"


def test_a_worker_lost_three_times_fails_the_inspection_and_returns_the_credit(phone):
    phone.buy()
    inspection_id = submitted(phone, "osmosis")
    job = InferenceJob.objects.get()
    for _ in range(3):
        claim(job)
        InferenceJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        failures.recover_expired(job.pk)
    assert status(phone, inspection_id)["status"] == "failed"
    assert phone.credits() == (1, 0)


def test_staff_can_requeue_a_technical_failure_without_a_new_charge(phone, monkeypatch):
    phone.buy()
    inspection_id = submitted(phone, "osmosis")
    with monkeypatch.context() as patched:
        patched.setattr(analysis, "engine_for", lambda **_: 1 / 0)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                work(inspection_id)
    job = transitions.requeue_failed(UUID(inspection_id), cause="the engine is mended")
    assert (job.state, job.attempt) == ("queued", 0)
    assert status(phone, inspection_id)["job_id"] == str(job.pk)
    work(inspection_id)
    assert status(phone, inspection_id)["status"] == "completed"
    assert phone.credits() == (1, 0)


def test_only_a_technical_failure_can_be_requeued(phone):
    expired = phone.open()["inspection_id"]
    Inspection.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    failures.expire(UUID(expired))
    deleted = JobFactory.create(failed=True, inspection__deleted_at=timezone.now()).inspection_id
    for inspection_id in (expired, deleted, phone.complete(), JobFactory.create().inspection_id):
        with pytest.raises(TransitionRefused):
            transitions.requeue_failed(UUID(str(inspection_id)), cause="please")


def test_requeuing_beside_another_free_inspection_is_refused(phone):
    failed = JobFactory.create(failed=True, inspection__owner=phone.owner, inspection__access="free")
    phone.open()
    with pytest.raises(TransitionRefused):
        transitions.requeue_failed(failed.inspection_id, cause="please")
    assert status(phone, failed.inspection_id)["status"] == "failed"


def test_every_change_writes_an_event(phone):
    inspection_id = submitted(phone)
    work(inspection_id)
    told = InspectionEvent.objects.filter(inspection=inspection_id).values_list("subject", "from_state", "to_state")
    assert set(told) == {
        ("inspection", "pending", "processing"),
        ("job", "", "queued"),
        ("job", "queued", "running"),
        ("job", "running", "succeeded"),
        ("inspection", "processing", "completed"),
    }


def test_the_next_attempt_reads_evidence_frozen_by_a_killed_one(phone, monkeypatch):
    inspection_id = submitted(phone)
    with monkeypatch.context() as patched:
        patched.setattr(inference, "_examine", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            work(inspection_id)
    object_store().delete(list(MediaAsset.objects.values_list("uri", flat=True)))
    work(inspection_id)
    coverage = phone.get(f"/inspections/{inspection_id}/result").json()["coverage"]
    assert coverage == {"points": 1, "photos_used": 3, "photos_rejected": 0}


def test_a_job_is_claimed_after_the_limit_of_attempts_was_lowered(settings):
    job = JobFactory.create(attempt=2)
    settings.JOB_MAX_ATTEMPTS = 1
    assert transitions.claim(job.pk, worker="test", task_id="task") is not None


def test_a_job_sent_by_the_sweep_keeps_the_owners_request_id(phone, caplog):
    inspection_id = submitted(phone)
    job = InferenceJob.objects.get(inspection_id=inspection_id)
    assert job.request_id
    work(inspection_id)
    ended = [record.msg for record in caplog.records if record.msg.get("event", "").startswith("analysis")]
    assert [(line["event"], line["request_id"]) for line in ended] == [("analysis done", job.request_id)]
