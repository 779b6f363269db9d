"""Test that "alive" says only that the process runs, and "ready" names each part that fails."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import kombu.exceptions
import pytest
from django.db import OperationalError
from django.utils import timezone

from maretech import health
from maretech.common import storage
from maretech.common.models import QueueHeartbeat
from maretech.common.observability.heartbeat import beat
from maretech.common.storage.base import ObjectStoreUnavailable
from maretech.common.storage.local import LocalStore
from testing.factories import UserFactory
from testing.phone import Phone, caller

pytestmark = pytest.mark.django_db
PARTS = ("database", "broker", "object_store", "worker")


@pytest.fixture(autouse=True)
def _reset_readiness(monkeypatch) -> None:
    """Reset the cached state of the process, and check the parts each time."""
    monkeypatch.setattr(health, "readiness", health.Readiness())
    monkeypatch.setattr(health, "LOOK_EVERY_SECONDS", 0)


@pytest.fixture
def working(settings) -> None:
    """Let all queues have a fresh heartbeat."""
    for queue in settings.TASK_QUEUES:
        beat(queue)


def ready() -> tuple[int, dict[str, str]]:
    answer = caller().get("/health/ready")
    assert answer["Content-Type"] == "application/json"
    assert answer["X-Request-ID"]
    return answer.status_code, answer.json()


def unready_part() -> str:
    """Return the one part that is not ok. It makes the answer a 503 only if this process needs it to serve."""
    status, body = ready()
    (part,) = [name for name in PARTS if body[name] != "ok"]
    assert (status, body["status"]) == ((200, "ok") if part in ("broker", "worker") else (503, "unavailable"))
    return part


def test_readiness_does_not_need_redis(working, settings):
    """So the load balancer keeps this node."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    phone = Phone.of(UserFactory.create())
    opened = phone.open()
    phone.shoot(opened["uploads"])
    assert phone.post(f"/inspections/{opened['inspection_id']}/submit").status_code == 202


def test_liveness_calls_no_other_service(monkeypatch, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = caller().get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_has_one_entry_for_each_part(working):
    assert ready() == (200, dict.fromkeys(("status", *PARTS), "ok"))


def test_an_outage_of_the_database_is_named_without_its_address(working, monkeypatch):
    def down() -> None:
        raise OperationalError("connection to 10.0.0.7 as maretech failed")

    monkeypatch.setitem(health.CHECKS, "database", down)
    assert unready_part() == "database"
    assert "10.0.0.7" not in str(ready())


def test_an_outage_of_the_broker_is_named(working, monkeypatch, settings):
    settings.USES_FILESYSTEM_BROKER = False

    class Unreachable:
        def __enter__(self) -> None:
            raise kombu.exceptions.OperationalError("refused")

        def __exit__(self, *_: object) -> None: ...

    monkeypatch.setattr(health.celery_app, "connection_for_read", Unreachable)
    assert unready_part() == "broker"


def test_a_missing_folder_of_the_filesystem_broker_is_named(working, settings, tmp_path):
    settings.USES_FILESYSTEM_BROKER, settings.BROKER_DIR = True, tmp_path / "gone"
    assert unready_part() == "broker"


def test_an_outage_of_the_object_store_is_named(working, monkeypatch):
    def down(_: LocalStore) -> None:
        raise ObjectStoreUnavailable("no answer")

    monkeypatch.setattr(LocalStore, "ping", down)
    assert unready_part() == "object_store"


def test_a_silent_object_store_is_named_within_ten_seconds(working, settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.S3_BUCKET, settings.S3_ENDPOINT_URL = "photos", f"http://127.0.0.1:{silent.getsockname()[1]}"
        settings.S3_ACCESS_KEY_ID = settings.S3_SECRET_ACCESS_KEY = "key"
        storage.object_store.cache_clear()
        started = time.monotonic()
        assert unready_part() == "object_store"
    assert time.monotonic() - started < 10


def test_a_worker_that_consumes_nothing_is_named_with_its_queue(working, settings):
    stale = timezone.now() - timedelta(seconds=settings.HEARTBEAT_STALE_SECONDS + 1)
    QueueHeartbeat.objects.filter(queue="analyses").update(beat_at=stale)
    assert unready_part() == "worker"
    said = ready()[1]["worker"]
    assert "analyses" in said
    assert "checks" not in said


def test_silent_queues_do_not_make_the_server_unready(db, settings):
    status, body = ready()
    assert (status, body["status"]) == (200, "ok")
    assert all(queue in body["worker"] for queue in settings.TASK_QUEUES)


@pytest.mark.parametrize("part", [part for part in PARTS if part not in health.REPORTED_ONLY])
def test_an_outage_beside_a_silent_queue_is_a_503(monkeypatch, part):
    def down() -> None:
        raise OSError("gone")

    monkeypatch.setitem(health.CHECKS, part, down)
    status, body = ready()
    assert (status, body["status"], body[part]) == (503, "unavailable", "unreachable")
    assert "no sign of life" in body["worker"]


def test_all_faults_are_reported_together(monkeypatch):
    def down() -> None:
        raise OSError("gone")

    for part in PARTS:
        monkeypatch.setitem(health.CHECKS, part, down)
    status, body = ready()
    assert (status, set(body.values())) == (503, {"unavailable", "unreachable"})


def test_a_repeated_request_within_a_second_reuses_the_checks(working, monkeypatch):
    monkeypatch.setattr(health, "LOOK_EVERY_SECONDS", 60)
    looks: list[str] = []
    monkeypatch.setattr(health, "CHECKS", {part: lambda: looks.append("") for part in PARTS})
    assert [ready()[0] for _ in range(3)] == [200, 200, 200]
    assert len(looks) == len(PARTS)


def test_other_callers_get_the_previous_result_during_a_check(working, monkeypatch):
    found = health.readiness.parts()
    told_meanwhile: list[dict[str, str]] = []
    monkeypatch.setattr(health, "CHECKS", {"broker": lambda: told_meanwhile.append(health.readiness.parts())})
    assert health.readiness.parts() == {"broker": "ok"}
    assert told_meanwhile == [found]


def test_first_parallel_callers_share_one_check(monkeypatch):
    monkeypatch.setattr(health, "LOOK_EVERY_SECONDS", 60)
    began, may_end, looks = threading.Event(), threading.Event(), []

    def look() -> None:
        looks.append("")
        began.set()
        assert may_end.wait(10)

    monkeypatch.setattr(health, "CHECKS", {"broker": look})
    with ThreadPoolExecutor(4) as callers:
        answers = [callers.submit(health.readiness.parts) for _ in range(4)]
        assert began.wait(10)
        may_end.set()
    assert [each.result() for each in answers] == [{"broker": "ok"}] * 4
    assert len(looks) == 1


def test_an_old_result_is_not_returned_during_a_check(working, monkeypatch):
    health.readiness.parts()
    monkeypatch.setattr(health, "STALE_SECONDS", -1)
    began, may_end = threading.Event(), threading.Event()

    def look() -> None:
        began.set()
        assert may_end.wait(10)

    monkeypatch.setattr(health, "CHECKS", {"broker": look})
    with ThreadPoolExecutor(2) as callers:
        first = callers.submit(health.readiness.parts)
        assert began.wait(10)
        second = callers.submit(health.readiness.parts)
        may_end.set()
    assert first.result() == second.result() == {"broker": "ok"}
