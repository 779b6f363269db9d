"""Deprecated operations: `@deprecated` marks the handler, and every answer of it carries both headers.

`Deprecation` is RFC 9745 (when it was decided), `Sunset` RFC 8594 (until when it works at least). The schema marks the
operation too. The guide says how long an operation lives on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date

Handler = TypeVar("Handler", bound=Callable[..., Any])
NOTICE: Final = timedelta(days=365)  # the guide promises 12 months
_MARK: Final = "deprecation"


@dataclass(frozen=True, slots=True)
class Deprecation:
    since: date
    sunset: date

    def headers(self) -> dict[str, str]:
        return {"Deprecation": f"@{_midnight(self.since)}", "Sunset": http_date(_midnight(self.sunset))}


def deprecated(*, since: date, sunset: date) -> Callable[[Handler], Handler]:
    """Mark the handler of an operation. Raises `ValueError` for less notice than the guide promises."""
    if sunset - since < NOTICE:
        raise ValueError(f"From {since} to {sunset} is less than the promised notice.")

    def mark(handler: Handler) -> Handler:
        setattr(handler, _MARK, Deprecation(since, sunset))
        return handler

    return mark


def deprecation_of(view: Any, method: str) -> Deprecation | None:
    """Return the mark of the handler that a view (as a URL pattern names it, or a class) has for this method."""
    kind = getattr(view, "cls", None) or getattr(view, "view_class", None)
    name = (getattr(view, "actions", None) or {}).get(method.lower(), method.lower())
    found: Deprecation | None = getattr(getattr(kind, name, None), _MARK, None)
    return found


class DeprecationMiddleware:
    """Adds the headers to every answer of a deprecated operation, refusals included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        route = request.resolver_match
        mark = deprecation_of(route.func, request.method or "") if route is not None else None
        for name, value in mark.headers().items() if mark is not None else ():
            response.headers[name] = value
        return response


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
