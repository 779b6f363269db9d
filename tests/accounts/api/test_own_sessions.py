"""Test the list of an owner's sessions and ending each. Devices go with the session that registered them."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.errors import PasswordTooWeak
from accounts.identity.passwords import change_password, confirm_reset
from accounts.identity.sessions import end_sessions, refresh_session, start_session
from accounts.identity.tokens import issue_tokens
from accounts.models import Device, Session, User
from accounts.privacy.erasure_requests import request_erasure
from accounts.privacy.retention import _dead_sessions
from accounts.vocabulary import EndReason
from testing.factories import UserFactory
from tests.accounts.mailed_codes import EMAIL, NEW_PASSWORD, PASSWORD, mailed_code
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Session], APIClient]
URL = "/v1/auth/me/sessions"


@pytest.fixture
def stranger(client_of: ClientOf) -> APIClient:
    return client_of(start_session(user=User.objects.create_user("stranger@example.org")))


def add_phone(client: APIClient, push_token: str = "apns-1") -> str:
    body = {"platform": "ios", "push_token": push_token}
    answer = client.post("/v1/auth/me/devices", body, format="json")
    assert answer.status_code == 201
    return str(answer.json()["id"])


def test_the_list_shows_user_agent_and_times_of_each_session(anonymous: APIClient, owner: User) -> None:
    pair = {"email": EMAIL, "password": PASSWORD}
    for agent in ("Maretech/1.4 (iPhone)", "Maretech/1.3 (Android)"):
        token = anonymous.post("/v1/auth/login", pair, format="json", HTTP_USER_AGENT=agent).json()["token"]
    anonymous.credentials(HTTP_AUTHORIZATION=f"Bearer {token['access_token']}")
    body = anonymous.get(URL).json()
    assert set(body) == {"sessions"}
    assert [(row["user_agent"], row["current"]) for row in body["sessions"]] == [
        ("Maretech/1.3 (Android)", True),
        ("Maretech/1.4 (iPhone)", False),
    ]
    assert set(body["sessions"][0]) == {"id", "created_at", "last_used_at", "user_agent", "current"}
    assert all(row[name].endswith("Z") for row in body["sessions"] for name in ("created_at", "last_used_at"))


def test_the_list_includes_the_session_of_a_registration(anonymous: APIClient) -> None:
    body = {"email": EMAIL, "password": PASSWORD}
    anonymous.post("/v1/auth/register", body, format="json", HTTP_USER_AGENT="Maretech/1.4")
    assert Session.objects.get().user_agent == "Maretech/1.4"


@pytest.mark.parametrize("agent", ["", "x" * 5000, "a\x00b\x1b[31m", "Käpt'n/1.0"])
def test_any_user_agent_is_accepted(anonymous: APIClient, owner: User, agent: str) -> None:
    pair = {"email": EMAIL, "password": PASSWORD}
    assert anonymous.post("/v1/auth/login", pair, format="json", HTTP_USER_AGENT=agent).status_code == 200
    assert Session.objects.get().user_agent.isprintable()


def test_the_list_has_only_own_live_sessions(client: APIClient, owner: User, session: Session, stranger: Any) -> None:
    ended = start_session(user=owner)
    end_sessions(user=owner, reason=EndReason.LOGGED_OUT, keep=session)
    with time_machine.travel(timezone.now() - timedelta(days=61)):
        start_session(user=owner)
    assert [row["id"] for row in client.get(URL).json()["sessions"]] == [str(session.pk)]
    assert ended.pk != session.pk


def test_last_use_is_exact_to_fifteen_minutes(session: Session, client_of: ClientOf, settings: Any) -> None:
    """An access token works no longer than that after the refresh shown here."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        clock.shift(timedelta(hours=5))
        session = refresh_session(refresh_token=issue_tokens(session).refresh_token)
        client = client_of(session)
        clock.shift(timedelta(seconds=settings.ACCESS_TOKEN_SECONDS - 1))
        (row,) = client.get(URL).json()["sessions"]
        assert timezone.now() - timezone.datetime.fromisoformat(row["last_used_at"]) < timedelta(minutes=15)
        clock.shift(timedelta(seconds=1))
        assert client.get(URL).status_code == 401


def test_using_a_session_writes_nothing(client: APIClient) -> None:
    client.get("/v1/auth/me")
    with CaptureQueriesContext(connection) as queries:
        client.get("/v1/auth/me")
    assert not [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]


def test_another_phone_can_end_a_session(client: APIClient, owner: User, client_of: ClientOf) -> None:
    lost = start_session(user=owner)
    assert client.delete(f"{URL}/{lost.pk}").status_code == 204
    assert client_of(lost).get("/v1/auth/me").status_code == 401
    assert client.get("/v1/auth/me").status_code == 200
    again = client.delete(f"{URL}/{lost.pk}")
    assert (again.status_code, again.json()["error_code"]) == (404, "NOT_FOUND")


