"""The page of the owner's web app. WhiteNoise serves its scripts; every other path is a screen of the app."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from maretech.common.http.errors import NotFound
from maretech.common.http.exception_handler import json_refusal


def is_built() -> bool:
    return _page_path().is_file()


def _page_path() -> Path:
    return settings.WEB_APP_DIR / "app" / "index.html"


@require_safe
def web_app_page(request: HttpRequest) -> HttpResponse:
    """Return the one page of the app, which reads the path itself. A browser asks whether it changed."""
    try:
        page = _page_path().read_bytes()
    except FileNotFoundError:
        return json_refusal(NotFound("The web app is not built on this server. Build it with: make web"))
    return HttpResponse(page, headers={"Cache-Control": "no-cache"})
