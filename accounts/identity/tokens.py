"""Tokens as a pure function of the session row: the same row always gives the same pair, byte for byte."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Self

import jwt
from django.conf import settings
from jwt.types import Options
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenBackendError, TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from accounts.models import Session
from maretech.common.http.errors import TokenExpired, TokenInvalid

ACCESS = "access"
# `iat` is not verified: a server with a clock one second behind must not refuse a token that another has just issued.
# (simplejwt's own check has a leeway for that, which would accept expired tokens too.)
# `SessionToken` compares `exp`, because it distinguishes an expired token from one that we never issued.
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


class RememberingBackend(TokenBackend):
    """Signs tokens, and remembers the claims of tokens with a verified signature: a phone polls with one for minutes.

    It remembers only facts that never become false. The expiry and the session are checked on every call.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._remembered = lru_cache(maxsize=REMEMBERED_TOKENS)(self._verified)

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002 - simplejwt's signature
        """Return a copy of the claims, which the caller may change. Raises `TokenBackendError` for a forged token."""
        return self._remembered(token).copy() if verify else super().decode(token, verify=False)

    def _verified(self, token: Any) -> dict[str, Any]:
        try:
            return jwt.decode(token, self.get_verifying_key(token), algorithms=[self.algorithm], options=DECODING)
        # The header is parsed before the signature is checked, so an attacker chooses its encoding and its depth.
        except (jwt.PyJWTError, UnicodeError, RecursionError):
            raise TokenBackendError("The token is not ours.") from None


class SessionToken(Token):
    """A token of one generation of one session."""

    _token_backend = RememberingBackend(api_settings.ALGORITHM, api_settings.SIGNING_KEY)

    @classmethod
    def of(cls, session: Session, *, token_id: uuid.UUID, issued_at: datetime) -> Self:
        """Return the token, which depends on nothing but the arguments."""
        token = cls()
        token.payload = {
            "token_type": cls.token_type,
            "user_id": str(session.user_id),
            "sid": str(session.pk),
            "jti": str(token_id),
        }
        token.set_iat(at_time=issued_at)
        token.set_exp(from_time=issued_at)
        return token

    @classmethod
    def read(cls, token: str) -> tuple[uuid.UUID, ...]:
        """Return the ids of user, session and token. Raises `ExpiredTokenError`, or another `TokenError`."""
        claims = cls(token)  # type: ignore[arg-type]  # simplejwt calls the text of a token a Token
        try:
            return tuple(uuid.UUID(claims[name]) for name in ("user_id", "sid", "jti"))
        except (ValueError, TypeError, AttributeError):
            raise TokenError("The token names no session.") from None

    def verify(self) -> None:
        """Check the type, then the expiry: an expired refresh token is no expired access token."""
        self.verify_token_type()
        self.check_exp()

    def check_exp(self, claim: str = "exp", current_time: datetime | None = None) -> None:
        """Raise `ExpiredTokenError` from the expiry on, and `TokenError` if it is not a whole number.

        The base class raises the same error for both, and fails at numbers that no date can hold.
        """
        expires_at, now = self.payload[claim], current_time or self.current_time
        if not isinstance(expires_at, int):
            raise TokenError("The token has no expiry.")
        if expires_at <= now.timestamp():
            raise ExpiredTokenError("The token has expired.")


class SessionAccessToken(SessionToken, AccessToken):
    pass


class SessionRefreshToken(SessionToken, RefreshToken):  # type: ignore[misc]  # simplejwt types `for_user` in two ways
    pass


def issue_tokens(session: Session) -> TokenPair:
    """Return the pair of the session's current generation."""
    access_id, issued_at = access_id_of(session.refresh_id), access_issued_at(session)
    return TokenPair(
        access_token=str(SessionAccessToken.of(session, token_id=access_id, issued_at=issued_at)),
        refresh_token=str(SessionRefreshToken.of(session, token_id=session.refresh_id, issued_at=session.refreshed_at)),
        expires_in=settings.ACCESS_TOKEN_SECONDS,
    )


def access_id_of(refresh_id: uuid.UUID) -> uuid.UUID:
    """Return the id of the access token of this generation."""
    return uuid.uuid5(refresh_id, ACCESS)


def access_issued_at(session: Session) -> datetime:
    """Return when the current access token was issued: with its generation, or later if the phone lost the answer."""
    return max(session.refreshed_at, session.access_issued_at or session.refreshed_at)


def read_access(token: str) -> AccessClaims:
    """Return the claims of a genuine, unexpired access token. Raises `TokenExpired` or `TokenInvalid`."""
    try:
        return AccessClaims(*SessionAccessToken.read(token))
    except ExpiredTokenError:
        raise TokenExpired from None
    except TokenError:
        raise TokenInvalid from None


def read_refresh(token: str) -> RefreshClaims:
    """Return the claims of a genuine, unexpired refresh token. Raises `TokenInvalid` for anything else."""
    try:
        return RefreshClaims(*SessionRefreshToken.read(token))
    except TokenError:
        raise TokenInvalid from None
