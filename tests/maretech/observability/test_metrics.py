"""Test that `/metrics` shows operations what happens, and refuses every other caller."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
from botocore.exceptions import EndpointConnectionError
from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from accounts.models import Erasure, Export
from billing.models import Finding, ProviderEvent
from billing.vocabulary import EventState, FindingKind, Provider
from inspections.models import InferenceJob, JobAttempt, MissingObject
from inspections.vocabulary import AttemptOutcome
from maretech import metrics
from maretech.common.observability.heartbeat import beat
from maretech.common.observability.metrics import count_store_error
from maretech.common.storage import s3
from maretech.common.storage.base import ObjectStoreUnavailable
from maretech.common.work.isolation import log_and_continue
from testing.factories import AssetFactory, InspectionFactory, JobFactory, UserFactory, deliver_result
from testing.phone import caller
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
KINDS = ("refused", "unreachable")
# Statements beside those of the kinds of work: jobs, disputes, findings, deliveries, letters, heartbeats and so on.
OTHER_FIGURES = 26
TOKEN = "0123456789abcdefghijklmnopqrstuvwxyzABCDEF"
Figures = Callable[..., float]


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def only_rows(settings, tmp_path) -> None:
    """Serve no counters: by now other tests have called every route, and to merge and parse these takes a second."""
    settings.METRICS_DIR = tmp_path


def served_samples(of: str = "") -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Return the served samples of the metric, or all of them: parsing those of every route takes a second."""
    answer = caller().get("/metrics")
    assert answer.status_code == 200
    lines = [line for line in answer.content.decode().splitlines(keepends=True) if of in line]
    samples = itertools.chain.from_iterable(family.samples for family in text_string_to_metric_families("".join(lines)))
    return {(sample.name, frozenset(sample.labels.items())): sample.value for sample in samples}


def figure(name: str, **labels: str) -> float:
    return served_samples(name)[f"maretech_{name}", frozenset(labels.items())]


@pytest.mark.parametrize("header", [None, "", "Bearer ", "Bearer guessed", f"Basic {TOKEN}", TOKEN, f"bearer {TOKEN}x"])
def test_metrics_without_the_token_are_refused(settings, header):
    settings.METRICS_TOKEN = TOKEN
    headers = {} if header is None else {"Authorization": header}
    refused(caller().get("/metrics", headers=headers), 401, "AUTHENTICATION_REQUIRED")


def test_metrics_with_the_token_are_served_to_any_address(settings):
    settings.METRICS_TOKEN, settings.PRODUCTION = TOKEN, True
    answer = caller().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, REMOTE_ADDR="203.0.113.7")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    "origin", [{"REMOTE_ADDR": "203.0.113.7"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}], ids=["elsewhere", "a proxy"]
)
def test_metrics_without_a_configured_token_are_served_to_this_machine(origin):
    refused(caller().get("/metrics", **origin), 401, "AUTHENTICATION_REQUIRED")


def test_production_without_a_configured_token_serves_no_metrics(settings):
    settings.PRODUCTION = True
    refused(caller().get("/metrics"), 401, "AUTHENTICATION_REQUIRED")


def test_a_request_is_counted_by_its_route(phone):
    labels = {"method": "GET", "route": "v1/inspections/<uuid:inspection_id>/status", "status": "404"}
    before = served_samples("http_request").get(("maretech_http_request_seconds_count", frozenset(labels.items())), 0)
    missing = "11111111-2222-4333-8444-555555555555"
    phone.get(f"/inspections/{missing}/status")
    assert figure("http_request_seconds_count", **labels) == before + 1
    assert missing not in caller().get("/metrics").content.decode()


def test_invented_methods_and_paths_share_one_label():
    for number in range(3):
        caller().generic(f"INVENT{number}", f"/nowhere/{number}")
    seen = [dict(labels) for name, labels in served_samples("http_request") if name.endswith("_seconds_count")]
    assert {"method": "other", "route": "-", "status": "404"} in seen
    assert not [labels for labels in seen if "INVENT" in labels["method"] or "nowhere" in labels["route"]]


def test_an_error_of_the_object_store_is_counted():
    before = served_samples("store_errors").get(
        ("maretech_object_store_errors_total", frozenset({("kind", "unreachable")})), 0
    )
    with pytest.raises(ObjectStoreUnavailable), s3._translated("key"):
        raise EndpointConnectionError(endpoint_url="http://store.invalid")
    assert figure("object_store_errors_total", kind="unreachable") == before + 1


