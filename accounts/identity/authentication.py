"""Authenticates bearer tokens: with one query, or with none where the view's own statement checks the session."""

import uuid
from dataclasses import dataclass
from typing import ClassVar, cast

from django.db.models import Exists, F, QuerySet, Subquery
from django.db.models.expressions import Combinable
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication

from accounts.identity.tokens import AccessClaims, access_id_of, read_access
from accounts.models import Session, User
from maretech.common.http.errors import TokenInvalid

SCHEME = "Bearer"


@dataclass(frozen=True, slots=True)
class TokenUser:
    """The user that the token names: enough for permissions, limits and ownership, without a query."""

    pk: uuid.UUID
    is_authenticated: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    @property
    def id(self) -> uuid.UUID:
        return self.pk


class BearerAuthentication(JWTAuthentication):
    """Reads the token from the Authorization header. The subclasses decide what it proves."""

    def authenticate_header(self, request: Request) -> str:
        return SCHEME

    def get_header(self, request: Request) -> str:  # type: ignore[override]
        """Return the header as text, which can hold characters that the bytes of the base class cannot."""
        return str(request.META.get("HTTP_AUTHORIZATION", ""))

    def get_raw_token(self, header: str) -> str | None:  # type: ignore[override]
        """Return the token after `Bearer` in any case, or None without one. Raises `TokenInvalid` if malformed."""
        scheme, _, token = header.strip().partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        token = token.strip()
        if not token or " " in token:
            raise TokenInvalid
        return token


class SessionTokenAuthentication(BearerAuthentication):
    """Sets `request.user` to the User and `request.auth` to the live Session, with one query."""

    def get_validated_token(self, raw_token: str) -> Session:  # type: ignore[override]
        """Return the live session of the token. Raises `TokenExpired` or `TokenInvalid`."""
        return session_of(read_access(raw_token))

    def get_user(self, validated_token: Session) -> User:  # type: ignore[override]
        return validated_token.user


class ClaimsAuthentication(BearerAuthentication):
    """Sets `request.user` to a TokenUser and `request.auth` to the AccessClaims, without a query.

    The session may have ended, so the view must check it in its own statement with `live_session` and
    `unused_generation`. The view must pass the value of `unused_generation` to `note_first_use`, and call
    `require_live_session` if its statement finds nothing.
    """

    def get_validated_token(self, raw_token: str) -> AccessClaims:  # type: ignore[override]
        """Return the claims of the token. Raises `TokenExpired` or `TokenInvalid`."""
        return read_access(raw_token)

    def get_user(self, validated_token: AccessClaims) -> TokenUser:  # type: ignore[override]
        return TokenUser(validated_token.user_id)


def session_of(claims: AccessClaims) -> Session:
    """Return the live session that the claims name, with its user, and note its first use. Raises `TokenInvalid`."""
    try:
        session = Session.objects.select_related("user").get(
            pk=claims.session_id, user_id=claims.user_id, ended_at=None, user__is_active=True
        )
    except Session.DoesNotExist:
        raise TokenInvalid from None
    if session.used_refresh_id != session.refresh_id:
        note_first_use(claims, session.refresh_id)
    return session


def live_session(session_id: uuid.UUID, user: uuid.UUID | Combinable) -> Exists:
    """Return a queryset condition: the session is live and belongs to `user` (an id or `OuterRef`), who is active."""
    return Exists(Session.objects.filter(pk=session_id, user_id=user, ended_at=None, user__is_active=True))


def unused_generation(session_id: uuid.UUID) -> Subquery:
    """Return a queryset column: the session's generation until one of its access tokens is seen, then NULL."""
    return Subquery(Session.objects.filter(pk=session_id).exclude(used_refresh_id=F("refresh_id")).values("refresh_id"))


def note_first_use(claims: AccessClaims, generation: uuid.UUID | None) -> None:
    """Record that the phone received the pair of this generation. From now on, the previous token counts as stolen.

    Runs one UPDATE per generation, when the generation's own access token is first seen. An older access token proves
    nothing.
    """
    if generation is None or access_id_of(generation) != claims.access_id:
        return
    current: QuerySet[Session] = Session.objects.filter(pk=claims.session_id, refresh_id=generation)
    current.update(used_refresh_id=generation)


def require_live_session(claims: AccessClaims) -> None:
    """Raises `TokenInvalid` unless the session is live. A view calls it after an empty result to choose 401 or 404."""
    session_of(claims)


def caller(request: Request) -> User:
    """Return the user of a request that `SessionTokenAuthentication` authenticated."""
    return cast("User", request.user)


def caller_session(request: Request) -> Session:
    """Return the session of a request that `SessionTokenAuthentication` authenticated."""
    return cast("Session", request.auth)


def claims_of(request: Request) -> AccessClaims:
    """Return the claims of a request that `ClaimsAuthentication` authenticated."""
    return cast(AccessClaims, request.auth)
