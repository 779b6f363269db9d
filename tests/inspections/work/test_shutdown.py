"""Test that a stopping worker releases its unfinished jobs without the loss of an attempt."""

import time
from uuid import UUID

import pytest

from inspections.lifecycle import transitions
from inspections.lifecycle.transitions import LeaseLost
from inspections.models import InferenceJob, JobAttempt
from inspections.work import shutdown
from inspections.work.sweeper import sweep
from testing.factories import JobFactory
from testing.phone import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def stop(monkeypatch):
    """Stop inside the test's own transaction, which must keep its connection."""
    monkeypatch.setattr(shutdown.connections, "close_all", lambda: None)
    return shutdown.release


def running(phone, worker: str) -> tuple[transitions.JobLease, UUID]:
    opened = phone.open()
    phone.shoot(opened["uploads"])
    phone.post(f"/inspections/{opened['inspection_id']}/submit")
    job = InferenceJob.objects.get(inspection=opened["inspection_id"])
    held = transitions.claim(job.pk, worker=worker, task_id="t")
    assert held is not None
    return held, job.pk


def test_the_next_sweep_sends_released_jobs_without_counting_an_attempt(phone, stop):
    held, job_id = running(phone, "worker@here")
    stop("worker@here")
    job = InferenceJob.objects.get(pk=job_id)
    assert (job.state, job.attempt) == ("queued", 0)
    assert sweep().jobs == [job_id]
    work(str(held.inspection_id))
    outcomes = list(job.attempts.values_list("number", "outcome"))
    assert outcomes == [(1, "handed_back"), (1, "succeeded")]


def test_a_released_attempt_cannot_deliver(phone, stop):
    held, _ = running(phone, "worker@here")
    stop("worker@here")
    for call in (transitions.renew, transitions.complete):
        with pytest.raises(LeaseLost):
            call(held)


def test_jobs_of_other_workers_are_not_released(phone, stop):
    _, job_id = running(phone, "worker@there")
    JobFactory.create()
    stop("worker@here")
    assert InferenceJob.objects.get(pk=job_id).state == "running"


def test_an_attempt_of_another_worker_is_not_released(phone):
    first, job_id = running(phone, "worker@here")
    transitions.give_up_attempt(first, error="broken")
    transitions.claim(job_id, worker="worker@there", task_id="t")
    assert not transitions.release(job_id, worker="worker@here")
    assert InferenceJob.objects.get(pk=job_id).state == "running"


def test_jobs_are_released_at_the_set_time_and_not_before(monkeypatch, settings):
    settings.WORKER_STOP_SECONDS = 0.05
    told: list[str] = []
    monkeypatch.setattr(shutdown, "release", told.append)
    shutdown.schedule_release(sender="worker@here")
    assert told == []
    deadline = time.monotonic() + 5
    while not told and time.monotonic() < deadline:
        time.sleep(0.01)
    assert told == [shutdown.this_worker("worker@here")]


def test_two_workers_of_the_same_name_have_different_ids(monkeypatch):
    names = {shutdown.this_worker("celery@here")}
    monkeypatch.setattr(shutdown, "_MAIN_PROCESS", "4711-0a1b2c3d")
    names.add(shutdown.this_worker("celery@here"))
    assert len(names) == 2
    assert len(shutdown.this_worker("celery@" + "h" * 253)) <= JobAttempt._meta.get_field("worker").max_length
