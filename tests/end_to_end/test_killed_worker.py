"""Test the real server with real worker processes: one is killed in the middle of an analysis."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from maretech.processes import manage, running
from testing.demo import photos
from testing.phone import Phone
from testing.s3 import s3_environment

pytestmark = pytest.mark.services
FAST_RECOVERY = {
    "ENGINE": "trained",
    "JOB_LEASE_SECONDS": "4",
    "SWEEP_SECONDS": "1",
    "JOB_REENQUEUE_SECONDS": "2",
    "RATE_LIMIT_POLL": "100000/min",
}
POINTS = 5
OUTCOMES = "from inspections.models import JobAttempt as A; print(*A.objects.values_list('outcome', flat=True))"


@pytest.fixture
def embedded() -> dict[str, str]:
    return {}


@pytest.fixture
def real_services(request) -> Iterator[dict[str, str]]:
    """A Postgres database, a Redis database and an S3 bucket of this test's own."""
    database_url, redis_url = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    if not (database_url.startswith("postgres") and redis_url):
        pytest.skip("DATABASE_URL and REDIS_URL name no Postgres and Redis; the embedded services are tested beside")
    name = f"maretech_end_to_end_{os.getpid()}"
    with closing(psycopg.connect(database_url, autocommit=True)) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            own_database = urlunsplit(urlsplit(database_url)._replace(path=f"/{name}"))
            request.getfixturevalue("s3")  # makes the bucket
            store = s3_environment(request.getfixturevalue("s3_endpoint"))
            yield {"DATABASE_URL": own_database, "REDIS_URL": redis_url, "CELERY_BROKER_URL": redis_url, **store}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("services", ["embedded", pytest.param("real_services", marks=pytest.mark.database)])
def test_an_analysis_recovers_after_its_worker_is_killed(services, migrated_var_dir, request):
    env = FAST_RECOVERY | request.getfixturevalue(services)
    walk = photos.rendered(mode="corrosion", points=POINTS, severity=0.5)
    with running(var_dir=migrated_var_dir, env=env) as server:
        phone = Phone.at(server.base_url)
        phone.register("owner@example.org", "barnacle-free-2026")
        opened = phone.send("/inspections", {"mode": "corrosion", "points": POINTS})
        for target in opened["uploads"]:
            phone.upload(target, walk[target["point_index"]][target["angle"]])
        inspection = f"/inspections/{opened['inspection_id']}"
        phone.send(f"{inspection}/complete")

        status = _wait_until_under_way(phone, inspection)
        os.killpg(server.pids()["worker-analyses"], signal.SIGKILL)
        assert status["progress"]["done"] < status["progress"]["total"], "too late to prove anything"

        done = phone.poll(f"{inspection}/status", until=lambda body: body["status"] in ("completed", "failed"))
        assert (done["status"], done["state"]) == ("completed", "succeeded")
        assert phone.fetch(f"{inspection}/result")["coverage"]["photos_used"] == 3 * POINTS
        attempts = manage("shell", "-v0", "-c", OUTCOMES, var_dir=migrated_var_dir, env=env)
    assert attempts.split() == ["lost", "succeeded"]


def _wait_until_under_way(phone: Phone, inspection: str) -> dict:
    deadline = time.monotonic() + 60
    while True:
        status = phone.fetch(f"{inspection}/status")
        if status["progress"]["done"]:
            return status
        assert time.monotonic() < deadline, "no worker took the job"
