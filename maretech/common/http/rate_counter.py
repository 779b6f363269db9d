"""Counts the requests of a key within a window, atomically over all processes: in Redis, else in the database."""

import threading
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
# It takes a sixteenth of what is left, within ARGV[3] permits, and at least one.
_REDIS_SCRIPT = """
local left = tonumber(ARGV[2]) - tonumber(redis.call('GET', KEYS[1]) or '0')
local lot = math.max(1, math.min(tonumber(ARGV[3]), math.floor(left / 16)))
local count = redis.call('INCRBY', KEYS[1], lot)
if count == lot then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('PTTL', KEYS[1]), lot}
"""
MOST_PERMITS = 8
MOST_LOTS = 10_000  # a process keeps the lots of this many callers
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


@dataclass(slots=True)
class _Lot:
    """Permits that this process has counted already; `ends_at` is on the monotonic clock."""

    left: int
    ends_at: float


_lots: dict[str, _Lot] = {}
_lots_lock = threading.Lock()


def count_one(key: str, *, window_seconds: int) -> Count:
    """Count one more request of `key`. Returns how many its window holds, this one included."""
    counted, _ = _take(key, window_seconds, allowed=0, most=1)
    return counted


def take_permit(key: str, *, allowed: int, window_seconds: int) -> Count:
    """Count one request of a key that is asked for often, mostly without a call to Redis.

    A process takes several permits of the window at once and uses them up: a few calls of Redis serve many polls. More
    than `allowed` never pass; near it, permits are taken one by one. A process that stops asking keeps what is left of
    its last lot, so that others are refused that much early: a sixteenth of the limit at most for each such process.
    """
    now = time.monotonic()
    with _lots_lock:
        lot = _lots.get(key)
        if lot is not None and lot.left and now < lot.ends_at:
            lot.left -= 1
            return Count(1, lot.ends_at - now)
    counted, taken = _take(key, window_seconds, allowed=allowed, most=MOST_PERMITS)
    if taken > 1:
        with _lots_lock:
            _keep(key, _Lot(taken - 1, now + counted.remaining_seconds), now)
    return counted


def _take(key: str, window_seconds: int, *, allowed: int, most: int) -> tuple[Count, int]:
    """Count permits of the window in Redis, else one in the database. Returns the count, and how many were taken."""
    name = hashed(key)
    if settings.REDIS_URL:
        try:
            count, remaining_ms, taken = _script()(keys=[f"rate:{name}"], args=[window_seconds * 1000, allowed, most])
            return Count(int(count), max(0, int(remaining_ms)) / 1000), int(taken)
        except redis.RedisError as exc:
            log.warning("rate counter fell back to the database", error=type(exc).__name__)
    return _count_in_database(name, window_seconds), 1


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


def _keep(key: str, lot: _Lot, now: float) -> None:
    if len(_lots) >= MOST_LOTS:
        for old in [name for name, kept in _lots.items() if kept.ends_at <= now] or list(_lots)[: MOST_LOTS // 2]:
            del _lots[old]
    known = _lots.get(key)  # what another thread took at the same moment
    if known is not None and now < known.ends_at:
        lot.left += known.left
    _lots[key] = lot


@cache
def redis_client() -> redis.Redis:
    """Return the process's only client; a slow Redis delays a request by at most one second."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


@cache
def _script() -> redis.commands.core.Script:
    return redis_client().register_script(_REDIS_SCRIPT)
