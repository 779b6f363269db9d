"""Views for polls: their own statement checks the session, and they skip what a poll does not need of DRF."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.identity.authentication import ClaimsAuthentication
from maretech.common.http.errors import AuthenticationRequired, RateLimited
from maretech.common.http.exception_handler import as_refusal, count_refused_caller, json_refusal
from maretech.common.http.throttling import retry_after_by_address

# It has no state, so one instance serves all requests. DRF would create one for each poll.
AUTHENTICATION = ClaimsAuthentication()


class ClaimsView(APIView):
    """A view that authenticates by the claims of the token, and checks the session in its own statement.

    It must call `admit` as soon as that statement has shown that the session is live, and before any effect: only then
    does the request count within the user's limit.
    """

    authentication_classes = (ClaimsAuthentication,)

    def check_throttles(self, request: Request) -> None:
        """Do nothing before `admit`: a dead token must not use up the limit of the user it names."""

    def admit(self, request: Request | HttpRequest) -> None:
        """Count the request within its user's limit. Raises `RateLimited`."""
        super().check_throttles(request)  # type: ignore[arg-type]

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Count the request by address, because no statement has checked the session."""
        if (wait := retry_after_by_address(request, self)) is not None:
            raise RateLimited(retry_after=wait)
        return super().http_method_not_allowed(request, *args, **kwargs)


class LeanView(ClaimsView):
    """GET with a bearer token. The handler gets Django's request and the claims.

    Refusals, limits and headers are those of every other view. It skips content negotiation, parsers and the wrapped
    request, which take a third of a poll's time.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return super().dispatch(request, *args, **kwargs)
        try:
            return self._answer(request, **kwargs)
        except Exception as exc:  # noqa: BLE001 - DRF's own dispatch does the same; `as_refusal` logs unexpected errors
            return json_refusal(count_refused_caller(as_refusal(exc), request, self))

    def _answer(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        authenticated = AUTHENTICATION.authenticate(request)  # type: ignore[arg-type]  # reads nothing but the header
        if authenticated is None:
            raise AuthenticationRequired
        request.user, claims = authenticated  # type: ignore[assignment]
        response: HttpResponse = self.get(request, **kwargs, claims=claims)  # type: ignore[attr-defined]
        return response
