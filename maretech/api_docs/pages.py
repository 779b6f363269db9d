"""The texts beside the schema: the contract and the changelog, as plain text that needs no script and no network."""

from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpResponse
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

CONTRACT: Final = "contract.md"
CHANGELOG: Final = "changelog.md"


class TextPage(APIView):
    schema = None
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get(self, request: Request, page: str) -> HttpResponse:
        """Answer with a page of docs/. Its Markdown is sent as text: a browser shows it, and a terminal too."""
        text = Path(settings.BASE_DIR, "docs", page).read_text()
        return HttpResponse(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"})