def test_a_phone_can_end_its_own_session(client: APIClient, session: Session) -> None:
    assert client.delete(f"{URL}/{session.pk}").status_code == 204
    assert client.get("/v1/auth/me").status_code == 401


@pytest.mark.parametrize("which", ["somebody else's", "unknown"])
def test_a_stranger_ends_nothing(stranger: APIClient, session: Session, which: str) -> None:
    session_id = session.pk if which == "somebody else's" else uuid.uuid4()
    answer = stranger.delete(f"{URL}/{session_id}")
    assert (answer.status_code, answer.json()["error_code"]) == (404, "NOT_FOUND")
    session.refresh_from_db()
    assert session.ended_at is None


def test_devices_are_listed_to_their_owner(client: APIClient, stranger: APIClient) -> None:
    device = add_phone(client)
    body = client.get("/v1/auth/me/devices").json()
    assert set(body) == {"results", "next", "previous"}
    assert [row["id"] for row in body["results"]] == [device]
    assert set(body["results"][0]) == {"id", "platform", "created_at"}
    assert stranger.get("/v1/auth/me/devices").json()["results"] == []
    assert client.get("/v1/auth/me/devices?page_size=0").status_code == 400


ENDINGS: dict[str, Callable[[Session, APIClient], Any]] = {
    "signed out": lambda lost, _: APIClient().post(
        "/v1/auth/logout", HTTP_AUTHORIZATION=f"Bearer {issue_tokens(lost).access_token}"
    ),
    "ended from elsewhere": lambda lost, other: other.delete(f"{URL}/{lost.pk}"),
    "password changed": lambda _, other: other.post(
        "/v1/auth/password/change", {"old_password": PASSWORD, "new_password": NEW_PASSWORD}, format="json"
    ),
    "token reused": lambda lost, _: _reused(lost),
}


def _reused(session: Session) -> None:
    old = issue_tokens(session).refresh_token
    for _ in range(2):
        session = refresh_session(refresh_token=issue_tokens(session).refresh_token)
    APIClient().post("/v1/auth/refresh", {"refresh_token": old}, format="json")


@pytest.mark.parametrize("ending", ENDINGS)
def test_ending_a_session_deletes_its_devices(client: APIClient, owner: User, client_of: ClientOf, ending: str) -> None:
    lost = start_session(user=owner)
    add_phone(client_of(lost), "of the lost phone")
    add_phone(client, "of this phone")
    ENDINGS[ending](lost, client)
    assert client_of(lost).get("/v1/auth/me").status_code == 401
    assert list(Device.objects.values_list("push_token", flat=True)) == ["of this phone"]


def test_a_password_reset_deletes_every_device(client: APIClient, owner: User, mailoutbox: list[Any]) -> None:
    add_phone(client)
    Device.objects.create(user=owner, platform="ios", push_token="from before devices knew their session")
    confirm_reset(email=EMAIL, code=mailed_code(mailoutbox), password=NEW_PASSWORD)
    assert not Device.objects.exists()


def test_a_password_change_keeps_only_the_device_of_the_live_session(session: Session, client: APIClient) -> None:
    device = add_phone(client)
    Device.objects.create(user=session.user, platform="ios", push_token="from before devices knew their session")
    with pytest.raises(PasswordTooWeak):
        change_password(session=session, old_password=PASSWORD, new_password="short")
    assert Device.objects.count() == 2
    change_password(session=session, old_password=PASSWORD, new_password=NEW_PASSWORD)
    assert [str(row.pk) for row in Device.objects.all()] == [device]


def test_erasure_and_staff_delete_devices_at_once(session: Session, client: APIClient, owner: User) -> None:
    add_phone(client)
    staff = UserFactory.create(is_staff=True)
    call_command("end_sessions", owner.email, "--staff", staff.email, "--reason", "lost")
    assert not Device.objects.exists()
    session = start_session(user=owner)
    Device.objects.create(user=owner, session=session, platform="ios", push_token="x")
    request_erasure(session=session, password=PASSWORD)
    assert not Device.objects.exists()


def test_an_unused_session_loses_its_device(owner: User) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=200)):
        session = start_session(user=owner)
    Device.objects.create(user=owner, session=session, platform="ios", push_token="x")
    _dead_sessions().delete()
    assert not Device.objects.exists()


def test_a_device_moves_to_the_new_session_at_sign_in(
    session: Session, owner: User, client: APIClient, client_of: ClientOf
) -> None:
    first = add_phone(client)
    later = client_of(start_session(user=owner))
    assert add_phone(later) == first
    client.post("/v1/auth/logout")
    assert Device.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_ending_the_same_sessions_in_parallel_does_not_deadlock(owner: User) -> None:
    for _ in range(20):
        start_session(user=owner)
    ended = at_once(4, lambda: end_sessions(user=owner, reason=EndReason.LOGGED_OUT))
    assert sum(int(count) for count in ended) == 20
