"""A transport that repeats requests. It sends a request again unchanged, so with the same `Idempotency-Key`."""

import random
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

import httpx

FIRST_WAIT_SECONDS: Final = 0.5
LONGEST_WAIT_SECONDS: Final = 8.0
# Without a key, because a repetition has the same effect and the same answer.
REPEATABLE_POSTS: Final = ("/complete", "/submit", "/uploaded", "/auth/refresh")


class RetryingTransport(httpx.BaseTransport):
    """Repeats a request after a lost answer, and after 429, 503 or 409 IDEMPOTENCY_IN_PROGRESS, for `patience_seconds`.

    A lost answer is only repeated where a second effect is impossible: what reads, replaces or deletes, a `POST` with
    an `Idempotency-Key`, and the `POST`s of `REPEATABLE_POSTS`. A request that never reached the server is always
    repeated. When patience ends, the last answer is returned, or the last error raised.
    """

    def __init__(
        self,
        inner: httpx.BaseTransport | None = None,
        *,
        patience_seconds: float = 120,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._inner = inner or httpx.HTTPTransport()
        self._patience_seconds = patience_seconds
        self._sleep = sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()  # so that the body can be sent again
        deadline = time.monotonic() + self._patience_seconds
        backoff = FIRST_WAIT_SECONDS
        while True:
            try:
                response = self._inner.handle_request(request)
            except httpx.TransportError as lost:
                wait = backoff * random.uniform(0.5, 1)
                if not _may_repeat(request, lost) or time.monotonic() + wait > deadline:
                    raise
            else:
                wait = _asked_to_wait(request, response, default=backoff)
                if not wait or time.monotonic() + wait > deadline:
                    return response
                response.close()
            self._sleep(wait)
            backoff = min(2 * backoff, LONGEST_WAIT_SECONDS)

    def close(self) -> None:
        self._inner.close()


def _may_repeat(request: httpx.Request, lost: httpx.TransportError) -> bool:
    return isinstance(lost, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout) or _is_repeatable(request)


def _is_repeatable(request: httpx.Request) -> bool:
    if request.method not in ("POST", "PATCH"):
        return True
    return "Idempotency-Key" in request.headers or request.url.path.endswith(REPEATABLE_POSTS)


def _asked_to_wait(request: httpx.Request, response: httpx.Response, *, default: float) -> float:
    """Return the seconds to wait before the request is sent again; 0 for an answer that is to be returned."""
    named = response.headers.get("Retry-After", "")
    seconds = float(named) if named.isdecimal() else default
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return seconds
    if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE and _is_repeatable(request):
        return seconds
    in_progress = response.status_code == HTTPStatus.CONFLICT and "Idempotency-Key" in request.headers and named
    return seconds if in_progress else 0
