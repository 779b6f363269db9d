"""Conditional requests (RFC 9110, 13)."""

from django.http import HttpRequest
from django.utils.http import parse_etags
from rest_framework.request import Request


def is_known(request: HttpRequest | Request, etag: str) -> bool:
    """Return whether `If-None-Match` names this quoted tag.

    Comparison is weak (13.1.2), because a proxy that compresses makes tags weak.
    """
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or etag in (tag.removeprefix("W/") for tag in known)
