"""Test that tokens equal those of the release before simplejwt, and that every route refuses the same forgeries."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_simplejwt.exceptions import InvalidToken

from accounts.api.serializers import MAX_TOKEN_LENGTH
from accounts.identity import tokens
from accounts.identity.sessions import end_session, start_session
from accounts.identity.tokens import SessionAccessToken, issue_tokens, read_access, read_refresh
from accounts.models import Session, User
from accounts.vocabulary import EndReason
from maretech.common.http.errors import TokenExpired, TokenInvalid
from maretech.common.http.exception_handler import as_refusal, json_refusal
from tests.accounts.identity.hand_made_tokens import (
    ANOTHER_KEY,
    REQUIRED,
    claims_before,
    read_before,
    signed_by_hand,
    token_before,
)
from tests.contract.refusals import refused

KEY = settings.JWT_SIGNING_KEY
HEADER = {"alg": "HS256", "typ": "JWT"}
ME, POLL, REFRESH = "/v1/auth/me", f"/v1/inspections/{uuid.UUID(int=7)}/status", "/v1/auth/refresh"
# Recorded from the release before simplejwt, with this key and this row.
RECORDED_KEY = "fixed-key-of-the-tests-of-tokens-0123456789abcdef"
RECORDED_ROW = {
    "pk": uuid.UUID("5e551017-0000-4000-8000-000000000001"),
    "user_id": uuid.UUID("05e20000-0000-4000-8000-000000000002"),
    "refresh_id": uuid.UUID("9e4e0000-0000-4000-8000-000000000003"),
    "refreshed_at": datetime(2026, 1, 2, 3, 4, 5, 999_999, tzinfo=UTC),
}
RECORDED_ACCESS = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoiYWNjZXNzIiwidXNlcl9pZCI6IjA1ZTIwMDAwLTAwMDAtNDAwMC04MDAw"
    "LTAwMDAwMDAwMDAwMiIsInNpZCI6IjVlNTUxMDE3LTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMSIsImp0aSI6IjFhODlmN2M5LTdmY2ItNTU5ZS"
    "05ODYzLTZhZTcyM2NhYzcwZSIsImlhdCI6MTc2NzMyMzA0NSwiZXhwIjoxNzY3MzIzOTQ1fQ"
    ".0sIwaqqkldY7aNcHniGVU9ujr9qG-2SXv89kkpxfEgo"
)
RECORDED_REFRESH = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoicmVmcmVzaCIsInVzZXJfaWQiOiIwNWUyMDAwMC0wMDAwLTQwMDAtODAw"
    "MC0wMDAwMDAwMDAwMDIiLCJzaWQiOiI1ZTU1MTAxNy0wMDAwLTQwMDAtODAwMC0wMDAwMDAwMDAwMDEiLCJqdGkiOiI5ZTRlMDAwMC0wMDAwLTQwMD"
    "AtODAwMC0wMDAwMDAwMDAwMDMiLCJpYXQiOjE3NjczMjMwNDUsImV4cCI6MTc3MjUwNzA0NX0"
    ".uG5Sp7vnTI1FruvyLt3NZkP3pGUxzXCerHR5cM5pVl8"
)


@pytest.fixture
def recorded_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens.SessionToken, "_token_backend", tokens.RememberingBackend("HS256", RECORDED_KEY))


@pytest.fixture
def remembered(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the statistics of a cache that has seen no token."""
    backend = tokens.RememberingBackend("HS256", KEY)
    monkeypatch.setattr(tokens.SessionToken, "_token_backend", backend)
    return backend._remembered.cache_info


def a_row(**changes: Any) -> Session:
    """Return a row that is not stored: enough for everything but the database's opinion."""
    return Session(user_id=uuid.uuid4(), refreshed_at=timezone.now(), **changes)


def outcome(read: Callable[[str], Any], token: str) -> Any:
    try:
        claims = read(token)
    except TokenInvalid as refusal:
        return type(refusal)
    return claims if isinstance(claims, tuple) else tuple(getattr(claims, name) for name in claims.__slots__)


@pytest.mark.usefixtures("recorded_key")
def test_the_recorded_row_gives_the_recorded_tokens() -> None:
    pair = issue_tokens(Session(**RECORDED_ROW))
    assert (pair.access_token, pair.refresh_token) == (RECORDED_ACCESS, RECORDED_REFRESH)
    assert (pair.expires_in, pair.token_type) == (900, "bearer")


