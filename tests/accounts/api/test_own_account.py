"""Test a signed-in owner's own data: session restore, consents, devices, documents."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.identity.documents import DISCLAIMER
from accounts.identity.sessions import start_session
from accounts.models import Consent, Device, Session, User

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Session], APIClient]
AGREED = {"document": "disclaimer", "version": DISCLAIMER.version}
PHONE = {"platform": "ios", "push_token": "apns-1"}


@pytest.fixture
def stranger(client_of: ClientOf) -> APIClient:
    return client_of(start_session(user=User.objects.create_user("stranger@example.org")))


def agree(client: APIClient, body: Any = AGREED, **headers: str) -> Any:
    return client.post("/v1/auth/me/consents", body, format="json", **headers)


def add_phone(client: APIClient, body: Any = PHONE, **headers: str) -> Any:
    return client.post("/v1/auth/me/devices", body, format="json", **headers)


def test_a_session_is_restored(client: APIClient, session: Session, owner: User) -> None:
    answer = client.get("/v1/auth/me")
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"id", "email", "email_verified", "created_at", "consents", "session"}
    assert (body["id"], body["email"], body["consents"]) == (str(owner.pk), owner.email, [])
    assert body["session"]["id"] == str(session.pk)
    assert body["created_at"].endswith("Z")
    assert body["session"]["created_at"].endswith("Z")


def test_anonymous_callers_can_read_the_disclaimer(anonymous: APIClient) -> None:
    answer = anonymous.get("/v1/documents/disclaimer")
    assert answer.status_code == 200
    assert answer.json() == {"document": "disclaimer", "version": DISCLAIMER.version, "text": DISCLAIMER.text}


def test_the_disclaimer_names_no_mode() -> None:
    text = DISCLAIMER.text.lower()
    assert not [word for word in ("blister", "rust", "osmosis", "corrosion", "steel", "gelcoat") if word in text]
    assert all(phrase in text for phrase in ("visual signals", "not a diagnosis", "not a survey"))


def test_a_consent_is_stored_with_its_time(client: APIClient, owner: User) -> None:
    answer = agree(client)
    assert answer.status_code == 201
    assert answer.json().keys() == {"document", "version", "given_at"}
    assert client.get("/v1/auth/me").json()["consents"] == [answer.json()]


def test_repeating_a_consent_returns_the_first(client: APIClient) -> None:
    first, second = agree(client), agree(client)
    assert second.status_code == 201
    assert first.json() == second.json()
    assert Consent.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"document": "disclaimer", "version": "999"}, "version"),
        ({"document": "treaty", "version": "1"}, "document"),
        ({"document": "disclaimer"}, "version"),
        ({"document": "disclaimer", "version": "1\x00"}, "version"),
        ({"document": [], "version": "1"}, "document"),
    ],
)
def test_a_consent_to_an_unpublished_document_is_refused(client: APIClient, body: Any, field: str) -> None:
    answer = agree(client, body)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "VALIDATION_ERROR")
    assert set(answer.json()["fields"]) == {field}


def test_a_device_is_registered_once(client: APIClient, owner: User) -> None:
    first, second = add_phone(client), add_phone(client, PHONE | {"platform": "android"})
    assert first.status_code == second.status_code == 201
    assert first.json()["id"] == second.json()["id"]
    assert Device.objects.get(user=owner).platform == "android"


def test_registering_a_phone_removes_it_from_its_former_owner(
    client: APIClient, stranger: APIClient, owner: User
) -> None:
    add_phone(client)
    add_phone(stranger)
    assert not Device.objects.filter(user=owner).exists()
    assert Device.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {"platform": "symbian", "push_token": "x"},
        {"platform": "ios"},
        PHONE | {"push_token": "x" * 513},
        PHONE | {"push_token": "\x00"},
    ],
)
def test_an_invalid_device_is_refused(client: APIClient, body: Any) -> None:
    assert add_phone(client, body).status_code == 400
    assert not Device.objects.exists()


def test_only_its_owner_can_delete_a_device(client: APIClient, stranger: APIClient) -> None:
    url = f"/v1/auth/me/devices/{add_phone(client).json()['id']}"
    assert stranger.delete(url).status_code == 404
    assert client.delete(url).status_code == 204
    answer = client.delete(url)
    assert (answer.status_code, answer.json()["error_code"]) == (404, "NOT_FOUND")


def test_an_idempotency_key_replays_a_registration(client: APIClient) -> None:
    key = {"HTTP_IDEMPOTENCY_KEY": "k1"}
    first, again = add_phone(client, **key), add_phone(client, **key)
    assert again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    assert add_phone(client, PHONE | {"push_token": "other"}, **key).status_code == 422
    Device.objects.all().delete()
    assert add_phone(client, **key).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/v1/auth/me"),
        ("post", "/v1/auth/me/consents"),
        ("get", "/v1/auth/me/devices"),
        ("post", "/v1/auth/me/devices"),
        ("delete", f"/v1/auth/me/devices/{uuid.UUID(int=1)}"),
        ("post", "/v1/auth/password/change"),
        ("post", "/v1/auth/email/verify"),
        ("post", "/v1/auth/email/verify/resend"),
        ("post", "/v1/auth/email/change"),
        ("get", "/v1/auth/me/sessions"),
        ("delete", f"/v1/auth/me/sessions/{uuid.UUID(int=1)}"),
        ("post", "/v1/auth/logout"),
    ],
)
def test_anonymous_callers_get_401(anonymous: APIClient, method: str, path: str) -> None:
    answer = getattr(anonymous, method)(path, {}, format="json")
    assert (answer.status_code, answer.json()["error_code"]) == (401, "AUTHENTICATION_REQUIRED")
