"""A phone that knows only the API's contract: JSON over HTTP, and raw bytes to the links it receives."""

import hashlib
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

PATIENCE_SECONDS = 100
TIMEOUT_SECONDS = 30


class Refused(Exception):
    """The server refused; `body` is the API's error shape."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(f"{status} {body.get('error_code')}: {body.get('message')}")
        self.status = status
        self.body = body


class Leads(Exception):
    """The page redirects elsewhere."""


class _Leading(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        raise Leads


@dataclass
class Phone:
    base_url: str
    token: str = ""
    requests_sent: int = field(default=0, init=False)

    def get(self, path: str) -> dict[str, Any]:
        return self._json("GET", path, None)

    def post(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> dict[str, Any]:
        return self._json("POST", path, body or {}, headers)

    def upload(self, target: dict[str, Any], content: bytes) -> None:
        """PUT the raw body to the link, with exactly the headers that it names."""
        self._send(urllib.request.Request(target["url"], content, target["headers"], method=target["method"]))

    def declare_and_upload(self, slot_id: str, angle: str, content: bytes) -> str:
        """Declare one photo, upload it to its link, and report it. Returns its asset id."""
        declared = self.post(
            f"/slots/{slot_id}/assets",
            {
                "angle": angle,
                "content_type": _content_type(content),
                "byte_size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "capture": {"device_model": "Demo phone", "os": "demo 1", "app_version": "1.0"},
            },
        )
        self.upload(declared["upload"], content)
        self.post(f"/assets/{declared['asset_id']}/uploaded")
        return str(declared["asset_id"])

    def poll(self, path: str, *, until: Any) -> dict[str, Any]:
        """Poll, at the interval that the server names, until `until(body)`. Raises TimeoutError."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            body = self.get(path)
            if until(body):
                return body
            time.sleep(1)
        raise TimeoutError(f"{path} took longer than {PATIENCE_SECONDS} s")

    def fill_in(self, url: str, **fields: str) -> None:
        """Send a page's form, as a person in a browser does. Does not follow the redirect."""
        request = urllib.request.Request(url, urllib.parse.urlencode(fields).encode(), method="POST")
        with suppress(Leads), urllib.request.build_opener(_Leading).open(request, timeout=TIMEOUT_SECONDS):
            pass

    def download(self, url: str) -> bytes:
        return self._send(urllib.request.Request(url))

    def _json(self, method: str, path: str, body: Any, headers: dict[str, str] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base_url}/v1{path}", data, method=method)
        request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        for name, value in (headers or {}).items():
            request.add_header(name.replace("_", "-"), value)
        answer: dict[str, Any] = json.loads(self._send(request) or b"{}")
        return answer

    def _send(self, request: urllib.request.Request) -> bytes:
        """Send the request. After a rate limit, wait as long as the server says and send it again."""
        while True:
            self.requests_sent += 1
            try:
                with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
                    content: bytes = answer.read()
                    return content
            except urllib.error.HTTPError as refusal:
                body = json.loads(refusal.read() or b"{}")
                if refusal.code != HTTPStatus.TOO_MANY_REQUESTS:
                    raise Refused(refusal.code, body) from None
                time.sleep(int(refusal.headers.get("Retry-After", "1")))


def _content_type(content: bytes) -> str:
    if content.startswith(b"\x89PNG"):
        return "image/png"
    return "image/heic" if content[4:8] == b"ftyp" else "image/jpeg"
