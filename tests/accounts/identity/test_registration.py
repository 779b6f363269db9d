"""Test registration."""

import json
from typing import Any
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from accounts.identity.registration import register_owner
from accounts.models import Session, User
from tests.accounts.mailed_codes import EMAIL, PASSWORD
from tests.concurrency import MeetingPoint, at_once

pytestmark = pytest.mark.django_db
URL = "/v1/auth/register"


def register(client: APIClient, **body: Any) -> Any:
    # Escaped as phones may send it, so that half a surrogate pair can be sent.
    text = json.dumps({"email": EMAIL, "password": PASSWORD} | body)
    return client.post(URL, text, content_type="application/json")


def test_a_registration_signs_in(anonymous: APIClient) -> None:
    answer = register(anonymous)
    user = User.objects.get()
    assert answer.status_code == 201
    assert answer.json()["user"] == {"id": str(user.pk), "email": EMAIL, "email_verified": False}
    token = answer.json()["token"]
    assert set(token) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (token["token_type"], token["expires_in"]) == ("bearer", 900)
    anonymous.credentials(HTTP_AUTHORIZATION=f"Bearer {token['access_token']}")
    assert anonymous.get("/v1/auth/me").status_code == 200


def test_a_taken_address_is_refused_in_any_case(anonymous: APIClient, owner: User) -> None:
    answer = register(anonymous, email="  SKIPPER@Example.ORG ")
    assert (answer.status_code, answer.json()["error_code"]) == (409, "EMAIL_TAKEN")
    assert User.objects.count() == 1
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    "email",
    [
        "",
        "skipper",
        "a@b",
        "a@b..org",
        "a b@c.org",
        "a\x00@b.org",
        "\ud800@b.org",
        "ü@b.org",
        "a" * 250_000,
        None,
        7,
        [],
    ],
)
def test_an_invalid_address_is_refused(anonymous: APIClient, email: Any) -> None:
    answer = register(anonymous, email=email)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "VALIDATION_ERROR")
    assert set(answer.json()["fields"]) == {"email"}


@pytest.mark.parametrize(
    "password",
    ["", "short", "1234567890", "skipper@example.org", "pass\x00word-long", "\ud800-and-rudder", "p" * 129, None, {}],
)
def test_a_bad_password_is_refused_under_its_field(anonymous: APIClient, password: Any) -> None:
    answer = register(anonymous, password=password)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "VALIDATION_ERROR")
    assert set(answer.json()["fields"]) == {"password"}
    assert not User.objects.exists()


def test_unknown_fields_change_nothing(anonymous: APIClient) -> None:
    register(anonymous, is_staff=True, is_superuser=True, is_active=False, id="x", created_at="2020-01-01")
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.is_active) == (False, False, True)


def test_a_domain_has_one_spelling_in_every_script(anonymous: APIClient) -> None:
    register(anonymous, email="skipper@MÜNCHEN.example")
    assert User.objects.get().email == "skipper@xn--mnchen-3ya.example"
    assert register(anonymous, email="skipper@münchen.example").status_code == 409


def test_the_database_refuses_a_second_spelling(owner: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="Skipper@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email=EMAIL)


def test_the_password_is_stored_only_as_a_hash(anonymous: APIClient) -> None:
    register(anonymous)
    assert PASSWORD not in User.objects.get().password
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_one_of_eight_parallel_registrations_succeeds() -> None:
    # No thread writes before all have hashed: each believes that the address is free.
    meeting = MeetingPoint(8)
    with patch("accounts.identity.registration.require_strong_password", lambda *_, **__: meeting.wait()):
        outcomes = at_once(8, lambda: register_owner(email=EMAIL, password=PASSWORD))
    assert outcomes.count("EMAIL_TAKEN") == 7
    assert User.objects.count() == Session.objects.count() == 1
