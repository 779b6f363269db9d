"""Test that a link signed by a role's credentials promises no more time than they have left.

Elsewhere a signed link stopped working when the role's credentials ended, whatever time it promised
(boto/botocore 2604, boto/boto3 2392).
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import botocore.session
import pytest
import time_machine
from botocore.credentials import Credentials, DeferredRefreshableCredentials, RefreshableCredentials

from maretech.common import storage
from maretech.common.storage.base import ObjectStoreUnavailable, Upload
from maretech.common.storage.link_key import REFRESH_PAUSE_SECONDS
from maretech.common.storage.s3 import S3Store
from testing.phone import Phone
from tests.contract.refusals import refused

NOW = datetime(2026, 5, 1, 10, tzinfo=UTC)
UPLOAD = Upload(key="a", content_type="image/jpeg", max_bytes=10)


class Role:
    """Issues credentials that last `minutes`, or does not answer."""

    def __init__(self, minutes: float) -> None:
        self.minutes = minutes
        self.calls = 0
        self.answers = True
        self.before_answering: Callable[[], object] = lambda: None

    def __call__(self) -> dict[str, str]:
        self.calls += 1
        self.before_answering()
        if not self.answers:
            raise botocore.exceptions.ConnectTimeoutError(endpoint_url="http://role")
        end = datetime.now(UTC) + timedelta(minutes=self.minutes)
        return {"access_key": f"ASIA{self.calls}", "secret_key": "s", "token": "t", "expiry_time": end.isoformat()}


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def store_of(settings, monkeypatch) -> Callable[[Any], S3Store]:
    settings.S3_BUCKET, settings.S3_REGION = "hulls", "us-east-1"
    settings.S3_ENDPOINT_URL = settings.S3_PUBLIC_ENDPOINT_URL = "http://store.test"
    settings.S3_ACCESS_KEY_ID = settings.S3_SECRET_ACCESS_KEY = ""
    settings.UPLOAD_LINK_SECONDS, settings.VIEW_LINK_SECONDS = 3600, 900

    def build(credentials: Credentials) -> S3Store:
        monkeypatch.setattr(botocore.session.Session, "get_credentials", lambda _: credentials)
        storage.object_store.cache_clear()
        store = storage.object_store()
        assert isinstance(store, S3Store)
        return store

    return build


def credentials_of(role: Role, *, minutes_left: float) -> RefreshableCredentials:
    end = datetime.now(UTC) + timedelta(minutes=minutes_left)
    return RefreshableCredentials("ASIA0", "s", "t", end, refresh_using=role, method="iam-role")


def signed(url: str) -> tuple[str, int]:
    """Return the id of the signing key, and the seconds until the link expires."""
    query = parse_qs(urlsplit(url).query)
    return query["X-Amz-Credential"][0].partition("/")[0], int(query["X-Amz-Expires"][0])


def test_credentials_that_end_before_the_link_are_refreshed_first(clock, store_of):
    role = Role(minutes=360)
    store = store_of(credentials_of(role, minutes_left=16))
    target = store.presign_upload(UPLOAD)
    assert signed(target.url) == ("ASIA1", 3600)
    assert target.expires_at == NOW + timedelta(seconds=3600)
    assert role.calls == 1


def test_a_link_ends_with_shorter_credentials(clock, store_of):
    role = Role(minutes=20)
    store = store_of(credentials_of(role, minutes_left=16))
    target = store.presign_upload(UPLOAD)
    assert signed(target.url) == ("ASIA1", 20 * 60)
    assert target.expires_at == NOW + timedelta(minutes=20)
    clock.shift(timedelta(minutes=4, seconds=0.5))
    later = store.presign_upload(UPLOAD)
    assert later.expires_at <= NOW + timedelta(minutes=20)
    assert later.expires_at > NOW + timedelta(minutes=19)


def test_short_credentials_are_requested_once_a_minute(clock, store_of, monkeypatch):
    seconds = 1000.0
    monkeypatch.setattr("maretech.common.storage.link_key.time.monotonic", lambda: seconds)
    role = Role(minutes=20)
    store = store_of(credentials_of(role, minutes_left=16))
    for _ in range(30):
        store.presign_upload(UPLOAD)
        store.presign_view("a")
    assert role.calls == 1
    seconds += REFRESH_PAUSE_SECONDS
    store.presign_upload(UPLOAD)
    assert role.calls == 2


def test_credentials_that_last_longer_are_not_refreshed(clock, store_of):
    role = Role(minutes=360)
    store = store_of(credentials_of(role, minutes_left=61))
    assert signed(store.presign_upload(UPLOAD).url) == ("ASIA0", 3600)
    assert signed(store.presign_view("a")) == ("ASIA0", 900)
    assert role.calls == 0


def test_a_view_link_ends_with_its_credentials(clock, store_of):
    role = Role(minutes=12)
    store = store_of(credentials_of(role, minutes_left=11))
    assert signed(store.presign_view("a")) == ("ASIA1", 12 * 60)


def test_links_use_the_remaining_time_while_the_role_does_not_answer(clock, store_of):
    role = Role(minutes=360)
    role.answers = False
    store = store_of(credentials_of(role, minutes_left=16))
    target = store.presign_upload(UPLOAD)
    assert (signed(target.url), target.expires_at) == (("ASIA0", 16 * 60), NOW + timedelta(minutes=16))


def test_deferred_credentials_limit_the_first_link(clock, store_of):
    store = store_of(DeferredRefreshableCredentials(refresh_using=Role(minutes=30), method="assume-role"))
    target = store.presign_upload(UPLOAD)
    assert target.expires_at == NOW + timedelta(minutes=30)
    assert signed(target.url)[1] == 30 * 60


def test_permanent_keys_sign_for_the_configured_time(clock, store_of):
    target = store_of(Credentials("AKIA", "s")).presign_upload(UPLOAD)
    assert (signed(target.url), target.expires_at) == (("AKIA", 3600), NOW + timedelta(seconds=3600))


@pytest.mark.parametrize("minutes_left", [-1, 0])
def test_expired_credentials_sign_nothing(clock, store_of, minutes_left: int):
    role = Role(minutes=360)
    role.answers = False
    store = store_of(credentials_of(role, minutes_left=minutes_left))
    with pytest.raises(ObjectStoreUnavailable):
        store.presign_upload(UPLOAD)
    with pytest.raises(ObjectStoreUnavailable):
        store.presign_view("a")


def test_parallel_links_request_credentials_once_and_mix_no_keys(store_of):
    role = Role(minutes=360)
    store = store_of(credentials_of(role, minutes_left=16))
    together = threading.Barrier(8)

    def sign(_: int) -> tuple[str, int]:
        together.wait(timeout=10)
        return signed(store.presign_upload(UPLOAD).url)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(sign, range(8))) == {("ASIA1", 3600)}
    assert role.calls == 1


@pytest.mark.django_db
def test_the_api_returns_the_true_expiry_or_a_503(owner, store_of, monkeypatch):
    role = Role(minutes=20)
    credentials = credentials_of(role, minutes_left=16)
    store_of(credentials)
    monkeypatch.setattr("inspections.capture.opening.photographed_inspections", lambda **_: [])
    phone = Phone.of(owner)
    for target in phone.open()["uploads"]:
        left = datetime.fromisoformat(target["expires_at"]) - datetime.now(UTC)
        assert timedelta(minutes=15) < left <= timedelta(minutes=20)
    role.answers = False
    credentials._expiry_time = datetime.now(UTC) - timedelta(seconds=1)
    refused(phone.post("/inspections", {"mode": "corrosion"}), 503, "SERVICE_UNAVAILABLE")