@pytest.mark.usefixtures("recorded_key")
def test_recorded_tokens_can_be_read() -> None:
    named = (RECORDED_ROW["user_id"], RECORDED_ROW["pk"])
    with time_machine.travel(datetime(2026, 1, 2, 3, 19, 4, tzinfo=UTC), tick=False) as clock:
        assert outcome(read_access, RECORDED_ACCESS)[:2] == named
        assert outcome(read_refresh, RECORDED_REFRESH) == (*named, RECORDED_ROW["refresh_id"])
        clock.shift(timedelta(seconds=1))
        assert outcome(read_access, RECORDED_ACCESS) is TokenExpired
        clock.shift(timedelta(days=60))
        assert outcome(read_refresh, RECORDED_REFRESH) is TokenInvalid


def test_the_previous_release_reads_the_same_claims_in_new_tokens() -> None:
    session = a_row()
    pair = issue_tokens(session)
    for token_type, token in (("access", pair.access_token), ("refresh", pair.refresh_token)):
        assert token == token_before(session, token_type, KEY)
        assert read_before(token, token_type, KEY)[:2] == (session.user_id, session.pk)
        claims = jwt.decode(token, options={"verify_signature": False})
        assert list(claims.items()) == list(claims_before(session, token_type).items())
        assert jwt.get_unverified_header(token) == HEADER


CHANGES: list[dict[str, Any]] = [
    {},
    *({name: None} for name in REQUIRED),
    *({name: ...} for name in REQUIRED),
    *({name: value} for name in REQUIRED for value in ("", "x", 7, 1.5, True, [], {}, "\ud800", "Å")),
    *({"exp": value} for value in (0, -1, 10**30, -(10**30), 4e9, "4000000000", float("nan"), float("inf"))),
    *({"iat": value} for value in (0, 4_000_000_000, "soon", 10**30)),
    {"token_type": "access"},
    {"token_type": "refresh"},
    {"token_type": "access", "exp": 1},
    {"token_type": "refresh", "exp": 1},
    {"user_id": "me", "exp": 1},
    {"nbf": 4_000_000_000},
    {"nbf": 1},
    {"aud": "phones"},
    {"iss": "somebody"},
    {"sub": 7},
    {"more": "than we know"},
]


@pytest.mark.parametrize("token_type", ["access", "refresh"])
@pytest.mark.parametrize("changes", CHANGES, ids=repr)
def test_signed_tokens_are_accepted_as_in_the_previous_release(changes: dict[str, Any], token_type: str) -> None:
    """Only a holder of the key can sign these: each gets the same answer, and none an unexpected error."""
    claims = claims_before(a_row(), token_type) | changes
    token = signed_by_hand(HEADER, {name: value for name, value in claims.items() if value is not ...}, KEY)
    for read, read_as in ((read_access, "access"), (read_refresh, "refresh")):
        before = outcome(lambda text, read_as=read_as: read_before(text, read_as, KEY), token)
        assert outcome(read, token) == outcome(read, token) == before


def forgeries(good: str, wrong_type: str) -> Iterator[tuple[str, str]]:
    """Yield tokens that each look like the good one, and must not count."""
    claims = jwt.decode(good, options={"verify_signature": False})
    head, payload, signature = good.split(".")
    yield "wrong type", wrong_type
    yield "no algorithm", jwt.encode(claims, None, algorithm="none")
    for name in ("none", "None", "nOnE", "NONE", "", "HS384", "HS512", "RS256", "ES256", "EdDSA", "hs256", None, 7, []):
        yield f"our signature as {name}", signed_by_hand({"alg": name, "typ": "JWT"}, claims, KEY)
        yield f"no signature as {name}", signed_by_hand({"alg": name}, claims, KEY).rpartition(".")[0] + "."
    yield "HS512", jwt.encode(claims, KEY, algorithm="HS512")
    yield "RS256", jwt.encode(claims, rsa.generate_private_key(65537, 2048), algorithm="RS256")
    yield "no algorithm named", signed_by_hand({"typ": "JWT"}, claims, KEY)
    yield "a longer digest", signed_by_hand(HEADER, claims, KEY, "sha512")
    yield "another key", jwt.encode(claims, ANOTHER_KEY, algorithm="HS256")
    yield "the name of a key", signed_by_hand({**HEADER, "kid": "/dev/null"}, claims, "")
    own = {"kty": "oct", "k": "YW5vdGhlci1rZXktdGhhdC1pcy1sb25nLWVub3VnaC1mb3ItaHMyNTY"}
    yield "a key in the header", signed_by_hand({**HEADER, "jwk": own}, claims, ANOTHER_KEY)
    yield "no signature", f"{head}.{payload}."
    yield "two parts", f"{head}.{payload}"
    yield "four parts", f"{good}.{signature}"
    yield "cut", good[:-4]
    yield "another payload", f"{head}.{payload[:-4]}AAAA.{signature}"
    for name in REQUIRED:
        without = {key: value for key, value in claims.items() if key != name}
        yield f"no {name}", jwt.encode(without, KEY, algorithm="HS256")
    for name in ("sid", "user_id"):
        for value in (str(uuid.uuid4()), "1 or 1=1", None, 7, [], "\ud800"):
            yield f"{name} {value!r}", signed_by_hand(HEADER, claims | {name: value}, KEY)
    for value in ("soon", "4000000000", 4e9, None, []):
        yield f"exp {value!r}", signed_by_hand(HEADER, claims | {"exp": value}, KEY)
    yield "no object", signed_by_hand(HEADER, ["claims"], KEY)
    yield "no JSON", signed_by_hand(HEADER, b"\xff\xfe", KEY)
    yield "a surrogate as algorithm", signed_by_hand({"alg": "\ud800"}, claims, ANOTHER_KEY)
    yield "a surrogate as type", signed_by_hand({**HEADER, "typ": "\ud800"}, claims, ANOTHER_KEY)
    yield "a deep header", signed_by_hand(b"[" * 50_000, claims, KEY)
    yield "a long number", signed_by_hand(b'{"alg":' + b"9" * 50_000 + b"}", claims, KEY)
    yield "huge", signed_by_hand(HEADER, claims | {"more": "x" * 150_000}, ANOTHER_KEY)
    yield "no base64", f"{head}.*.{signature}"
    yield "not ASCII", f"{head}.ü{payload}.{signature}"
    yield "beyond Latin-1", f"{head}.{payload}.{signature}\u2603"
    yield "a lone surrogate", f"\udcff{good}"
    yield "a null byte", f"{good}\0"


