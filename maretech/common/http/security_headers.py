"""Restrictions for browsers: run only our scripts, show no page in a frame, store none of a caller's data."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from maretech.common.staff.middleware import STAFF_PATHS

DOCS_PATH: Final = "/v1/docs"
APP_PATH: Final = "/app/"
NOTHING: Final = "default-src 'none'; frame-ancestors 'none'"
PAGE: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; "
)
# Swagger UI sets its own styles, and its icons are in its style sheet.
DOCS: Final = PAGE + "style-src 'self' 'unsafe-inline'; img-src 'self' data:"
# The app needs the camera and the microphone, and never the position of the boat.
APP_FEATURES: Final = "camera=(self), microphone=(self), geolocation=()"
AMAZON: Final = "https://*.amazonaws.com"


class SecurityHeadersMiddleware:
    """Adds the headers that Django has no setting for. A header that the view set itself stays."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        path = request.path_info
        response.headers.setdefault("Content-Security-Policy", policy_for(path))
        if path.startswith(APP_PATH):
            response.headers.setdefault("Permissions-Policy", APP_FEATURES)
        if path.startswith("/v1/") and path != DOCS_PATH:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def policy_for(path: str) -> str:
    """Return the content security policy of the page at this path."""
    if path.startswith(STAFF_PATHS):
        return f"{PAGE}style-src 'self'; img-src 'self' data: {_store_origin()}".rstrip()
    if path.startswith(APP_PATH):
        return _app_policy()
    return DOCS if path == DOCS_PATH else NOTHING


def _app_policy() -> str:
    """Return the policy of the web app: its own scripts and styles, and photos from and to the object store."""
    store = f" {_store_origin()}".rstrip()
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; manifest-src 'self'; "
        f"worker-src 'self'; connect-src 'self'{store}; img-src 'self' blob:{store}; media-src 'self' blob:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _store_origin() -> str:
    """Return the origin that shows photos, if it is not this server."""
    if not settings.S3_BUCKET:
        return ""
    address = urlsplit(settings.S3_PUBLIC_ENDPOINT_URL)
    return f"{address.scheme}://{address.netloc}" if address.netloc else AMAZON
