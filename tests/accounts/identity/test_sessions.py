"""Test the generations of a session, and its end."""

import contextlib
import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.identity import sessions
from accounts.identity.sessions import end_sessions, refresh_session, start_session
from accounts.identity.tokens import RefreshClaims, issue_tokens
from accounts.models import Session, User
from accounts.vocabulary import EndReason
from tests.concurrency import MeetingPoint, at_once

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Session], APIClient]


def refresh(client: APIClient, token: str) -> Any:
    return client.post("/v1/auth/refresh", json.dumps({"refresh_token": token}), content_type="application/json")


def with_token(access_token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access_token}")
    return client


def test_a_refresh_returns_the_next_pair(anonymous: APIClient, session: Session) -> None:
    old = issue_tokens(session)
    answer = refresh(anonymous, old.refresh_token)
    assert answer.status_code == 200
    token = answer.json()["token"]
    assert token["refresh_token"] != old.refresh_token
    assert token["access_token"] != old.access_token
    assert refresh(anonymous, token["refresh_token"]).status_code == 200


def test_a_retry_gets_the_identical_successor(anonymous: APIClient, session: Session) -> None:
    token = issue_tokens(session).refresh_token
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = refresh(anonymous, token)
        clock.shift(timedelta(seconds=61))
        second = refresh(anonymous, token)
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()


@pytest.mark.parametrize("later", [timedelta(minutes=14), timedelta(hours=3), timedelta(days=59)])
def test_a_late_retry_gets_the_successor_until_its_first_use(
    anonymous: APIClient, session: Session, later: timedelta
) -> None:
    """A phone that lost the answer retries once it is online again, and can use the tokens it gets."""
    token = issue_tokens(session).refresh_token
    with time_machine.travel(timezone.now(), tick=False) as clock:
        lost = refresh(anonymous, token).json()["token"]
        clock.shift(later)
        found = refresh(anonymous, token).json()["token"]
        assert found["refresh_token"] == lost["refresh_token"]
        assert with_token(found["access_token"]).get("/v1/auth/me").status_code == 200
        assert refresh(anonymous, found["refresh_token"]).status_code == 200


def used_for_access(pair: dict[str, str]) -> None:
    assert with_token(pair["access_token"]).get("/v1/auth/me").status_code == 200


def used_by_a_poll(pair: dict[str, str]) -> None:
    """Use the poll path, which checks the session in its one statement."""
    path = "/v1/inspections/00000000-0000-0000-0000-000000000007/status"
    assert with_token(pair["access_token"]).get(path).status_code == 404


def used_to_refresh(pair: dict[str, str]) -> None:
    assert refresh(APIClient(), pair["refresh_token"]).status_code == 200


USES = [used_for_access, used_by_a_poll, used_to_refresh]


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("later", [timedelta(0), timedelta(seconds=5), timedelta(days=3)])
def test_reuse_after_the_successor_was_used_ends_the_session(
    anonymous: APIClient, session: Session, use: Callable[[dict[str, str]], None], later: timedelta
) -> None:
    token = issue_tokens(session).refresh_token
    with time_machine.travel(timezone.now(), tick=False) as clock:
        successor = refresh(anonymous, token).json()["token"]
        use(successor)
        clock.shift(later)
        thief = refresh(anonymous, token)
        body = thief.json()
        assert (thief.status_code, body["error_code"], body["reason"]) == (401, "TOKEN_INVALID", "revoked")
        assert refresh(anonymous, successor["refresh_token"]).status_code == 401
        assert with_token(successor["access_token"]).get("/v1/auth/me").status_code == 401
    session.refresh_from_db()
    assert session.end_reason == EndReason.REFRESH_REUSED


def test_the_old_access_token_does_not_count_as_use_of_the_successor(anonymous: APIClient, session: Session) -> None:
    """Requests in flight during the refresh must not make the phone's retry look like theft."""
    old = issue_tokens(session)
    first = refresh(anonymous, old.refresh_token)
    used_for_access({"access_token": old.access_token})
    used_by_a_poll({"access_token": old.access_token})
    assert refresh(anonymous, old.refresh_token).json() == first.json()


@pytest.mark.parametrize("use", [used_for_access, used_by_a_poll])
def test_only_the_first_use_updates_the_session(session: Session, use: Callable[[dict[str, str]], None]) -> None:
    pair = {"access_token": issue_tokens(session).access_token}
    written = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as captured:
            use(pair)
        written.append(
            [sql for query in captured if (sql := query["sql"]).startswith("UPDATE") and "accounts_session" in sql]
        )
    assert [len(each) for each in written] == [1, 0, 0]


