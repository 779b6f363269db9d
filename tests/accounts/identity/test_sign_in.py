"""Test signing in, and refusals that reveal nothing."""

from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from rest_framework.test import APIClient

from accounts.errors import InvalidCredentials
from accounts.identity.sessions import sign_in
from accounts.models import Session, User
from tests.accounts.mailed_codes import EMAIL, NEW_PASSWORD, PASSWORD

pytestmark = pytest.mark.django_db


def login(client: APIClient, email: str = EMAIL, password: str = PASSWORD) -> Any:
    return client.post("/v1/auth/login", {"email": email, "password": password}, format="json")


def test_the_right_address_and_password_sign_in(anonymous: APIClient, owner: User) -> None:
    answer = login(anonymous)
    assert answer.status_code == 200
    assert answer.json()["user"] == {"id": str(owner.pk), "email": EMAIL, "email_verified": False}


def test_the_address_is_case_insensitive(anonymous: APIClient, owner: User) -> None:
    assert login(anonymous, email=" Skipper@EXAMPLE.org").status_code == 200


def test_every_sign_in_starts_a_session(anonymous: APIClient, owner: User) -> None:
    first, second = login(anonymous).json()["token"], login(anonymous).json()["token"]
    assert first["access_token"] != second["access_token"]
    assert Session.objects.filter(user=owner, ended_at=None).count() == 2


def test_unknown_inactive_and_wrong_credentials_get_the_same_refusal(anonymous: APIClient, owner: User) -> None:
    User.objects.create_user("gone@example.org", PASSWORD, is_active=False)
    answers = [
        login(anonymous, password="wrong-password"),
        login(anonymous, email="nobody@example.org"),
        login(anonymous, email="gone@example.org"),
    ]
    bodies = [answer.json() | {"request_id": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert bodies[0] == bodies[1] == bodies[2]
    assert bodies[0]["error_code"] == "INVALID_CREDENTIALS"


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org", "gone@example.org"])
def test_unknown_inactive_and_wrong_credentials_cost_one_hash_each(email: str, owner: User) -> None:
    User.objects.create_user("gone@example.org", PASSWORD, is_active=False)
    counted = patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode)
    with counted as encode, pytest.raises(InvalidCredentials):
        sign_in(email=email, password="wrong-password")
    assert encode.call_count == 1


def test_an_expired_token_in_the_header_does_not_block_a_sign_in(anonymous: APIClient, owner: User) -> None:
    anonymous.credentials(HTTP_AUTHORIZATION="Bearer rubbish")
    assert login(anonymous).status_code == 200


def test_a_password_reset_during_its_check_does_not_sign_in(owner: User) -> None:
    """A reset ends all sessions: a session started a moment later with the old password would survive it."""
    check = User.check_password

    def check_then_reset(self: User, password: str) -> bool:
        right = check(self, password)
        other = User.objects.get(pk=self.pk)
        other.set_password(NEW_PASSWORD)
        other.save()
        return right

    with patch.object(User, "check_password", check_then_reset), pytest.raises(InvalidCredentials):
        sign_in(email=EMAIL, password=PASSWORD)
    assert not Session.objects.exists()


@pytest.mark.parametrize("body", ["[]", "7", "{", '"x"', "", "{}", '{"email":{},"password":[]}'])
def test_a_malformed_body_is_a_bad_request(anonymous: APIClient, body: str) -> None:
    answer = anonymous.post("/v1/auth/login", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error_code"] in {"MALFORMED_JSON", "VALIDATION_ERROR"}


def test_a_body_that_is_not_json_is_refused(anonymous: APIClient) -> None:
    answer = anonymous.post("/v1/auth/login", "email=a", content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.json()["error_code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_a_huge_body_is_refused(anonymous: APIClient) -> None:
    answer = anonymous.post("/v1/auth/login", {"email": "a" * 300_000}, format="json")
    assert (answer.status_code, answer.json()["error_code"]) == (413, "PAYLOAD_TOO_LARGE")
