"""From a bearer token to a caller: with one query, or with none where the view's own statement asks the database."""

import uuid
from dataclasses import dataclass
from typing import ClassVar, cast

from django.db.models import Exists, F, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.identity.tokens import AccessClaims, access_id_of, read_access
from accounts.models import Session, User
from maretech.common.http.errors import TokenInvalid

SCHEME = "Bearer"


@dataclass(frozen=True, slots=True)
class TokenUser:
    """Who the token says is calling: enough for permissions, limits and ownership, without a query."""

    pk: uuid.UUID
    is_authenticated: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    @property
    def id(self) -> uuid.UUID:
        return self.pk


class SessionTokenAuthentication(BaseAuthentication):
    """Sets `request.user` to the User and `request.auth` to the live Session, with one query."""

    def authenticate(self, request: Request) -> tuple[User, Session] | None:
        token = bearer_token(request)
        if token is None:
            return None
        session = session_of(read_access(token))
        return session.user, session

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


class ClaimsAuthentication(BaseAuthentication):
    """Sets `request.user` to a TokenUser and `request.auth` to the AccessClaims, with no query at all.

    The view must ask for the session in its own statement with `live_session` and `unused_generation`, pass what the
    latter says to `note_first_use`, and call `require_live_session` where that statement finds nothing: until then
    the session may have ended.
    """

    def authenticate(self, request: Request) -> tuple[TokenUser, AccessClaims] | None:
        token = bearer_token(request)
        if token is None:
            return None
        claims = read_access(token)
        return TokenUser(claims.user_id), claims

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


def bearer_token(request: Request | HttpRequest) -> str | None:
    """The token of the Authorization header, or None without one. Raises `TokenInvalid` for a malformed one."""
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
    if scheme.lower() != SCHEME.lower():
        return None
    token = token.strip()
    if not token or " " in token:
        raise TokenInvalid
    return str(token)


def session_of(claims: AccessClaims) -> Session:
    """The live session the claims name, its user loaded; its first use is noted. Raises `TokenInvalid`."""
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
    """A condition for any queryset: this session lives and belongs to `user` (an id or `OuterRef`), who is active."""
    return Exists(Session.objects.filter(pk=session_id, user_id=user, ended_at=None, user__is_active=True))


def unused_generation(session_id: uuid.UUID) -> Subquery:
    """A column for any queryset: the session's generation while no access token of it was seen, else NULL."""
    return Subquery(Session.objects.filter(pk=session_id).exclude(used_refresh_id=F("refresh_id")).values("refresh_id"))


def note_first_use(claims: AccessClaims, generation: uuid.UUID | None) -> None:
    """The phone has the pair of this generation: from now on the token before it is in wrong hands.

    One UPDATE per generation, when its own access token is seen first; an older access token proves nothing.
    """
    if generation is None or access_id_of(generation) != claims.access_id:
        return
    current: QuerySet[Session] = Session.objects.filter(pk=claims.session_id, refresh_id=generation)
    current.update(used_refresh_id=generation)


def require_live_session(claims: AccessClaims) -> None:
    """Raises `TokenInvalid` unless the session lives: tells a 401 from a 404 after a statement that found nothing."""
    session_of(claims)


def caller(request: Request) -> User:
    """The user behind a request that `SessionTokenAuthentication` let in."""
    return cast("User", request.user)


def caller_session(request: Request) -> Session:
    """The session behind a request that `SessionTokenAuthentication` let in."""
    return cast("Session", request.auth)


def claims_of(request: Request) -> AccessClaims:
    """The claims behind a request that `ClaimsAuthentication` let in."""
    return cast(AccessClaims, request.auth)
