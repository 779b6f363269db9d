"""Call the API as dozens of phones: JSON over HTTP, in parallel; return every answer."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from uuid import uuid4

from django.db import connections
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

Value = TypeVar("Value")
NO_ANSWER = 0
TIMEOUT_SECONDS = 120
PASSWORD = "barnacle-free-2026"  # noqa: S105 - of accounts that live as long as the drill


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        return self.status // 100 == 2


@dataclass(frozen=True)
class Caller:
    """A signed-in caller."""

    base_url: str
    email: str
    token: str

    def post(self, path: str, body: object = None, *, key: str = "", base_url: str = "") -> Answer:
        headers = {"Idempotency-Key": key} if key else {}
        return call(base_url or self.base_url, "POST", path, body or {}, token=self.token, headers=headers)

    def signed_in_again(self) -> "Caller":
        answer = call(self.base_url, "POST", "/auth/login", {"email": self.email, "password": PASSWORD})
        return Caller(self.base_url, self.email, answer.body["token"]["access_token"])


def call(
    base_url: str,
    method: str,
    path: str,
    body: object = None,
    *,
    token: str = "",
    headers: dict[str, str] | None = None,
) -> Answer:
    """Send the call and return the answer, or `NO_ANSWER` if there is none. A body of bytes is sent unchanged."""
    raw = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    bearer = {"Authorization": f"Bearer {token}"} if token else {}
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=TIMEOUT_SECONDS)
    try:
        sent = {"Content-Type": "application/json", **bearer, **(headers or {})}
        connection.request(method, f"/v1{path}", raw, sent)
        response = connection.getresponse()
        content = response.read()
        return Answer(response.status, json.loads(content) if content else None, dict(response.getheaders()))
    except (OSError, http.client.HTTPException, ValueError):
        return Answer(NO_ANSWER)
    finally:
        connection.close()


def put(url: str, content: bytes, headers: dict[str, str]) -> None:
    """Upload over a link to any host. Raises `OSError` if the upload is not accepted."""
    with urlopen(Request(url, content, headers, method="PUT"), timeout=30):  # noqa: S310 - our own
        pass


def read_metrics(base_url: str) -> list[Sample]:
    with urlopen(f"{base_url}/metrics", timeout=10) as answer:  # noqa: S310 - our own
        families = text_string_to_metric_families(answer.read().decode())
        return [sample for family in families for sample in family.samples]


def sign_up(base_url: str) -> Caller:
    email = f"{uuid4().hex}@example.org"
    body = {"email": email, "password": PASSWORD}
    answer = _call_until_answered(lambda: call(base_url, "POST", "/auth/register", body))
    return Caller(base_url, email, answer.body["token"]["access_token"])


def _call_until_answered(send: Callable[[], Answer], attempts: int = 60) -> Answer:
    """Return the answer; repeat the call while the server restarts."""
    while (answer := send()).status == NO_ANSWER and attempts:
        attempts -= 1
        time.sleep(1)
    return answer


def crowd(base_url: str, count: int) -> list[Caller]:
    """Register this many new accounts."""
    return side_by_side(lambda _: sign_up(base_url), range(count), by=4)


def at_once(calls: Sequence[Callable[[], Value]]) -> list[Value]:
    """Run all calls at the same moment."""
    start = threading.Barrier(len(calls))

    def run(each: Callable[[], Value]) -> Value:
        start.wait()
        return _closing(each)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def side_by_side(each: Callable[[Any], Value], things: Iterable[Any], *, by: int) -> list[Value]:
    """Run the calls, this many in parallel."""
    with ThreadPoolExecutor(by) as pool:
        return list(pool.map(lambda thing: _closing(lambda: each(thing)), things))


def _closing(each: Callable[[], Value]) -> Value:
    try:
        return each()
    finally:
        connections.close_all()
