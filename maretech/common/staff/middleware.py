"""Middleware that only the admin's pages need: cookie sessions and messages. The API uses bearer tokens."""

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django_otp.middleware import OTPMiddleware

STAFF_PATHS = "/admin/"


class _ForStaff:
    """Skips every path outside the admin. List it before the middleware that it limits."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(STAFF_PATHS):
            return super().__call__(request)  # type: ignore[misc,no-any-return]
        return self.get_response(request)  # type: ignore[no-any-return]


class StaffSessionMiddleware(_ForStaff, SessionMiddleware):
    """A cookie session."""


class StaffAuthenticationMiddleware(_ForStaff, AuthenticationMiddleware):
    """`request.user` from the cookie session."""


class StaffVerificationMiddleware(_ForStaff, OTPMiddleware):  # type: ignore[misc]
    """`request.user.is_verified()` from the session's second factor."""


class StaffMessageMiddleware(_ForStaff, MessageMiddleware):
    """Messages that one page leaves for the next."""