@pytest.mark.django_db
def test_every_route_refuses_forgeries_with_the_same_answer(session: Session, anonymous: APIClient) -> None:
    """One route reads the session first, one in its own statement, one takes the token in the body."""
    pair = issue_tokens(session)
    for kind, token in forgeries(pair.access_token, pair.refresh_token):
        for path in (ME, POLL):
            answer = anonymous.get(path, HTTP_AUTHORIZATION=f"Bearer {token}")
            assert answer.status_code == 401, (kind, path)
            assert refused(answer, 401, "TOKEN_INVALID")["reason"] == "revoked", (kind, path)
            assert answer["WWW-Authenticate"] == "Bearer"
            assert set(answer.json()) == {"error_code", "message", "request_id", "reason"}
    good = anonymous.get(ME, HTTP_AUTHORIZATION=f"Bearer {pair.access_token}")
    assert good.status_code == 200
    for kind, token in forgeries(pair.refresh_token, pair.access_token):
        answer = anonymous.post(REFRESH, json.dumps({"refresh_token": token}), content_type="application/json")
        if kind in ("a lone surrogate", "a null byte") or len(token) > MAX_TOKEN_LENGTH:
            refused(answer, 400, "VALIDATION_ERROR")
            continue
        assert answer.status_code == 401, kind
        assert refused(answer, 401, "TOKEN_INVALID")["reason"] == "revoked", kind
        assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.django_db
def test_a_token_with_another_users_session_is_refused(session: Session, anonymous: APIClient) -> None:
    stranger = start_session(user=User.objects.create_user("stranger@example.org"))
    mixed = claims_before(session, "access") | {"sid": str(stranger.pk)}
    token = jwt.encode(mixed, KEY, algorithm="HS256")
    for path in (ME, POLL):
        refused(anonymous.get(path, HTTP_AUTHORIZATION=f"Bearer {token}"), 401, "TOKEN_INVALID")


@pytest.mark.django_db
def test_tokens_of_the_previous_release_keep_working(session: Session, anonymous: APIClient) -> None:
    """Every route accepts tokens of the previous release until the session ends."""
    access, refresh = (token_before(session, kind, KEY) for kind in ("access", "refresh"))
    bearer = {"HTTP_AUTHORIZATION": f"bEaReR  {access} "}
    assert anonymous.get(ME, **bearer).status_code == 200
    assert anonymous.get(POLL, **bearer).status_code == 404
    successor = anonymous.post(REFRESH, {"refresh_token": refresh}, format="json").json()["token"]
    session.refresh_from_db()
    assert read_before(successor["access_token"], "access", KEY)[:2] == (session.user_id, session.pk)
    assert read_before(successor["refresh_token"], "refresh", KEY)[2] == session.refresh_id
    assert anonymous.get(ME, HTTP_AUTHORIZATION=f"Bearer {successor['access_token']}").status_code == 200
    assert anonymous.post(REFRESH, {"refresh_token": refresh}, format="json").status_code == 401
    session.refresh_from_db()
    assert session.end_reason == EndReason.REFRESH_REUSED
    assert anonymous.get(ME, **bearer).status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize("path", [ME, POLL])