def test_a_refresh_by_the_previous_release_leaves_no_stale_first_use(anonymous: APIClient, session: Session) -> None:
    """During a deployment the previous release moves a session on without writing the new columns."""
    used_for_access({"access_token": issue_tokens(session).access_token})
    Session.objects.update(previous_refresh_id=session.refresh_id, refresh_id=uuid.uuid4(), refreshed_at=timezone.now())
    assert refresh(anonymous, issue_tokens(session).refresh_token).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_end_of_the_session_is_committed_although_the_call_fails(anonymous: APIClient, session: Session) -> None:
    oldest = issue_tokens(session).refresh_token
    refresh(anonymous, refresh(anonymous, oldest).json()["token"]["refresh_token"])
    assert refresh(anonymous, oldest).status_code == 401
    ended_elsewhere = at_once(1, lambda: Session.objects.get(pk=session.pk).end_reason)
    assert ended_elsewhere == [EndReason.REFRESH_REUSED]


def test_a_reuse_leaves_the_other_sessions_alone(anonymous: APIClient, session: Session, client_of: ClientOf) -> None:
    other = start_session(user=session.user)
    token = issue_tokens(session).refresh_token
    refresh(anonymous, refresh(anonymous, token).json()["token"]["refresh_token"])
    assert refresh(anonymous, token).status_code == 401
    assert client_of(other).get("/v1/auth/me").status_code == 200


def test_an_expired_refresh_token_is_refused(anonymous: APIClient, session: Session) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=60, seconds=1)):
        answer = refresh(anonymous, issue_tokens(session).refresh_token)
    assert (answer.status_code, answer.json()["error_code"]) == (401, "TOKEN_INVALID")
    session.refresh_from_db()
    assert session.ended_at is None


def test_an_access_token_refreshes_nothing(anonymous: APIClient, session: Session) -> None:
    assert refresh(anonymous, issue_tokens(session).access_token).status_code == 401


def test_the_session_of_a_deactivated_user_does_not_refresh(anonymous: APIClient, session: Session) -> None:
    User.objects.update(is_active=False)
    assert refresh(anonymous, issue_tokens(session).refresh_token).status_code == 401


@pytest.mark.parametrize("token", ["", "x" * 3000, "a\x00b", "\ud800", None, []])
def test_a_malformed_refresh_token_is_a_bad_request(anonymous: APIClient, token: Any) -> None:
    assert refresh(anonymous, token).status_code == 400


@pytest.mark.parametrize("token", ["x", "a.b.c", "ü", "..", "eyJhbGciOiJub25lIn0.e30."])
def test_a_forged_refresh_token_is_refused(anonymous: APIClient, token: str) -> None:
    answer = refresh(anonymous, token)
    assert (answer.status_code, answer.json()["error_code"]) == (401, "TOKEN_INVALID")


def test_logging_out_stops_both_tokens_of_this_session_only(
    anonymous: APIClient, session: Session, client: APIClient, client_of: ClientOf
) -> None:
    other = start_session(user=session.user)
    assert client.post("/v1/auth/logout").status_code == 204
    assert client.get("/v1/auth/me").status_code == 401
    assert client.post("/v1/auth/logout").status_code == 401
    assert refresh(anonymous, issue_tokens(session).refresh_token).status_code == 401
    assert client_of(other).get("/v1/auth/me").status_code == 200
    session.refresh_from_db()
    assert session.end_reason == EndReason.LOGGED_OUT


def test_logging_out_needs_a_session(anonymous: APIClient, db: None) -> None:
    answer = anonymous.post("/v1/auth/logout")
    assert (answer.status_code, answer.json()["error_code"]) == (401, "AUTHENTICATION_REQUIRED")


def test_ending_the_other_sessions_keeps_the_current_one(session: Session) -> None:
    others = [start_session(user=session.user) for _ in range(2)]
    assert end_sessions(user=session.user, reason=EndReason.PASSWORD_CHANGED, keep=session) == len(others)
    assert list(Session.objects.filter(ended_at=None)) == [session]


def test_the_database_refuses_an_end_without_a_reason(session: Session) -> None:
    for nonsense in ({"ended_at": timezone.now()}, {"end_reason": "logged_out"}, {"end_reason": "whim"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Session.objects.update(**nonsense)


def race(session: Session, locked: Callable[[RefreshClaims], Session | None], count: int) -> set[Any]:
    """Return the successors issued to this many simultaneous refreshes, each held after it has read the session."""
    token = issue_tokens(session).refresh_token
    meeting = MeetingPoint(count)
    with patch.object(sessions, "_locked_session", meeting.after(locked)):
        outcomes = at_once(count, lambda: issue_tokens(refresh_session(refresh_token=token)))
    return set(outcomes)


@pytest.mark.django_db(transaction=True)
def test_parallel_refreshes_get_the_same_successor(session: Session) -> None:
    successors = race(session, sessions._locked_session, 10)
    session.refresh_from_db()
    assert successors == {issue_tokens(session)}


@pytest.mark.django_db(transaction=True)
def test_parallel_refreshes_get_several_successors_without_the_lock(session: Session) -> None:
    """The control: the race above is real."""

    def unlocked(claims: RefreshClaims) -> Session | None:
        return Session.objects.filter(pk=claims.session_id).first()

    with patch.object(sessions, "transaction", SimpleNamespace(atomic=contextlib.nullcontext)):
        assert len(race(session, unlocked, 4)) > 1
