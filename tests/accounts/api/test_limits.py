"""Test that routes that check credentials have the tighter limit."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.urls import urlpatterns

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_a_minute(settings: Any) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"credentials": "2/min"}


def test_every_route_that_checks_credentials_has_the_tighter_limit() -> None:
    limits = {
        str(url.pattern): url.callback.initkwargs.get("throttle_scope", url.callback.cls.throttle_scope)
        for url in urlpatterns
    }
    assert {route.removeprefix("auth/") for route, limit in limits.items() if limit == "credentials"} == {
        "email/change",
        "email/verify",
        "email/verify/resend",
        "login",
        "me/erasure",
        "password/change",
        "password/reset",
        "password/reset/confirm",
        "register",
        "step-up",
        "step-up/verify",
    }
    assert {route for route, limit in limits.items() if limit == "poll"} == {"auth/me/export"}


@pytest.mark.parametrize("route", ["register", "login", "password/reset", "password/reset/confirm"])
def test_credential_routes_are_limited_per_address(anonymous: APIClient, two_a_minute: None, route: str) -> None:
    answers = [anonymous.post(f"/v1/auth/{route}", {}, format="json", REMOTE_ADDR="198.51.100.9") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [400, 400, 429]
    assert answers[2].json()["error_code"] == "RATE_LIMITED"
    assert 1 <= int(answers[2]["Retry-After"]) <= 61
    elsewhere = anonymous.post(f"/v1/auth/{route}", {}, format="json", REMOTE_ADDR="198.51.100.10")
    assert elsewhere.status_code == 400


def test_changing_the_password_is_limited_per_user(client: APIClient, two_a_minute: None) -> None:
    statuses = [client.post("/v1/auth/password/change", {}, format="json").status_code for _ in range(3)]
    assert statuses == [400, 400, 429]


def test_refreshing_has_the_default_limit(anonymous: APIClient, two_a_minute: None) -> None:
    answers = [anonymous.post("/v1/auth/refresh", {"refresh_token": "x"}, format="json") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 401]
