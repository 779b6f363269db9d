"""Tokens as a pure function of the session row: the same row always gives the same pair, byte for byte."""

import time
import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import jwt
from django.conf import settings
from jwt.types import Options

from accounts.models import Session
from maretech.common.http.errors import TokenExpired, TokenInvalid

ALGORITHM = "HS256"
ACCESS = "access"
REFRESH = "refresh"
SECONDS_PER_DAY = 86_400
# `iat` is not verified: a server with a clock one second behind must not refuse a token that another has just issued.
# `_read` compares `exp`, because it distinguishes an expired token from one that we never issued.
DECODING: Options = {
    "require": ["token_type", "user_id", "sid", "jti", "iat", "exp"],
    "verify_iat": False,
    "verify_exp": False,
}
REMEMBERED_TOKENS = 4096


@dataclass(frozen=True, slots=True)
class TokenPair:
    access_token: str
    refresh_token: str
    expires_in: int
    token_type: str = "bearer"  # noqa: S105


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """The user and session that an access token names. Only the database knows whether the session is live."""

    user_id: uuid.UUID
    session_id: uuid.UUID
    access_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class RefreshClaims:
    user_id: uuid.UUID
    session_id: uuid.UUID
    refresh_id: uuid.UUID


def issue_tokens(session: Session) -> TokenPair:
    """Return the pair of the session's current generation."""
    access_seconds, refresh_seconds = settings.ACCESS_TOKEN_SECONDS, settings.REFRESH_TOKEN_DAYS * SECONDS_PER_DAY
    access_id = access_id_of(session.refresh_id)
    return TokenPair(
        access_token=_mint(session, ACCESS, access_id, access_issued_at(session), access_seconds),
        refresh_token=_mint(session, REFRESH, session.refresh_id, session.refreshed_at, refresh_seconds),
        expires_in=access_seconds,
    )


def access_id_of(refresh_id: uuid.UUID) -> uuid.UUID:
    """Return the id of the access token of this generation."""
    return uuid.uuid5(refresh_id, ACCESS)


def access_issued_at(session: Session) -> datetime:
    """Return when the current access token was issued: with its generation, or later if the phone lost the answer."""
    return max(session.refreshed_at, session.access_issued_at or session.refreshed_at)


def read_access(token: str) -> AccessClaims:
    """Return the claims of a genuine, unexpired access token. Raises `TokenExpired` or `TokenInvalid`."""
    claims = _read(token, ACCESS, expired=TokenExpired)
    try:
        return AccessClaims(*(uuid.UUID(claims[name]) for name in ("user_id", "sid", "jti")))
    except (ValueError, TypeError, AttributeError):
        raise TokenInvalid from None


def read_refresh(token: str) -> RefreshClaims:
    """Return the claims of a genuine, unexpired refresh token. Raises `TokenInvalid` for anything else."""
    claims = _read(token, REFRESH, expired=TokenInvalid)
    try:
        return RefreshClaims(*(uuid.UUID(claims[name]) for name in ("user_id", "sid", "jti")))
    except (ValueError, TypeError, AttributeError):
        raise TokenInvalid from None


def _mint(session: Session, token_type: str, token_id: uuid.UUID, at: datetime, lifetime_seconds: int) -> str:
    issued_at = int(at.timestamp())
    claims = {
        "token_type": token_type,
        "user_id": str(session.user_id),
        "sid": str(session.pk),
        "jti": str(token_id),
        "iat": issued_at,
        "exp": issued_at + lifetime_seconds,
    }
    return jwt.encode(claims, settings.JWT_SIGNING_KEY, algorithm=ALGORITHM)


def _read(token: str, token_type: str, *, expired: type[TokenInvalid]) -> dict[str, Any]:
    try:
        claims = _genuine(token, settings.JWT_SIGNING_KEY)
    # The header is parsed before the signature is checked, so an attacker chooses its encoding and its depth.
    except (jwt.PyJWTError, UnicodeError, RecursionError):
        raise TokenInvalid from None
    if claims["token_type"] != token_type or not isinstance(claims["exp"], int):
        raise TokenInvalid
    if claims["exp"] <= time.time():
        raise expired
    return claims


@lru_cache(maxsize=REMEMBERED_TOKENS)
def _genuine(token: str, key: str) -> dict[str, Any]:
    """Return the claims of a token with a verified signature. Cached, because a phone polls with one token for minutes.

    The cache holds only facts that never become false. The expiry and the session are checked on every call.
    """
    claims: dict[str, Any] = jwt.decode(token, key, algorithms=[ALGORITHM], options=DECODING)
    return claims
