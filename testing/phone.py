"""The owner's phone: signs in, opens inspections, follows upload links, and lets a test play the worker.

One phone, two transports: the test client, which calls the server in this process, and `HTTPClient`, which calls a
real one.
"""

import hashlib
import io
import json
import time
from collections.abc import Callable
from functools import cache, partial
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any, Self
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID, uuid4

import numpy as np
from django.http import HttpResponse
from django.http.request import HttpHeaders
from PIL import Image
from rest_framework.test import APIClient, ForceAuthClientHandler

from accounts.identity.sessions import start_session
from accounts.identity.tokens import issue_tokens
from accounts.models import User
from inspections.models import InferenceJob
from inspections.work.analysis import analyse

V1 = "/v1"
PATIENCE_SECONDS = 100
TIMEOUT_SECONDS = 30


class Refused(Exception):
    """The server refused; `body` is the API's error shape."""

    def __init__(self, answer: HttpResponse) -> None:
        is_json = answer.headers.get("Content-Type", "").startswith("application/json")  # an object store's is XML
        self.status, self.body = answer.status_code, answer.json() if is_json else {}  # type: ignore[attr-defined]
        super().__init__(f"{self.status} {self.body.get('error_code')}: {self.body.get('message')}")


@cache
def jpeg(seed: int, *, size: tuple[int, int] = (640, 480), **save: Any) -> bytes:
    """Return a sharp, textured picture that passes the photo check; each seed gives another one."""
    rng = np.random.default_rng(seed)
    blocks = rng.integers(60, 200, (size[1] // 32, size[0] // 32, 3), dtype=np.uint8)
    pixels = np.kron(blocks, np.ones((32, 32, 1), dtype=np.uint8))
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=90, **save)
    return out.getvalue()


@cache
def _handler() -> ForceAuthClientHandler:
    """Return the process's one handler: loading the middleware for each client takes longer than a test."""
    handler = ForceAuthClientHandler(enforce_csrf_checks=False)
    handler.load_middleware()
    return handler


def caller(token: str | None = None) -> APIClient:
    """Return a client that gets what a phone would get, server errors included; anonymous without a token."""
    client = APIClient(raise_request_exception=False)
    client.handler = _handler()
    if token is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


class HTTPClient(APIClient):
    """Sends over HTTP what the test client hands to the application. Does not follow redirects."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self.host = urlsplit(base_url).netloc

    def request(self, **environ: Any) -> Any:
        """Send the request. After a rate limit, wait as long as the server says and send it again."""
        if "HTTP_HOST" not in environ:  # a link to elsewhere carries its own signature
            environ |= self._credentials  # type: ignore[attr-defined]
        host, headers = environ.pop("HTTP_HOST", self.host), dict(HttpHeaders(environ))
        path = quote(environ["PATH_INFO"].encode("latin-1"), safe="/:") + "?" + environ.get("QUERY_STRING", "")
        body = environ["wsgi.input"].read() if "wsgi.input" in environ else b""
        while True:
            connection = HTTPConnection(host, timeout=TIMEOUT_SECONDS)
            try:
                connection.request(environ["REQUEST_METHOD"], path.rstrip("?"), body, headers)
                response = connection.getresponse()
                answer = HttpResponse(response.read(), status=response.status, headers=dict(response.headers))
            finally:
                connection.close()
            if answer.status_code != HTTPStatus.TOO_MANY_REQUESTS:
                answer.json = partial(json.loads, answer.content)  # type: ignore[attr-defined]
                return answer
            time.sleep(int(answer.headers.get("Retry-After", "1")))


class Phone:
    def __init__(self, owner: User | None, client: APIClient) -> None:
        self.owner = owner  # None over HTTP, where the rows may be in another database
        self.client = client

    @classmethod
    def of(cls, owner: User) -> Self:
        return cls(owner, caller(issue_tokens(start_session(user=owner)).access_token))

    @classmethod
    def at(cls, base_url: str, token: str = "") -> Self:
        phone = cls(None, HTTPClient(base_url))
        if token:
            phone.bear(token)
        return phone

    def bear(self, token: str) -> None:
        self.client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    def register(self, email: str, password: str) -> None:
        self.bear(self.send("/auth/register", {"email": email, "password": password})["token"]["access_token"])

    def call(self, method: str, path: str, *body: Any, **extra: Any) -> Any:
        return getattr(self.client, method.lower())(V1 + path, *body, **extra)

    def get(self, path: str, **extra: Any) -> Any:
        return self.call("GET", path, **extra)

    def post(self, path: str, body: Any = None, **extra: Any) -> Any:
        return self.call("POST", path, body if body is not None else {}, format="json", **extra)

    def patch(self, path: str, body: Any, **extra: Any) -> Any:
        return self.call("PATCH", path, body, format="json", **extra)

    def set(self, path: str, body: Any, **extra: Any) -> Any:
        """PUT a body; `put` follows an upload link."""
        return self.call("PUT", path, body, format="json", **extra)

    def delete(self, path: str, **extra: Any) -> Any:
        return self.call("DELETE", path, **extra)

    def fetch(self, path: str) -> dict[str, Any]:
        """GET, and return the body. Raises `Refused`."""
        return accepted(self.get(path)).json()

    def send(self, path: str, body: Any = None, **extra: Any) -> dict[str, Any]:
        """POST, and return the body. Raises `Refused`."""
        return accepted(self.post(path, body, **extra)).json()

    def poll(self, path: str, *, until: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Poll until `until(body)`. Raises TimeoutError."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            body = self.fetch(path)
            if until(body):
                return body
            time.sleep(1)
        raise TimeoutError(f"{path} took longer than {PATIENCE_SECONDS} s")

    def follow(self, method: str, url: str, content: bytes = b"", **headers: str) -> Any:
        """Call a link unchanged, at the host that it names."""
        parts = urlsplit(url)
        client: Any = self.client  # its types know text bodies only
        return client.generic(method, f"{parts.path}?{parts.query}", content, HTTP_HOST=parts.netloc, **headers)

    def fill_in(self, url: str, **fields: str) -> None:
        """Send a page's form, as a person in a browser does. Does not follow the redirect."""
        accepted(self.follow("POST", url, urlencode(fields).encode(), content_type="application/x-www-form-urlencoded"))

    def download(self, url: str) -> bytes:
        return accepted(self.follow("GET", url)).content

    def open(self, mode: str = "corrosion", **details: Any) -> dict[str, Any]:
        """Open an inspection of either mode; osmosis is paid by the standing test pass."""
        if mode == "osmosis":
            assert self.post("/payments/osmosis/mock", {"paid": True}).status_code == 200
        answer = self.post("/inspections", {"mode": mode, **details})
        assert answer.status_code in (200, 201), answer.content
        return answer.json()

    def add_vessel(self, name: str, **details: Any) -> dict[str, Any]:
        """Add a vessel, or return the one of that name."""
        return self.send("/vessels", {"name": name, **details})

    def buy(self) -> None:
        """Buy one osmosis credit with a new receipt."""
        answer = self.post("/payments/validate", {"provider": "app_store", "receipt": f"mock-valid-{uuid4()}"})
        assert answer.json() == {"status": "valid"}, answer.content

    def credits(self) -> tuple[int, int]:
        """Return the credits that can be spent, and those that inspections hold."""
        account = self.get("/entitlements/osmosis").json()
        return account["credits"], account["credits_held"]

    def subscribe(self, *, active: bool = True) -> None:
        assert self.post("/subscriptions/corrosion/mock", {"active": active}).status_code == 200

    def put(self, upload: dict[str, Any], content: bytes, **headers: str) -> Any:
        """Follow an upload link with exactly the headers that it names."""
        signed = dict(upload["headers"])
        content_type = headers.pop("content_type", signed.pop("Content-Type"))
        signed.pop("Content-Length", None)  # the client computes it from the body
        extra = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in signed.items()}
        length = {"CONTENT_LENGTH": str(len(content))}  # the client omits it for an empty body
        return self.follow("PUT", upload["url"], content, content_type=content_type, **extra | length | headers)

    def upload(self, upload: dict[str, Any], content: bytes) -> None:
        accepted(self.put(upload, content))

    def shoot(self, uploads: list[dict[str, Any]], *, seed: int = 0) -> None:
        for number, upload in enumerate(uploads):
            self.upload(upload, jpeg(seed + number))

    def declare(self, slot_id: str, angle: str, content: bytes, **changes: Any) -> Any:
        body = {
            "angle": angle,
            "content_type": _content_type(content),
            "byte_size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        return self.post(f"/slots/{slot_id}/assets", body | changes)

    def declare_and_upload(self, slot_id: str, angle: str, content: bytes) -> str:
        """Declare one photo, upload it to its link, and report it. Returns its asset id."""
        capture = {"device_model": "Demo phone", "os": "demo 1", "app_version": "1.0"}
        declared = accepted(self.declare(slot_id, angle, content, capture=capture)).json()
        self.upload(declared["upload"], content)
        self.send(f"/assets/{declared['asset_id']}/uploaded")
        return str(declared["asset_id"])

    def complete(self, mode: str = "corrosion", *, seed: int = 0, **details: Any) -> str:
        """Go the whole way to a delivered result; return the inspection's id."""
        opened = self.open(mode, **details)
        self.shoot(opened["uploads"], seed=seed)
        self.send(f"/inspections/{opened['inspection_id']}/complete")
        work(opened["inspection_id"])
        return opened["inspection_id"]


def accepted(answer: Any) -> Any:
    """Return the answer. Raises `Refused` if it is one."""
    if answer.status_code >= HTTPStatus.BAD_REQUEST:
        raise Refused(answer)
    return answer


def _content_type(content: bytes) -> str:
    if content.startswith(b"\x89PNG"):
        return "image/png"
    return "image/heic" if content[4:8] == b"ftyp" else "image/jpeg"


def work(inspection_id: str) -> None:
    """Play the worker: run the inspection's job once."""
    job = InferenceJob.objects.get(inspection_id=inspection_id)
    analyse(UUID(str(job.pk)), worker="test", task_id=str(job.pk))
