"""Tokens as the release before simplejwt made and read them, and forgeries that no library would sign."""

import base64
import hmac
import json
import time
import uuid
from typing import Any

import jwt

from accounts.models import Session
from maretech.common.http.errors import TokenExpired, TokenInvalid

REQUIRED = ["token_type", "user_id", "sid", "jti", "iat", "exp"]
ANOTHER_KEY = "another-key-that-is-long-enough-for-hs256"


def claims_before(session: Session, token_type: str) -> dict[str, Any]:
    """Return the claims that the previous release put into a token of this session's first generation."""
    token_id = session.refresh_id if token_type == "refresh" else uuid.uuid5(session.refresh_id, "access")
    issued_at = int(session.refreshed_at.timestamp())
    return {
        "token_type": token_type,
        "user_id": str(session.user_id),
        "sid": str(session.pk),
        "jti": str(token_id),
        "iat": issued_at,
        "exp": issued_at + (60 * 86_400 if token_type == "refresh" else 900),
    }


def token_before(session: Session, token_type: str, key: str) -> str:
    return jwt.encode(claims_before(session, token_type), key, algorithm="HS256")


def read_before(token: str, token_type: str, key: str) -> tuple[uuid.UUID, ...]:
    """Read a token as the previous release does. Raises `TokenExpired` or `TokenInvalid`."""
    options = {"require": REQUIRED, "verify_iat": False, "verify_exp": False}
    try:
        claims = jwt.decode(token, key, algorithms=["HS256"], options=options)
    except (jwt.PyJWTError, UnicodeError, RecursionError):
        raise TokenInvalid from None
    if claims["token_type"] != token_type or not isinstance(claims["exp"], int):
        raise TokenInvalid
    if claims["exp"] <= time.time():
        raise TokenExpired if token_type == "access" else TokenInvalid
    try:
        return tuple(uuid.UUID(claims[name]) for name in ("user_id", "sid", "jti"))
    except (ValueError, TypeError, AttributeError):
        raise TokenInvalid from None


def signed_by_hand(header: Any, claims: Any, key: str, digest: str = "sha256") -> str:
    """Sign whatever the header and the claims say; bytes are signed unchanged."""
    parts = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, claims)]
    signed = b".".join(map(_encoded, parts))
    return b".".join([signed, _encoded(hmac.new(key.encode(), signed, digest).digest())]).decode()


def _encoded(part: bytes) -> bytes:
    return base64.urlsafe_b64encode(part).rstrip(b"=")
