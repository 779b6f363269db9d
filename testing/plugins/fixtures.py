"""The fixtures and defaults of every test: an empty object store of its own, no limits, and only the instant engine."""

import os
from collections.abc import Iterator
from importlib import import_module
from types import MappingProxyType
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as declared
from django.core.servers.basehttp import WSGIServer
from django.test import TransactionTestCase, override_settings
from rest_framework.test import APIClient

from inspections.models import CapturePolicy
from inspections.modes.registry import rules_of
from inspections.vocabulary import Mode
from maretech.common import storage
from maretech.common.observability.metrics import ISOLATED_FAILURES
from maretech.common.storage.local import LocalStore
from testing.books import empty_tables
from testing.database_role import as_application
from testing.factories import UserFactory
from testing.phone import Phone
from testing.plugins.outside_calls import watched

# The live server has two dozen callers at once; a caller that does not fit into its queue would get no answer.
WSGIServer.request_queue_size = 128


@pytest.fixture(autouse=True, scope="session")
def _safe_defaults() -> Iterator[None]:
    """Give all tests generous limits, and the stub engine unless a test requests another."""
    with override_settings(
        ENGINE="stub",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        RATE_LIMITS=MappingProxyType(dict.fromkeys(declared.RATE_LIMITS, "100000/min")),  # a leak would fail
        REDIS_URL="",
        EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
    ):
        yield


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path) -> Iterator[None]:
    """Give each test a store of its own."""
    storage.object_store.cache_clear()
    if not settings.S3_BUCKET:
        settings.OBJECT_STORE_DIR = tmp_path / "objects"
        settings.OBJECT_STORE_DIR.mkdir()
        assert isinstance(storage.object_store(), LocalStore)
    yield
    storage.object_store.cache_clear()


@pytest.fixture(autouse=True, scope="session")
def _separate_metrics(tmp_path_factory) -> None:
    """Separate the metrics: parallel tests share VAR_DIR, and one would raise another's figures."""
    declared.METRICS_DIR = tmp_path_factory.mktemp("metrics")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(declared.METRICS_DIR)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("socket.gethostname", lambda: "another")
        ISOLATED_FAILURES.inc(0)  # a process with another name reopens its files: now they are in that folder


@pytest.fixture(autouse=True)
def broker(monkeypatch) -> list[tuple[str, tuple[str, ...]]]:
    """Collect messages without sending them; tests run the worker's rules by name when needed."""
    sent: list[tuple[str, tuple[str, ...]]] = []

    def collect(task, args, queue, expires_seconds):
        sent.append((task.name, args))

    monkeypatch.setattr("maretech.common.work.queue._send", collect)
    return sent


@pytest.fixture(autouse=True)
def calls_inside_transactions() -> Iterator[list[str]]:
    """Collect outside calls made inside a transaction; a test that provokes one removes it again."""
    with watched() as inside:
        yield inside
    assert not inside, "called inside a transaction, which holds its locks while the other side hangs"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Migrate as the owner of the tables; from then on everything runs in the application's role."""
    with django_db_blocker.unblock(), as_application(), django_db_blocker.block():
        yield


@pytest.fixture(autouse=True, scope="session")
def _empty_all_tables() -> Iterator[None]:
    """Let a transactional test empty every table, the books too.

    The next test, perhaps taken over from another process, finds the rows of the migrations.
    """
    test_case: Any = TransactionTestCase  # its types hide how it empties the tables

    def teardown(case: TransactionTestCase) -> None:
        empty_tables()
        _restore_first_versions()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(test_case, "_fixture_teardown", teardown)
        yield


def _restore_first_versions() -> None:
    for mode in Mode.values():
        CapturePolicy.objects.get_or_create(mode=mode, version=1, defaults=dict(rules_of(mode).first_policy))
    import_module("billing.migrations.0005_first_products").add_first_products(apps, None)
    import_module("billing.migrations.0020_a_product_grants_services").add_first_services(apps, None)
    import_module("billing.migrations.0025_step_up_rules").add_first_step_up_rules(apps, None)


@pytest.fixture
def owner(db):
    return UserFactory.create()


@pytest.fixture
def stranger(db):
    return UserFactory.create()


@pytest.fixture
def client() -> APIClient:
    """An anonymous client."""
    return APIClient()


@pytest.fixture
def phone(owner) -> Phone:
    """The owner's phone, signed in."""
    return Phone.of(owner)
