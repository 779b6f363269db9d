"""Counts the requests of a key within a window, atomically over all processes: in Redis, else in the database."""

import time
from dataclasses import dataclass
from functools import cache

import redis
import structlog
from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from maretech.common.models import RateCounter

log = structlog.get_logger(__name__)

# The window starts with the caller's first request, so that no burst can straddle two fixed windows.
_REDIS_SCRIPT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('PTTL', KEYS[1])}
"""
# The only inserted value is our own table's name.
_SQL = f"""
INSERT INTO {RateCounter._meta.db_table} AS counter (key, window_ends_at, count) VALUES (%s, %s, 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN counter.window_ends_at <= %s THEN 1 ELSE counter.count + 1 END,
    window_ends_at = CASE WHEN counter.window_ends_at <= %s THEN excluded.window_ends_at ELSE counter.window_ends_at END
RETURNING count, window_ends_at
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Count:
    """`count` requests in a window that still lasts `remaining_seconds`."""

    count: int
    remaining_seconds: float


def count_one(key: str, *, window_seconds: int) -> Count:
    """Count one more request of `key`. Returns how many its window holds, this one included."""
    key = hashed(key)
    if settings.REDIS_URL:
        try:
            count, remaining_ms = _script()(keys=[f"rate:{key}"], args=[window_seconds * 1000])
            return Count(int(count), max(0, int(remaining_ms)) / 1000)
        except redis.RedisError as exc:
            log.warning("rate counter fell back to the database", error=type(exc).__name__)
    return _count_in_database(key, window_seconds)


def forget(key: str) -> None:
    """Reset the count: the next request of `key` is the first one again."""
    key = hashed(key)
    if settings.REDIS_URL:
        try:
            redis_client().delete(f"rate:{key}")
        except redis.RedisError as exc:
            log.warning("rate counter not forgotten", error=type(exc).__name__)
    RateCounter.objects.filter(pk=key).delete()  # also the counts from a time when the database replaced Redis


def hashed(key: str) -> str:
    """Return the counter's name. It does not reveal the address or account that it counts."""
    return salted_hmac("maretech.rate_counter", key, algorithm="sha256").hexdigest()


def _count_in_database(key: str, window_seconds: int) -> Count:
    now = time.time()
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [key, now + window_seconds, now, now])
        count, window_ends_at = cursor.fetchone()
    return Count(count, window_ends_at - now)


@cache
def redis_client() -> redis.Redis:
    """Return the process's only client; a slow Redis delays a request by at most one second."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


@cache
def _script() -> redis.commands.core.Script:
    return redis_client().register_script(_REDIS_SCRIPT)
