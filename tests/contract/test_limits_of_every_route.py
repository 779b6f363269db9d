"""Test that each operation has its limit: per user with a live session, else per address."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import OperationalError
from django.urls import resolve
from django.utils import timezone

from accounts.identity.sessions import end_session, start_session
from accounts.identity.tokens import issue_tokens
from accounts.models import User
from accounts.vocabulary import EndReason
from maretech.common.http import throttling
from testing.openapi.operations import UNCOUNTED, Operation, operations
from testing.phone import Phone, caller
from tests.contract.refusals import refused
from tests.contract.undone import undone

pytestmark = pytest.mark.django_db
COUNTED = [one for one in operations() if not UNCOUNTED.fullmatch(one.path)]
SIGNED_IN = [one for one in COUNTED if not one.is_open]
HERE, THERE = "198.51.100.7", "203.0.113.7"


def one_a_minute(settings) -> None:
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "1/min")


def logged_out(owner: User) -> str:
    session = start_session(user=owner)
    end_session(session=session, reason=EndReason.LOGGED_OUT)
    return issue_tokens(session).access_token


def expired(owner: User) -> str:
    session = start_session(user=owner)
    session.refreshed_at -= timedelta(seconds=settings.ACCESS_TOKEN_SECONDS + 1)
    return issue_tokens(session).access_token


def forged(owner: User) -> str:
    return issue_tokens(start_session(user=owner)).access_token[:-4] + "AAAA"


def none_at_all(owner: User) -> None:
    return None


def scope_of(operation: Operation) -> str:
    route = resolve(operation.url().partition("?")[0]).func
    return str(route.initkwargs.get("throttle_scope") or getattr(route.cls, "throttle_scope", "default"))


def test_every_scope_has_an_operation():
    assert {scope_of(one) for one in COUNTED} | {"account"} == set(settings.RATE_LIMITS)


def test_a_request_with_a_live_session_counts_for_its_user(phone, settings, subtests):
    one_a_minute(settings)
    for operation in SIGNED_IN:
        with subtests.test(str(operation)), undone(), time_machine.travel(timezone.now(), tick=False):
            assert operation.call(phone.client, REMOTE_ADDR=HERE).status_code != 429
            another = Phone.of(phone.owner).client  # the call may have ended the first session
            refused(operation.call(another, REMOTE_ADDR=THERE), 429, "RATE_LIMITED")


@pytest.mark.parametrize("dead", [logged_out, expired, forged, none_at_all])
def test_a_request_with_a_dead_token_counts_for_its_address(
    dead: Callable[[User], str | None], phone, settings, subtests
):
    one_a_minute(settings)
    token = dead(phone.owner)
    for operation in SIGNED_IN:
        with subtests.test(str(operation)), undone(), time_machine.travel(timezone.now(), tick=False):
            assert operation.call(caller(token), REMOTE_ADDR=HERE).status_code == 401
            refused(operation.call(caller(token), REMOTE_ADDR=HERE), 429, "RATE_LIMITED")
            assert operation.call(caller(token), REMOTE_ADDR=THERE).status_code == 401
            assert operation.call(phone.client, REMOTE_ADDR=HERE).status_code != 429


@pytest.mark.parametrize("operation", [one for one in COUNTED if one.is_open], ids=str)
def test_a_request_to_an_open_route_counts_once_for_its_address(operation: Operation, settings):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "2/min")
    with time_machine.travel(timezone.now(), tick=False):
        statuses = [operation.call(caller("rubbish"), REMOTE_ADDR=HERE).status_code for _ in range(3)]
    assert statuses[1] != 429
    assert statuses[2] == 429


def test_a_method_that_a_poll_refuses_counts_for_the_address(phone, settings):
    one_a_minute(settings)
    path = "/v1/inspections/00000000-0000-0000-0000-000000000007/status"
    statuses = [phone.client.post(path, {}, format="json", REMOTE_ADDR=HERE).status_code for _ in range(2)]
    assert statuses == [405, 429]
    assert phone.client.get(path, REMOTE_ADDR=HERE).status_code == 404


def test_an_outage_of_the_counters_is_a_503(monkeypatch):
    """Neither Redis nor the database can count: no request passes uncounted, and the handler does not fail."""

    def down(*_: object, **__: object) -> None:
        raise OperationalError("connection refused")

    for count in ("count_one", "take_permit"):
        monkeypatch.setattr(throttling, count, down)
    refused(caller().get("/v1/auth/me"), 503, "SERVICE_UNAVAILABLE")
    refused(caller("x").get("/v1/inspections/00000000-0000-0000-0000-000000000007/status"), 503, "SERVICE_UNAVAILABLE")