def test_counters_start_with_zero(tmp_path):
    """Prometheus sees no increase between a missing series and its first value."""
    program = "import django; django.setup(); from maretech.common.observability import metrics as m; "
    program += "print(*(f'{s.name} {s.labels} {s.value}' for f in m.of_processes() for s in f.samples), sep='\\n')"
    env = {**os.environ, "VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "maretech.settings"}
    output = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True).stdout
    for series in (
        "isolated_failures_total {}",
        *(f"object_store_errors_total {{'kind': '{kind}'}}" for kind in KINDS),
    ):
        assert f"maretech_{series} 0.0" in output.splitlines()


def test_isolated_failures_are_counted():
    before = figure("passed_over_total")
    with log_and_continue("retention rule failed", rule="old rows"):
        raise ValueError("this rule")
    assert figure("passed_over_total") == before + 1


def test_counts_of_containers_with_a_shared_folder_are_summed(monkeypatch):
    """Their processes have the same ids."""
    count_store_error("refused")
    before = figure("object_store_errors_total", kind="refused")
    for host in ("web", "worker-checks"):
        monkeypatch.setattr("socket.gethostname", lambda host=host: host)
        count_store_error("refused")
    monkeypatch.undo()
    assert figure("object_store_errors_total", kind="refused") == before + 2
    files = {path.name for path in settings.METRICS_DIR.glob("counter_*.db")}
    assert {f"counter_web-{os.getpid()}.db", f"counter_worker-checks-{os.getpid()}.db"} <= files


@pytest.mark.usefixtures("only_rows")
def test_the_oldest_of_each_kind_of_work_has_an_age():
    ago = timezone.now() - timedelta(minutes=10)
    JobFactory.create(queued_at=ago)
    JobFactory.create()
    AssetFactory.create(state="uploaded", uploaded_at=ago)
    InspectionFactory.create(completed=True, deleted_at=ago)
    for queue, work, count in [("analyses", "inspection", 2), ("checks", "photo", 1), ("housekeeping", "deletion", 1)]:
        assert figure("waiting", queue=queue, work=work) == count
        assert 600 <= figure("waiting_oldest_seconds", queue=queue, work=work) < 660
    assert figure("waiting_oldest_seconds", queue="payments", work="event") == 0


@pytest.mark.usefixtures("only_rows")
def test_each_queue_has_the_time_since_its_last_consumption(settings):
    beat("checks")
    assert figure("queue_silent_seconds", queue="checks") < 60
    for queue in set(settings.TASK_QUEUES) - {"checks"}:
        assert figure("queue_silent_seconds", queue=queue) == float("inf")


@pytest.mark.usefixtures("only_rows")
def test_an_expired_lease_is_shown_until_a_sweep_requeues_it():
    job = JobFactory.create(running=True)
    assert (figure("jobs_running"), figure("jobs_leases_expired")) == (1, 0)
    InferenceJob.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert (figure("jobs_running"), figure("jobs_leases_expired")) == (1, 1)


@pytest.mark.usefixtures("only_rows")
def test_erasures_and_exports_are_aged_from_their_request(owner):
    ago = timezone.now() - timedelta(hours=3)
    later = timezone.now() + timedelta(hours=1)  # it was tried, and no worker runs it
    Erasure.objects.create(user=UserFactory.create(), asked_by="owner", attempts=3, due_at=later)
    Export.objects.create(user=owner, attempts=3, due_at=later)
    for model in (Erasure, Export):
        model.objects.update(requested_at=ago)
    for work in ("erasure", "export"):
        assert figure("waiting", queue="privacy", work=work) == 1
        assert figure("waiting_oldest_seconds", queue="privacy", work=work) >= 3 * 3600
    Erasure.objects.update(counts={}, done_at=timezone.now())
    Export.objects.update(built_at=timezone.now(), byte_size=1, expires_at=later)
    for work in ("erasure", "export"):
        assert figure("waiting_oldest_seconds", queue="privacy", work=work) == 0


@pytest.mark.usefixtures("only_rows")
def test_missing_objects_are_counted():
    assert figure("objects_missing") == 0
    MissingObject.objects.create(inspection=InspectionFactory.create(), key="inspections/1/view/1")
    assert figure("objects_missing") == 1


@pytest.mark.usefixtures("only_rows")
def test_attempts_and_ends_of_the_last_hour_are_counted():
    now, long_ago = timezone.now(), timezone.now() - timedelta(minutes=61)
    job = JobFactory.create(failed=True)
    for ended_at in (now, now, long_ago):
        JobAttempt.objects.create(
            job=job, number=1, worker="w", ended_at=ended_at, outcome=AttemptOutcome.LEASE_EXPIRED
        )
    assert figure("job_attempts_last_hour", outcome="lost") == 2
    assert figure("job_attempts_last_hour", outcome="failed") == 0
    assert figure("jobs_ended_last_hour", state="failed") == 1


