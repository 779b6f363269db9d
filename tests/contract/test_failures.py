"""Test server errors and rate limits: JSON in the one shape, with an id to quote to support."""

import re

import pytest
from django.db import InterfaceError, InternalError, OperationalError
from rest_framework.views import APIView

from maretech.common.storage.base import ObjectStoreUnavailable
from maretech.common.storage.local import LocalStore
from testing.openapi.operations import UNCOUNTED, Operation, operations
from testing.phone import Phone, caller
from tests.contract.refusals import refused
from tests.contract.undone import undone

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]
COUNTED = [operation for operation in operations() if not UNCOUNTED.fullmatch(operation.path)]
SECRET = "secret-of-the-server-room"


def call(phone: Phone, operation: Operation, **extra: str):
    return operation.call(caller() if operation.is_open else phone.client, **extra)


def test_a_crash_discloses_nothing(phone, monkeypatch, subtests):
    def crash(*_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(APIView, "check_throttles", crash)
    for operation in operations():
        with subtests.test(str(operation)), undone():
            answer = call(phone, operation)
            refused(answer, 500, "INTERNAL_ERROR")
            assert SECRET.encode() not in answer.content
            assert "RuntimeError" not in answer.content.decode()


@pytest.mark.parametrize("path", ["/v1/schema", "/v1/docs"])
def test_a_crash_of_the_docs_pages_is_json(path: str, monkeypatch):
    def crash(*_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(APIView, "check_throttles", crash)
    refused(caller().get(path), 500, "INTERNAL_ERROR")


def test_a_crash_outside_any_view_is_json_too(monkeypatch):
    def crash(*_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("django.middleware.common.CommonMiddleware.process_request", crash)
    client = caller()
    client.handler.load_middleware()
    answer = client.get("/health")
    refused(answer, 500, "INTERNAL_ERROR")
    assert SECRET.encode() not in answer.content


@pytest.mark.parametrize("fault", [OperationalError, InterfaceError, InternalError])
def test_an_outage_of_the_database_is_a_503(fault: type[Exception], phone, monkeypatch, subtests):
    def down(*_: object, **__: object) -> None:
        raise fault(SECRET)

    for operation in COUNTED:
        with subtests.test(str(operation)), undone():
            with monkeypatch.context() as patched:
                patched.setattr("django.db.backends.utils.CursorWrapper.execute", down)
                answer = call(phone, operation)
            refused(answer, 503, "SERVICE_UNAVAILABLE")
            assert int(answer["Retry-After"]) >= 1
            assert SECRET.encode() not in answer.content


def test_an_outage_of_the_object_store_is_a_503_and_submits_nothing(phone, monkeypatch):
    opened = phone.open()
    phone.shoot(opened["uploads"])

    def down(*_: object, **__: object) -> None:
        raise ObjectStoreUnavailable(SECRET)

    with monkeypatch.context() as patched:
        patched.setattr(LocalStore, "head", down)
        refused(phone.post(f"/inspections/{opened['inspection_id']}/submit"), 503, "SERVICE_UNAVAILABLE")
        asset_id = opened["uploads"][0]["asset_id"]
        refused(phone.post(f"/assets/{asset_id}/uploaded"), 503, "SERVICE_UNAVAILABLE")
    assert phone.get(f"/inspections/{opened['inspection_id']}/status").json()["status"] == "pending"
    assert phone.post(f"/inspections/{opened['inspection_id']}/submit").status_code == 202


def test_a_request_over_the_limit_is_429_with_retry_after(phone, settings, subtests):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "1/min")
    for operation in COUNTED:
        with subtests.test(str(operation)), undone():
            url, method = operation.url(), operation.method.lower()
            # Another session of the same owner: the limit is the owner's, and signing out ends only the first one.
            first, second = (caller() if operation.is_open else Phone.of(phone.owner).client for _ in range(2))
            assert getattr(first, method)(url).status_code != 429
            answer = getattr(second, method)(url)
            refused(answer, 429, "RATE_LIMITED")
            assert 1 <= int(answer["Retry-After"]) <= 61


def test_the_health_route_is_not_rate_limited(settings):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "1/min")
    assert {caller().get("/health").status_code for _ in range(3)} == {200}


def test_the_answer_carries_the_callers_request_id(phone, subtests):
    for operation in operations():
        with subtests.test(str(operation)), undone():
            assert call(phone, operation, HTTP_X_REQUEST_ID="boat-7_leg.2")["X-Request-ID"] == "boat-7_leg.2"


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/docs", "/admin/", "/admin/login/", "/static/nothing.js"])
def test_error_answers_carry_the_callers_request_id(path: str):
    assert caller().get(path, HTTP_X_REQUEST_ID="a" * 64)["X-Request-ID"] == "a" * 64


@pytest.mark.parametrize("offered", ["", "a" * 65, "a b", "a\tb", "a/b", "é", "<script>", "a;b", 'a"', "a\n"])
def test_an_invalid_request_id_is_replaced(offered: str):
    given = caller().get("/health", HTTP_X_REQUEST_ID=offered)["X-Request-ID"]
    assert given != offered
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", given)


def test_a_request_without_an_id_gets_its_own():
    ids = {caller().get("/health")["X-Request-ID"] for _ in range(5)}
    assert len(ids) == 5


def test_a_refusal_has_its_request_id_in_the_body():
    answer = caller().get("/v1/auth/me", HTTP_X_REQUEST_ID="call-1")
    assert refused(answer, 401, "AUTHENTICATION_REQUIRED")["request_id"] == "call-1"
