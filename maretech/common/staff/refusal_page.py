"""The error page below `/admin/`, in the admin's look, for refused, missing or broken requests."""

from typing import Any, Final

from django.contrib import admin
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from maretech.common.observability import request_id
from maretech.common.staff.middleware import STAFF_PATHS

_TEXTS: Final = {
    400: ("Not understood", "This page does not support a part of the address, such as that filter."),
    403: ("Not allowed", "You may not see this page, or may not do this."),
    404: ("Not found", "There is no such page, or its content was deleted."),
}
_BROKEN: Final = (
    "Something went wrong",
    "The error is logged under the number below. No change was made in part; try again shortly.",
)


def is_for_people(request: HttpRequest) -> bool:
    return request.path_info.startswith(STAFF_PATHS)


def refusal_page(request: HttpRequest, *, status: int) -> HttpResponse:
    """Return the page for this status. It does not query the database after a server error."""
    title, text = _TEXTS.get(status, _BROKEN)
    context = {"title": title, "text": text, "request_id": request_id.current()}
    around = _around(request) if status in _TEXTS else {}
    return render(request if around else None, "staff/refused.html", around | context, status=status)


def _around(request: HttpRequest) -> dict[str, Any]:
    """Return the menu of a signed-in user; nothing for others, or if it cannot be read."""
    try:
        is_in = hasattr(request, "user") and admin.site.has_permission(request)
        return admin.site.each_context(request) if is_in else {}
    except DatabaseError:
        return {}
