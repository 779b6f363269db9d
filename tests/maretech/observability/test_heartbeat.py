"""Test that a queue's heartbeat comes only from work that progresses."""

import threading
import time
from types import SimpleNamespace

import pytest
from celery.signals import task_prerun
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections.lifecycle import transitions
from inspections.models import InferenceJob
from inspections.work import lease
from maretech.common.models import QueueHeartbeat
from maretech.common.observability import heartbeat
from maretech.common.tasks import heartbeat as asked_for
from testing.database_role import as_owner
from testing.factories import JobFactory


@pytest.fixture(autouse=True)
def _due(monkeypatch) -> None:
    monkeypatch.setattr(heartbeat, "_next_beat", {})


def start_task(queue: str | None) -> None:
    """Take a message as a worker does before it runs the task."""
    task_prerun.send(
        None, task=SimpleNamespace(name="t", request=SimpleNamespace(delivery_info={"routing_key": queue}))
    )


@pytest.mark.django_db
class TestTaking:
    def test_the_heartbeat_task_writes_the_heartbeat_of_its_queue(self, settings):
        for queue in settings.TASK_QUEUES:
            asked_for(queue)
        assert heartbeat.silent_queues() == []

    def test_any_task_writes_the_heartbeat_of_its_queue_only(self, settings):
        start_task("checks")
        assert heartbeat.silent_queues() == [queue for queue in settings.TASK_QUEUES if queue != "checks"]

    def test_a_busy_queue_does_not_write_at_every_task(self, django_assert_num_queries):
        start_task("checks")
        with django_assert_num_queries(0):
            start_task("checks")

    def test_a_heartbeat_takes_one_statement(self):
        heartbeat.beat("checks")
        with CaptureQueriesContext(connection) as captured:
            heartbeat.beat("checks")
        (only,) = captured.captured_queries
        assert only["sql"].startswith("UPDATE")

    @pytest.mark.parametrize("queue", [None, "celeryev", ""])
    def test_a_message_of_another_queue_writes_no_heartbeat(self, queue):
        start_task(queue)
        assert not QueueHeartbeat.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_hanging_engine_with_a_live_lease_writes_no_heartbeat(settings):
    settings.JOB_LEASE_SECONDS = 0.2
    job = JobFactory.create()
    with lease.keep_alive(transitions.claim(job.pk, worker="w", task_id="t")):
        assert is_renewed()
    assert not QueueHeartbeat.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_lease_is_renewed_after_its_connection_was_lost(settings):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite is a file: there is no connection that could be lost")
    settings.JOB_LEASE_SECONDS = 0.2
    job = JobFactory.create()
    with lease.keep_alive(transitions.claim(job.pk, worker="w", task_id="t")):
        assert is_renewed()
        with as_owner() as cursor:
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            cursor.execute(f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {others}")
            assert cursor.fetchone() == (1,)
        assert is_renewed()


def is_renewed() -> bool:
    """Return whether the only job's lease is renewed soon."""
    lease_until = InferenceJob.objects.get().lease_until
    deadline = time.monotonic() + 30
    while InferenceJob.objects.get().lease_until == lease_until and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    return InferenceJob.objects.get().lease_until > lease_until
