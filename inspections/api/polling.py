"""Answers of polled routes: an `ETag`, 304 for a phone that has the body, `Retry-After` while work is open."""

import hashlib
import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from inspections.lifecycle.status_query import POLL_SECONDS
from maretech.common.http.conditional import is_known
from maretech.common.http.openapi import IF_NONE_MATCH, etag, retry_after

POLL_HEADERS = [IF_NONE_MATCH, etag(200, 304), retry_after(200, 304)]


def link_period() -> int:
    """Return a number that changes before the links signed since its last change expire, and at no other time."""
    return int(time.time() // (settings.VIEW_LINK_SECONDS / 2))


def poll_response(
    request: HttpRequest | Request, body: dict[str, Any], *, work_is_open: bool, tagged: str = ""
) -> HttpResponse:
    """Return the body, or 304 for a phone that has it. The tag is of the body, or of `tagged` if given."""
    content = JSONRenderer().render(body)
    etag = f'"{hashlib.sha256(tagged.encode() or content).hexdigest()[:32]}"'
    response = (
        HttpResponseNotModified() if is_known(request, etag) else HttpResponse(content, content_type="application/json")
    )
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    if work_is_open:
        response["Retry-After"] = str(POLL_SECONDS)
    return response
