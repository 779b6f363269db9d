"""Turns every error into an answer, in the API's one error shape."""

import sys
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework import exceptions

from maretech.common.http import errors
from maretech.common.http.throttling import retry_after_by_address, was_counted
from maretech.common.observability import request_id
from maretech.common.staff.refusal_page import is_for_people, refusal_page
from maretech.common.storage.base import ObjectStoreUnavailable

log = structlog.get_logger(__name__)

TRANSLATIONS: tuple[tuple[type[Exception], type[errors.APIError]], ...] = (
    (exceptions.ParseError, errors.MalformedJSON),
    (exceptions.NotAuthenticated, errors.AuthenticationRequired),
    (exceptions.AuthenticationFailed, errors.TokenInvalid),
    (exceptions.PermissionDenied, errors.Forbidden),
    (PermissionDenied, errors.Forbidden),
    (exceptions.NotFound, errors.NotFound),
    (Http404, errors.NotFound),
    (exceptions.MethodNotAllowed, errors.MethodNotAllowed),
    (exceptions.UnsupportedMediaType, errors.UnsupportedMediaType),
    (RequestDataTooBig, errors.PayloadTooLarge),
    (OperationalError, errors.ServiceUnavailable),
    (InterfaceError, errors.ServiceUnavailable),
    (InternalError, errors.ServiceUnavailable),  # a transaction was ended because it idled too long
    (ObjectStoreUnavailable, errors.ServiceUnavailable),
)


def body_of(refusal: errors.APIError) -> dict[str, Any]:
    """Return the body of a refusal in the API's one error shape."""
    body: dict[str, Any] = {
        "error_code": refusal.error_code,
        "message": refusal.text,
        "request_id": request_id.current(),
    }
    if refusal.reason:
        body["reason"] = refusal.reason
    return body | refusal.details


def headers_of(refusal: errors.APIError) -> dict[str, str]:
    headers = {} if refusal.retry_after is None else {"Retry-After": str(max(1, refusal.retry_after))}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return headers


def as_refusal(exc: Exception) -> errors.APIError:
    """Return any exception, expected or not, as one of our refusals."""
    if isinstance(exc, errors.APIError):
        return exc
    if isinstance(exc, exceptions.ValidationError):
        return errors.APIError(fields=_fields(exc.detail))
    if isinstance(exc, exceptions.Throttled):
        return errors.RateLimited(retry_after=int(getattr(exc, "wait", None) or 1))
    for theirs, ours in TRANSLATIONS:
        if isinstance(exc, theirs):
            if ours is errors.ServiceUnavailable:
                log.error("a needed part is unreachable", exc_info=exc)
                return ours(retry_after=5)
            return ours()
    log.error("unexpected error", exc_info=exc)
    return errors.InternalError()


def handle_exception(exc: Exception, context: dict[str, Any]) -> JsonResponse:
    """Handle exceptions for DRF. Never uses a view's own renderer, which may write HTML or YAML."""
    return json_refusal(count_refused_caller(as_refusal(exc), context["request"], context["view"]))


def count_refused_caller(refusal: errors.APIError, request: Any, view: Any) -> errors.APIError:
    """Count a 401 by address, unless it was counted already. Returns the refusal, or `RateLimited` over the limit."""
    if refusal.status != 401 or was_counted(request):
        return refusal
    try:
        wait = retry_after_by_address(request, view)
    except DatabaseError as exc:
        return as_refusal(exc)
    return refusal if wait is None else errors.RateLimited(retry_after=wait)


def json_refusal(refusal: errors.APIError) -> JsonResponse:
    """Return the answer to a refusal. Also answers failures outside any API view."""
    return JsonResponse(body_of(refusal), status=refusal.status, headers=headers_of(refusal))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _refused(request, errors.APIError())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _refused(request, errors.Forbidden())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _refused(request, errors.NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    log.error("unexpected error outside any API view", exc_info=sys.exc_info())
    return _refused(request, errors.InternalError())


def _refused(request: HttpRequest, refusal: errors.APIError) -> HttpResponse:
    """Return a page on pages for people, and the API's error shape everywhere else."""
    return refusal_page(request, status=refusal.status) if is_for_people(request) else json_refusal(refusal)


def _fields(detail: Any) -> dict[str, list[str]]:
    """Flatten DRF's nested error detail to dotted field names."""
    if isinstance(detail, list):
        detail = {"non_field_errors": detail}
    flat: dict[str, list[str]] = {}
    for name, value in detail.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{inner}": texts for inner, texts in _fields(value).items()}
        else:
            flat[str(name)] = [str(text) for text in (value if isinstance(value, list) else [value])]
    return flat
