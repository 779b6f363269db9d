"""Send two hundred requests at once over three web processes, each with another X-Forwarded-For header.

Never more than the limit may pass. Without a trusted proxy the header is ignored; behind one, only the part added by
the proxy counts. Polls with the token of a signed-out session count for their address, and leave their owner the whole
limit. The tests have no small version: they test atomic counting without processes.

Control: counting reads, pauses and writes, so that requests in between read the same value; and a poll counts for the
user named in its token before the session is checked. Each attack must succeed.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Final
from unittest.mock import patch
from uuid import UUID, uuid4

from accounts.api import lean
from accounts.identity.authentication import ClaimsAuthentication
from accounts.identity.sessions import end_session, start_session
from accounts.identity.tokens import AccessClaims, issue_tokens, read_access
from accounts.models import User
from accounts.vocabulary import EndReason
from drills.harness import environment
from drills.harness.api_client import Answer, at_once, call
from drills.harness.runner import DrillContext, Result, main
from maretech.common.http import rate_counter
from maretech.common.http.errors import RateLimited
from maretech.common.http.throttling import retry_after
from maretech.common.models import RateCounter
from maretech.processes import LOOPBACK, end, free_port, readiness, start

PROCESSES: Final = 3
AT_ONCE: Final = 200
PAUSE_SECONDS: Final = 0.02
DEFAULT, CREDENTIALS, POLLS = 50, 10, 60
SCRIPT: Final = rate_counter._script  # noqa: SLF001 - the control replaces it
UNKNOWN_ACCOUNT: Final = {"email": "nobody@example.org", "password": "barnacle-free-2026"}


@contextmanager
def disable_guard() -> Iterator[None]:
    with (
        patch.object(rate_counter, "_script", lambda: _counted_in_redis),
        patch.object(rate_counter, "_count_in_database", _counted_in_database),
        patch.object(ClaimsAuthentication, "get_validated_token", _counted_too_early),
        patch.object(lean.ClaimsView, "admit", lambda *_: None),
    ):
        yield


def _counted_too_early(_: ClaimsAuthentication, token: str) -> AccessClaims:
    claims = read_access(token)
    if (wait := retry_after(scope="poll", caller=f"user:{claims.user_id}")) is not None:
        raise RateLimited(retry_after=wait)
    return claims


def _counted_in_redis(keys: Sequence[str], args: Sequence[int]) -> tuple[int, int, int]:
    """Count as the script in Redis does, in separate steps. Polls, which take lots, are attacked by their order."""
    [key], [window_ms, _, most] = keys, args
    if most > 1:
        taken: tuple[int, int, int] = SCRIPT()(keys=keys, args=args)
        return taken
    client = rate_counter.redis_client()
    seen = int(client.get(key) or 0)
    time.sleep(PAUSE_SECONDS)
    client.set(key, seen + 1, px=None if seen else window_ms, keepttl=seen > 0)
    return seen + 1, client.pttl(key), 1


def _counted_in_database(key: str, window_seconds: int) -> rate_counter.Count:
    now = time.time()
    seen = RateCounter.objects.filter(pk=key, window_ends_at__gt=now).first()
    time.sleep(PAUSE_SECONDS)
    count, window_ends_at = (seen.count + 1, seen.window_ends_at) if seen else (1, now + window_seconds)
    RateCounter.objects.update_or_create(pk=key, defaults={"count": count, "window_ends_at": window_ends_at})
    return rate_counter.Count(count, window_ends_at - now)


def drill(context: DrillContext) -> Result:
    environment.empty_broker()
    figures, held = [], []
    for proxies in (0, 1):
        for path, body, limit in (("/products", None, DEFAULT), ("/auth/login", UNKNOWN_ACCOUNT, CREDENTIALS)):
            passed = _attack(proxies, path, body, control=context.control)
            figures.append(f"{path} with {proxies} proxies: {passed} of {limit}")
            held.append(passed == limit)
    dead, live = _polled_with_a_dead_token(control=context.control)
    figures.append(f"dead token: {dead} of {POLLS}, then its owner: {live} of {POLLS}")
    held.append((dead, live) == (POLLS, POLLS))
    bound = "exactly the limit, never more; the owner's is untouched"
    # Without the guard each attack must succeed.
    result = any(held) if context.control else all(held)
    return Result(f"5 × {AT_ONCE} requests, {PROCESSES} processes", "; ".join(figures), bound, result)


def _attack(proxies: int, path: str, body: object, *, control: bool) -> int:
    """Return how many requests passed, all within one window."""
    with _servers(proxies, control=control) as ports:
        calls = [partial(_sent, ports[number % PROCESSES], path, body, number, proxies) for number in range(AT_ONCE)]
        return _passed(at_once(calls))


def _polled_with_a_dead_token(*, control: bool) -> tuple[int, int]:
    """Return how many polls of a signed-out session were answered, then how many of its owner's own polls."""
    owner = User.objects.create_user(f"{uuid4().hex}@example.org")
    session, other = start_session(user=owner), start_session(user=owner)
    end_session(session=session, reason=EndReason.LOGGED_OUT)
    passed = []
    with _servers(0, control=control) as ports:
        for each in (session, other):
            token = issue_tokens(each).access_token
            polls = [partial(_polled, ports[number % PROCESSES], token) for number in range(AT_ONCE)]
            passed.append(_passed(at_once(polls)))
    return passed[0], passed[1]


def _passed(answers: Sequence[Answer]) -> int:
    """Return how many were not refused by the limit. A server that failed would look as if it let all pass."""
    counts = Counter(answer.status for answer in answers)
    assert max(counts) < 500, counts
    return len(answers) - counts[429]


def _polled(port: int, token: str) -> Answer:
    return call(f"http://{LOOPBACK}:{port}", "GET", f"/inspections/{UUID(int=7)}/status", token=token)


@contextmanager
def _servers(proxies: int, *, control: bool) -> Iterator[list[int]]:
    """Start this many web processes with empty counters; yield their ports."""
    environment.empty_counters()
    unguarded = {
        "DJANGO_SETTINGS_MODULE": "drills.harness.unguarded_settings",
        "DRILL_WITHOUT": "drills.security.limits.disable_guard",
    }
    env = {
        **os.environ,
        **(unguarded if control else {}),
        "TRUSTED_PROXY_COUNT": str(proxies),
        "RATE_LIMIT_DEFAULT": f"{DEFAULT}/hour",
        "RATE_LIMIT_CREDENTIALS": f"{CREDENTIALS}/hour",
        "RATE_LIMIT_POLL": f"{POLLS}/hour",
    }
    ports = [free_port() for _ in range(PROCESSES)]
    processes = [start(_web(port), env=env) for port in ports]
    try:
        for port in ports:
            _wait_for(port)
        yield ports
    finally:
        end(processes)


def _sent(port: int, path: str, body: object, number: int, proxies: int) -> Answer:
    forged = f"198.51.{number // 250}.{number % 250}"
    hops = f"{forged}, 203.0.113.7" if proxies else forged
    method = "GET" if body is None else "POST"
    return call(f"http://{LOOPBACK}:{port}", method, path, body, headers={"X-Forwarded-For": hops})


def _web(port: int) -> list[str]:
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", LOOPBACK, "--port", str(port)]
    return [*granian, "--blocking-threads", "4", "--no-access-log", "--log-level", "error", "maretech.wsgi:application"]


def _wait_for(port: int, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while readiness(port).startswith("no answer") and time.monotonic() < deadline:
        time.sleep(0.2)


if __name__ == "__main__":
    main(drill, disable_guard, served=False)
