"""Requests are bounded JSON; answers are JSON, whatever the caller accepts."""

import io
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from maretech.common.http.errors import MalformedJSON, PayloadTooLarge


class BoundedJSONParser(JSONParser):
    """Parses a JSON object of at most `MAX_REQUEST_BODY_BYTES`."""

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        body = stream.read(settings.MAX_REQUEST_BODY_BYTES + 1)
        if len(body) > settings.MAX_REQUEST_BODY_BYTES:
            raise PayloadTooLarge
        try:
            parsed = super().parse(io.BytesIO(body), media_type, parser_context)
        except RecursionError:
            raise MalformedJSON("The body is nested too deeply.") from None
        if not isinstance(parsed, dict):
            raise MalformedJSON("The body must be a JSON object.")
        return parsed


class NoFiles(FileUploadHandler):
    """Refuses files: photos go to the object store and no form has a file, so reading stops at the first file."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Never called: reading stopped before."""

    def file_complete(self, file_size: int) -> None:
        """Never called either."""


class AlwaysJSON(BaseContentNegotiation):
    """Always selects the first renderer: no 406 and no HTML."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        content_type = (request.content_type or "").split(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == content_type), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type