def test_a_cached_token_ends_with_its_session(
    session: Session, anonymous: APIClient, remembered: Callable[[], Any], path: str
) -> None:
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {issue_tokens(session).access_token}"}
    assert [anonymous.get(path, **bearer).status_code for _ in range(3)] == [200 if path == ME else 404] * 3
    end_session(session=session, reason=EndReason.LOGGED_OUT)
    assert refused(anonymous.get(path, **bearer), 401, "TOKEN_INVALID")["reason"] == "revoked"
    assert (remembered().misses, remembered().hits) == (1, 3)


def test_a_cached_token_expires(remembered: Callable[[], Any]) -> None:
    with time_machine.travel(datetime(2026, 1, 2, tzinfo=UTC), tick=False) as clock:
        session = a_row()
        pair = issue_tokens(session)
        clock.shift(timedelta(seconds=settings.ACCESS_TOKEN_SECONDS, microseconds=-1))
        assert read_access(pair.access_token).session_id == session.pk
        clock.shift(timedelta(microseconds=1))
        assert outcome(read_access, pair.access_token) is TokenExpired
        assert outcome(read_access, pair.access_token) is TokenExpired
        assert remembered().misses == 1
        clock.shift(
            timedelta(days=settings.REFRESH_TOKEN_DAYS, seconds=-settings.ACCESS_TOKEN_SECONDS, microseconds=-1)
        )
        assert read_refresh(pair.refresh_token).session_id == session.pk
        clock.shift(timedelta(microseconds=1))
        assert outcome(read_refresh, pair.refresh_token) is TokenInvalid


def test_a_cached_token_keeps_its_type(remembered: Callable[[], Any]) -> None:
    """An expired refresh token is no expired access token: a refresh would not help its holder."""
    pair = issue_tokens(a_row())
    read_access(pair.access_token)
    read_refresh(pair.refresh_token)
    assert outcome(read_access, pair.refresh_token) is outcome(read_refresh, pair.access_token) is TokenInvalid
    with time_machine.travel(timezone.now() + timedelta(days=365)):
        assert outcome(read_access, pair.refresh_token) is TokenInvalid
        assert outcome(read_access, pair.access_token) is TokenExpired
    assert remembered().misses == 2


def test_changing_a_token_object_does_not_change_the_cache() -> None:
    session = a_row()
    text = issue_tokens(session).access_token
    for _ in range(2):
        token = SessionAccessToken(text)
        assert token["sid"] == str(session.pk)
        token["sid"] = str(uuid.uuid4())
    assert read_access(text).session_id == session.pk


def test_forgeries_are_not_cached(remembered: Callable[[], Any]) -> None:
    claims = claims_before(a_row(), "access")
    for number in range(3):
        forged = jwt.encode(claims | {"more": number}, ANOTHER_KEY, algorithm="HS256")
        assert outcome(read_access, forged) is outcome(read_access, forged) is TokenInvalid
    assert (remembered().currsize, remembered().misses) == (0, 6)


@pytest.mark.django_db
def test_a_token_made_by_simplejwt_alone_has_no_session(owner: User) -> None:
    assert outcome(read_access, str(SessionAccessToken.for_user(owner))) is TokenInvalid


def test_a_token_can_be_read_without_verification() -> None:
    session = a_row()
    forged = signed_by_hand(HEADER, claims_before(session, "access"), ANOTHER_KEY)
    assert SessionAccessToken(forged, verify=False)["sid"] == str(session.pk)
    assert outcome(read_access, forged) is TokenInvalid


def test_errors_of_simplejwt_have_the_one_error_shape() -> None:
    body = json.loads(json_refusal(as_refusal(InvalidToken({"messages": [{"token_class": "AccessToken"}]}))).content)
    assert (body["error_code"], body["reason"]) == ("TOKEN_INVALID", "revoked")
    assert set(body) == {"error_code", "message", "request_id", "reason"}


def test_simplejwt_uses_the_settings_of_the_project() -> None:
    assert settings.SIMPLE_JWT["SIGNING_KEY"] == settings.JWT_SIGNING_KEY
    assert timedelta(seconds=settings.ACCESS_TOKEN_SECONDS) == SessionAccessToken.lifetime
    assert timedelta(days=settings.REFRESH_TOKEN_DAYS) == tokens.SessionRefreshToken.lifetime
