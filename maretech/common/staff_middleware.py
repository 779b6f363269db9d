"""Middleware that only the admin's pages need: cookie sessions and messages. The API carries bearer tokens."""

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

STAFF_PATHS = "/admin/"


class _ForStaff(MiddlewareMixin):
    """Steps aside for every other path. Written before the middleware it restrains."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(STAFF_PATHS):
            return super().__call__(request)  # type: ignore[return-value]
        return self.get_response(request)  # type: ignore[return-value]


class StaffSessionMiddleware(_ForStaff, SessionMiddleware):
    """A cookie session."""


class StaffAuthenticationMiddleware(_ForStaff, AuthenticationMiddleware):
    """`request.user` from the cookie session."""


class StaffMessageMiddleware(_ForStaff, MessageMiddleware):
    """What the last page has to say on the next one."""
