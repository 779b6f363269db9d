"""Tokens as a pure function of the session row: the same row always gives the same pair, to the byte."""

import time
import uuid
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jwt
from django.conf import settings
from jwt.types import Options

from accounts.models import Session
from maretech.common.errors import TokenInvalid

ALGORITHM = "HS256"
ACCESS = "access"
REFRESH = "refresh"
SECONDS_PER_DAY = 86_400
# A server whose clock is a second behind must not refuse what another one has just issued: `iat` is not compared.
DECODING: Options = {"require": ["token_type", "user_id", "sid", "jti", "iat", "exp"], "verify_iat": False}
REMEMBERED_TOKENS = 4096


@dataclass(frozen=True, slots=True)
class TokenPair:
    access_token: str
    refresh_token: str
    expires_in: int
    token_type: str = "bearer"  # noqa: S105


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """Whom an access token names. That the session still lives is for the database to say."""

    user_id: uuid.UUID
    session_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class RefreshClaims:
    user_id: uuid.UUID
    session_id: uuid.UUID
    refresh_id: uuid.UUID


def tokens_of(session: Session) -> TokenPair:
    """The pair of the session's current generation."""
    access_id = uuid.uuid5(session.refresh_id, ACCESS)
    return TokenPair(
        access_token=_mint(session, ACCESS, access_id, settings.ACCESS_TOKEN_SECONDS),
        refresh_token=_mint(session, REFRESH, session.refresh_id, settings.REFRESH_TOKEN_DAYS * SECONDS_PER_DAY),
        expires_in=settings.ACCESS_TOKEN_SECONDS,
    )


def read_access(token: str) -> AccessClaims:
    """The claims of a genuine, unexpired access token. Raises `TokenInvalid` for anything else."""
    claims = _read(token, ACCESS)
    try:
        return AccessClaims(uuid.UUID(claims["user_id"]), uuid.UUID(claims["sid"]))
    except (ValueError, TypeError, AttributeError):
        raise TokenInvalid from None


def read_refresh(token: str) -> RefreshClaims:
    """The claims of a genuine, unexpired refresh token. Raises `TokenInvalid` for anything else."""
    claims = _read(token, REFRESH)
    try:
        return RefreshClaims(*(uuid.UUID(claims[name]) for name in ("user_id", "sid", "jti")))
    except (ValueError, TypeError, AttributeError):
        raise TokenInvalid from None


def _mint(session: Session, token_type: str, token_id: uuid.UUID, lifetime_seconds: int) -> str:
    issued_at = int(session.refreshed_at.timestamp())
    claims = {
        "token_type": token_type,
        "user_id": str(session.user_id),
        "sid": str(session.pk),
        "jti": str(token_id),
        "iat": issued_at,
        "exp": issued_at + lifetime_seconds,
    }
    return jwt.encode(claims, settings.JWT_SIGNING_KEY, algorithm=ALGORITHM)


def _read(token: str, token_type: str) -> dict[str, Any]:
    try:
        claims = _genuine(token, settings.JWT_SIGNING_KEY)
    # The header is parsed before the signature is checked: a stranger chooses its encoding and its depth.
    except (jwt.PyJWTError, UnicodeError, RecursionError):
        raise TokenInvalid from None
    if claims["token_type"] != token_type or claims["exp"] <= time.time():
        raise TokenInvalid
    return claims


@lru_cache(maxsize=REMEMBERED_TOKENS)
def _genuine(token: str, key: str) -> dict[str, Any]:
    """The claims of a token whose signature was checked, now or earlier: a phone polls with the same one for minutes.

    Only what can never become false is remembered; the expiry and the session are looked at every time.
    """
    claims: dict[str, Any] = jwt.decode(token, key, algorithms=[ALGORITHM], options=DECODING)
    return claims