@pytest.mark.usefixtures("only_rows")
def test_results_are_counted_by_mode_signal_and_confidence():
    job = JobFactory.create(failed=True, inspection=InspectionFactory.create(completed=True))
    result = deliver_result(job.inspection)
    labels = {"mode": "corrosion", "signal": result.signal_detected, "confidence": result.confidence_level}
    assert figure("results_last_hour", **labels) == 1
    assert figure("results_last_hour", **{**labels, "mode": "osmosis"}) == 0


@pytest.mark.usefixtures("only_rows")
def test_waiting_webhooks_and_dead_letters_are_counted_by_provider():
    for number, state in enumerate([EventState.WAITING, EventState.DEAD_LETTER, EventState.DEAD_LETTER]):
        row = ProviderEvent(provider=Provider.STRIPE, event_id=f"evt_{number}", state=state, due_at=timezone.now())
        row.body = b""
        row.save()
    ProviderEvent.objects.update(received_at=timezone.now() - timedelta(minutes=5))
    assert figure("provider_events", provider="stripe", state="waiting") == 1
    assert figure("provider_events", provider="stripe", state="dead") == 2
    assert 300 <= figure("provider_events_lag_seconds", provider="stripe") < 360
    assert figure("provider_events_lag_seconds", provider="app_store") == 0


@pytest.mark.usefixtures("only_rows")
def test_differences_are_counted_until_they_are_settled():
    day = timezone.now().date()
    found = Finding.objects.create(provider=Provider.STRIPE, day=day, kind=FindingKind.NOT_IN_LEDGER, ref="ch_1")
    assert figure("findings_open", provider="stripe", kind="missing_here") == 1
    Finding.objects.filter(pk=found.pk).update(settled_at=timezone.now(), resolution="booked by hand")
    assert figure("findings_open", provider="stripe", kind="missing_here") == 0


@pytest.mark.usefixtures("only_rows")
def test_balanced_books_are_shown_as_balanced(phone):
    phone.buy()
    assert figure("ledger_imbalance", unit="INSPECTION") == 0


@pytest.mark.usefixtures("only_rows")
def test_unbalanced_books_are_shown(monkeypatch):
    monkeypatch.setattr("billing.ledger.journal.totals", lambda: {"EUR": -1, "INSPECTION": 0})
    assert figure("ledger_imbalance", unit="EUR") == 1


@pytest.mark.usefixtures("only_rows")
def test_a_slow_sum_of_the_ledger_is_left_out_alone(monkeypatch):
    def too_long() -> None:
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr("billing.ledger.journal.totals", too_long)
    found = {name for name, _ in served_samples()}
    assert "maretech_ledger_imbalance" not in found
    assert {"maretech_backlog", "maretech_disputes_overdue", "maretech_jobs_running"} <= found
    assert figure("database_readable") == 1


def test_metrics_of_processes_are_served_during_an_outage_of_the_database(monkeypatch):
    def down() -> None:
        raise OperationalError("gone")

    caller().get("/health")
    monkeypatch.setattr(metrics, "FIGURES", (down,))
    found = served_samples()
    assert found["maretech_database_readable", frozenset()] == 0
    assert "maretech_http_request_seconds_count" in {name for name, _ in found}
    assert "maretech_backlog" not in {name for name, _ in found}


@pytest.mark.usefixtures("only_rows")
def test_metrics_take_the_same_few_statements_for_any_number_of_rows():
    served_samples()  # the balance of the ledger is cached from then on
    counts = []
    for rows in (1, 20):
        for job in JobFactory.create_batch(rows, failed=True):
            deliver_result(job.inspection)
        with CaptureQueriesContext(connection) as statements:
            samples = served_samples()
        counts.append(len(statements))
    kinds_of_work = sum(name == "maretech_backlog" for name, _ in samples)
    assert counts[0] == counts[1] <= kinds_of_work + OTHER_FIGURES


def test_no_label_holds_personal_data_or_an_id(phone):
    inspection = phone.complete("corrosion", label="Seagull", vessel_label="Seagull of Kiel")
    text = caller().get("/metrics").content.decode()
    for personal in (inspection, phone.owner.email, str(phone.owner.pk), "Seagull"):
        assert personal not in text
