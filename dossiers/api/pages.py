"""Pages for people without an account: they load nothing but our style sheet, and leave no trace in caches."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse
from django.template.loader import render_to_string

# No other page learns the address, which is a secret.
PAGE_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def page(template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """Return the page."""
    return HttpResponse(render_to_string(f"dossiers/{template}", dict(context)), status=status, headers=PAGE_HEADERS)
