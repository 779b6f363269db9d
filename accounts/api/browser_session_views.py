"""Sessions of the web app: the page keeps the access token in memory, and the browser the refresh token in a cookie.

No script can read the cookie. The routes are not part of the public API, which takes bearer tokens only.
"""

from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.auth_views import user_agent_of
from accounts.api.serializers import BrowserSessionOutput, CredentialsInput
from accounts.identity.registration import register_owner
from accounts.identity.sessions import end_session_of_token, refresh_session, sign_in
from accounts.identity.tokens import issue_tokens
from accounts.models import Session
from maretech.common.http.errors import Forbidden, TokenInvalid
from maretech.common.http.viewsets import OPEN

COOKIE: Final = "maretech_refresh"
PATH: Final = "/app/session"
OWN_PAGE: Final = "same-origin"  # https://www.w3.org/TR/fetch-metadata/


@extend_schema(exclude=True)
class BrowserSessionView(APIView):
    """A route of the web app's session. Pages of other sites are refused before anything is read."""

    authentication_classes = OPEN["authentication_classes"]
    permission_classes = OPEN["permission_classes"]
    throttle_scope = "default"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not _is_from_own_page(request):
            raise Forbidden("Only a page of this server may ask for this.")
        super().initial(request, *args, **kwargs)


class _CredentialsView(BrowserSessionView):
    throttle_scope = "credentials"

    def credentials(self, request: Request) -> dict[str, Any]:
        serializer = CredentialsInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        return {**serializer.validated_data, "user_agent": user_agent_of(request)}


class RegisterView(_CredentialsView):
    def post(self, request: Request) -> Response:
        """Register an account, as `POST /v1/auth/register` does, and keep the refresh token in the cookie."""
        return _signed_in(register_owner(**self.credentials(request)), request, status=201)


class LoginView(_CredentialsView):
    def post(self, request: Request) -> Response:
        """Sign in, as `POST /v1/auth/login` does, and keep the refresh token in the cookie."""
        return _signed_in(sign_in(**self.credentials(request)), request)


class RefreshView(BrowserSessionView):
    def post(self, request: Request) -> Response:
        """Exchange the cookie's token for the next pair, as `POST /v1/auth/refresh` does.

        Without a cookie: 204, for every page asks when it opens. Of an ended session: 401 TOKEN_INVALID, and the cookie
        goes.
        """
        token = request.COOKIES.get(COOKIE)
        if not token:
            return Response(status=204)
        return _signed_in(refresh_session(refresh_token=token), request)

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        if isinstance(exc, TokenInvalid):
            response.delete_cookie(COOKIE, path=PATH, samesite="Strict")
        return response


class SessionView(BrowserSessionView):
    def delete(self, request: Request) -> Response:
        """Sign out: end the session of the cookie, if it is live, and remove the cookie."""
        if token := request.COOKIES.get(COOKIE):
            end_session_of_token(refresh_token=token)
        response = Response(status=204)
        response.delete_cookie(COOKIE, path=PATH, samesite="Strict")
        return response


def _is_from_own_page(request: Request) -> bool:
    """Return whether a page of this server sent the request. Browsers without Sec-Fetch-Site name the origin only."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == OWN_PAGE
    return urlsplit(request.headers.get("Origin", "")).netloc == request.get_host()


def _signed_in(session: Session, request: Request, *, status: int = 200) -> Response:
    tokens = issue_tokens(session)
    response = Response(BrowserSessionOutput({"user": session.user, "token": tokens}).data, status=status)
    response.set_cookie(
        COOKIE,
        tokens.refresh_token,
        max_age=settings.REFRESH_TOKEN_DAYS * 24 * 3600,
        path=PATH,
        secure=settings.PRODUCTION or request.is_secure(),
        httponly=True,
        samesite="Strict",
    )
    return response
