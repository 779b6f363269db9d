"""Limits per user, or per address when anonymous. A view names its limit with `throttle_scope`.

A user's limit is counted only after the session is known to be live: otherwise a token that was signed out or stolen
long ago could use it up. Every other caller counts by address: `ScopedThrottle` counts for views open to all, and the
exception handler, which handles every 401, counts for the rest.
"""

import re
from functools import cache
from ipaddress import IPv6Network, ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from maretech.common.http.rate_counter import count_one, forget, take_permit

WINDOWS = {"sec": 1, "min": 60, "hour": 3600, "day": 86400}
_ASKED_FOR_OFTEN = frozenset({"poll"})  # these guard neither money nor guesses
_COUNTED = "was_counted_by_throttle"
# Some gateways append the caller's port, which differs with each connection.
_WITH_PORT = re.compile(r"\[([^]]+)\](?::\d+)?|([\d.]+):\d+")


@cache
def parse_rate(rate: str) -> tuple[int, int]:
    """Parse `"100/min"` as (100, 60). Raises ValueError for anything else."""
    count, _, window = rate.partition("/")
    if window not in WINDOWS:
        raise ValueError(f"A rate reads like 100/min, not {rate!r}")
    return int(count), WINDOWS[window]


def client_address(request: HttpRequest | Request) -> str:
    """Return the caller's address, as seen through exactly the number of trusted proxies.

    For IPv6 it is the network of 64 bits, because the holder of one of its addresses has them all.
    """
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    trusted = settings.TRUSTED_PROXY_COUNT
    if trusted and len(hops) >= trusted:
        return _network_of(_without_port(hops[-trusted]))
    return _network_of(str(request.META.get("REMOTE_ADDR", "")))


def _without_port(hop: str) -> str:
    found = _WITH_PORT.fullmatch(hop)
    return found[1] or found[2] if found else hop


def _network_of(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((found, 64), strict=False))


def retry_after(*, scope: str, caller: str) -> int | None:
    """Count one request. Returns None while `caller` is within the limit, else the seconds until its window ends."""
    allowed, window_seconds = parse_rate(settings.RATE_LIMITS[scope])
    if scope in _ASKED_FOR_OFTEN:
        counted = take_permit(_key(scope, caller), allowed=allowed, window_seconds=window_seconds)
    else:
        counted = count_one(_key(scope, caller), window_seconds=window_seconds)
    return None if counted.count <= allowed else max(1, round(counted.remaining_seconds + 0.5))


def reset_count(*, scope: str, caller: str) -> None:
    """Reset the count of `caller` within `scope`."""
    forget(_key(scope, caller))


def _key(scope: str, caller: str) -> str:
    return f"{scope}:{caller}"


def retry_after_by_address(request: HttpRequest | Request, view: Any) -> int | None:
    """Count one request of the view by its caller's address. Returns the same as `retry_after`."""
    return retry_after(scope=_scope_of(view), caller=f"addr:{client_address(request)}")


def was_counted(request: HttpRequest | Request) -> bool:
    """Return whether `ScopedThrottle` has counted this request."""
    return getattr(request, _COUNTED, False)


def _scope_of(view: Any) -> str:
    return getattr(view, "throttle_scope", "default")


class ScopedThrottle(BaseThrottle):
    """DRF's throttle: counts every request that passed authentication and permission."""

    _wait: int | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        setattr(request, _COUNTED, True)
        if request.user.is_authenticated:
            self._wait = retry_after(scope=_scope_of(view), caller=f"user:{request.user.pk}")
        else:
            self._wait = retry_after_by_address(request, view)
        return self._wait is None

    def wait(self) -> float | None:
        return self._wait
