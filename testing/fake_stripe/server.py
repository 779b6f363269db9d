"""The HTTP server: one thread per connection, one request per connection, and one site that answers."""

import json
import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Request:
    """An HTTP request. The names of `headers` are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """The answer, and the work to do afterwards even if the client is gone. Status 0 closes the connection silently."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    afterwards: Callable[[], object] | None = None

    @classmethod
    def json(cls, body: Any, *, status: int = 200) -> "Answer":
        headers = {"Content-Type": "application/json", "Request-Id": f"req_{secrets.token_hex(7)}"}
        return cls(status, json.dumps(body, indent=2).encode(), headers)

    @classmethod
    def html(cls, text: str, *, status: int = 200) -> "Answer":
        return cls(status, text.encode(), {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"})


Site = Callable[[Request], Answer]


class Server(ThreadingHTTPServer):
    """Listens from its creation; `port` 0 picks a free one."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, site: Site, *, host: str, port: int) -> None:
        self.site = site
        super().__init__((host, port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a client that stopped waiting: it is no error of ours."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def _answer(self) -> None:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.site(Request(self.command, url.path, url.query, headers, body))
        try:
            if answer.status:
                self._say(answer)
        finally:
            if answer.afterwards:
                answer.afterwards()

    def _say(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in {**answer.headers, "Content-Length": str(len(answer.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()

    def log_message(self, *args: Any) -> None:
        """Log nothing: the events record what happened."""
