"""What a browser may do with an answer: run nothing but ours, show it in no frame, keep nothing of a caller's."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from maretech.common.staff.middleware import STAFF_PATHS

DOCS_PATH: Final = "/v1/docs"
NOTHING: Final = "default-src 'none'; frame-ancestors 'none'"
PAGE: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; "
)
# Swagger UI sets styles of its own, and its icons are in its style sheet.
DOCS: Final = PAGE + "style-src 'self' 'unsafe-inline'; img-src 'self' data:"
AMAZON: Final = "https://*.amazonaws.com"


class SecurityHeadersMiddleware:
    """Adds what Django has no setting for; a view that says something itself is left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        path = request.path_info
        response.headers.setdefault("Content-Security-Policy", policy_for(path))
        if path.startswith("/v1/") and path != DOCS_PATH:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def policy_for(path: str) -> str:
    """The content security policy of the page at this path."""
    if path.startswith(STAFF_PATHS):
        return f"{PAGE}style-src 'self'; img-src 'self' data: {_store_origin()}".rstrip()
    return DOCS if path == DOCS_PATH else NOTHING


def _store_origin() -> str:
    """Where photos are shown from, if not from here."""
    if not settings.S3_BUCKET:
        return ""
    address = urlsplit(settings.S3_PUBLIC_ENDPOINT_URL)
    return f"{address.scheme}://{address.netloc}" if address.netloc else AMAZON
