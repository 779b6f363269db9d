"""`OPTIONS` of every API route: 204, with the methods that the route answers in `Allow`.

Needs no sign-in: the methods are in the public schema. Checks no id and no link, so the answer reveals nothing about
them.
"""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views import View

from maretech.common.http.errors import RateLimited
from maretech.common.http.exception_handler import json_refusal
from maretech.common.http.throttling import client_address, retry_after

PATHS: Final = ("/v1/", "/health")


class OptionsMiddleware:
    """Answers before the view is called. Counted by address, within the default limit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if request.method != "OPTIONS" or not request.path_info.startswith(PATHS):
            return None
        if (wait := retry_after(scope="default", caller=f"addr:{client_address(request)}")) is not None:
            return json_refusal(RateLimited(retry_after=wait))
        return HttpResponse(status=204, headers={"Allow": ", ".join(_methods_of(view))})


def _methods_of(view: Any) -> list[str]:
    """Return the methods of a view class, or of a viewset's route."""
    answered = getattr(view, "actions", None) or [
        name for name in view.view_class.http_method_names if hasattr(view.view_class, name)
    ]
    named = {*answered, "options"} | ({"head"} if "get" in answered else set())
    return [name.upper() for name in View.http_method_names if name in named]
