"""Test which credentials are accepted, and the cost of checking them."""

import base64
import dataclasses
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries
from rest_framework.request import Request
from rest_framework.test import APIClient, APIRequestFactory

from accounts.identity.authentication import (
    ClaimsAuthentication,
    SessionTokenAuthentication,
    TokenUser,
    live_session,
    require_live_session,
)
from accounts.identity.sessions import end_session, start_session
from accounts.identity.tokens import AccessClaims, access_id_of, issue_tokens, read_access
from accounts.models import Session, User
from accounts.vocabulary import EndReason
from maretech.common.http.errors import TokenInvalid

pytestmark = pytest.mark.django_db
BOTH: list[Any] = [SessionTokenAuthentication, ClaimsAuthentication]


def request_with(header: str | None) -> Request:
    headers = {} if header is None else {"HTTP_AUTHORIZATION": header}
    return Request(APIRequestFactory().get("/", **headers))


def claims_of(session: Session) -> AccessClaims:
    return AccessClaims(session.user_id, session.pk, access_id_of(session.refresh_id))


def forged(session: Session, key: str | None = None, algorithm: str = "HS256", **changes: Any) -> str:
    claims = jwt.decode(issue_tokens(session).access_token, options={"verify_signature": False}) | changes
    present = {name: value for name, value in claims.items() if value is not ...}
    return jwt.encode(present, settings.JWT_SIGNING_KEY if key is None else key, algorithm=algorithm)


def test_authentication_takes_one_query_and_one_update_at_the_first_use(
    session: Session, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = request_with(f"Bearer {issue_tokens(session).access_token}")
    with django_assert_num_queries(2) as first:
        SessionTokenAuthentication().authenticate(request)
    assert first.captured_queries[1]["sql"].startswith("UPDATE")
    with django_assert_num_queries(1):
        user, auth = SessionTokenAuthentication().authenticate(request) or (None, None)
        assert user == session.user
        assert user.is_active
    assert auth == session


def test_reading_claims_takes_no_query(session: Session, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        result = ClaimsAuthentication().authenticate(request_with(f"Bearer {issue_tokens(session).access_token}"))
    user = TokenUser(session.user_id)
    assert result == (user, claims_of(session))
    assert (user.id, user.is_authenticated, user.is_anonymous) == (session.user_id, True, False)


@pytest.mark.parametrize("authentication", BOTH)
@pytest.mark.parametrize("header", [None, "", "Basic abc", "Token abc", "   "])
def test_a_request_without_a_bearer_token_is_anonymous(authentication: Any, header: str | None) -> None:
    assert authentication().authenticate(request_with(header)) is None
    assert authentication().authenticate_header(request_with(header)) == "Bearer"


@pytest.mark.parametrize("authentication", BOTH)
@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer a b", "bearer x", "Bearer \udcff", "Bearer ü.ü.ü", "Bearer a.b.c"]
)
def test_a_malformed_header_is_an_invalid_token(authentication: Any, header: str) -> None:
    with pytest.raises(TokenInvalid):
        authentication().authenticate(request_with(header))


def test_a_deeply_nested_header_is_an_invalid_token() -> None:
    deep = base64.urlsafe_b64encode(b"[" * 100_000).decode()
    huge = base64.urlsafe_b64encode(b'{"alg":' + b"9" * 10_000 + b"}").decode()
    for header in (deep, huge):
        with pytest.raises(TokenInvalid):
            read_access(f"{header}.e30.x")


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize(
    "changes",
    [
        {"token_type": "refresh"},
        {"token_type": ...},
        {"user_id": ...},
        {"sid": ...},
        {"jti": ...},
        {"iat": ...},
        {"exp": ...},
        {"exp": 1},
        {"exp": "soon"},
        {"user_id": "me"},
        {"user_id": 7},
        {"sid": None},
        {"sid": []},
        {"key": "another-key-that-is-long-enough-for-hs256"},
        {"algorithm": "HS512"},
        {"algorithm": "none", "key": ""},
    ],
)
def test_a_token_with_a_wrong_claim_key_or_algorithm_is_invalid(session: Session, changes: dict[str, Any]) -> None:
    with pytest.raises(TokenInvalid):
        read_access(forged(session, **changes))


def test_the_same_session_row_gives_the_same_tokens(session: Session) -> None:
    assert issue_tokens(session) == issue_tokens(Session.objects.get(pk=session.pk))


def test_an_access_token_expires(session: Session, client: APIClient) -> None:
    with time_machine.travel(timezone.now() + timedelta(seconds=901)):
        answer = client.get("/v1/auth/me")
    body = answer.json()
    assert (answer.status_code, body["error_code"], body["reason"]) == (401, "TOKEN_INVALID", "expired")


def test_a_server_with_a_late_clock_accepts_tokens_of_another(session: Session) -> None:
    with time_machine.travel(timezone.now() - timedelta(seconds=5)):
        assert read_access(issue_tokens(session).access_token).session_id == session.pk


def ended(session: Session) -> None:
    end_session(session=session, reason=EndReason.LOGGED_OUT)


def deactivated(session: Session) -> None:
    User.objects.filter(pk=session.user_id).update(is_active=False)


def deleted(session: Session) -> None:
    User.objects.filter(pk=session.user_id).delete()


@pytest.mark.parametrize("spoil", [ended, deactivated, deleted])
def test_a_dead_session_is_refused_at_once(session: Session, spoil: Callable[[Session], None]) -> None:
    claims = claims_of(session)
    require_live_session(claims)
    request = request_with(f"Bearer {issue_tokens(session).access_token}")
    spoil(session)
    with pytest.raises(TokenInvalid):
        SessionTokenAuthentication().authenticate(request)
    with pytest.raises(TokenInvalid):
        require_live_session(claims)


@pytest.mark.parametrize("spoil", [ended, deactivated])
def test_the_session_condition_hides_rows_from_a_dead_session(
    session: Session, spoil: Callable[[Session], None]
) -> None:
    seen = User.objects.filter(live_session(session.pk, session.user_id), pk=session.user_id)
    assert seen.exists()
    spoil(session)
    assert not seen.all().exists()


def test_a_session_of_another_user_is_refused(session: Session) -> None:
    stranger = User.objects.create_user("stranger@example.org")
    start_session(user=stranger)
    assert not User.objects.filter(live_session(session.pk, stranger.pk)).exists()
    assert not User.objects.filter(live_session(uuid.uuid4(), session.user_id)).exists()
    with pytest.raises(TokenInvalid):
        require_live_session(dataclasses.replace(claims_of(session), user_id=stranger.pk))


def test_a_missing_token_gets_authentication_required(anonymous: APIClient) -> None:
    answer = anonymous.get("/v1/auth/me")
    assert (answer.status_code, answer.json()["error_code"]) == (401, "AUTHENTICATION_REQUIRED")
    assert answer["WWW-Authenticate"] == "Bearer"
    assert AnonymousUser().pk is None


def test_a_bad_token_gets_another_code_than_a_missing_one(anonymous: APIClient) -> None:
    anonymous.credentials(HTTP_AUTHORIZATION="Bearer rubbish")
    answer = anonymous.get("/v1/auth/me")
    assert (answer.status_code, answer.json()["error_code"]) == (401, "TOKEN_INVALID")
