"""Requests to other services: time limits, safe addresses, whole answers, and the wait after a refusal."""

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import requests

from notifications.channels.ports import Envelope

# To connect, and between two reads.
TIMEOUT: Final = (5.0, 10.0)
# A push service stores a message this long at most for a phone that is off. The app lists older notifications.
_LONGEST_TTL_SECONDS: Final = 86_400
_LONGEST_WAIT_SECONDS: Final = 86_400.0
_LARGEST_ANSWER: Final = 1024 * 1024


class EndlessAnswer(requests.RequestException):
    """The answer is too large, or takes too long."""


def is_loopback(host: str | None) -> bool:
    """Return whether a host is this machine, where a fake may serve without TLS."""
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


def require_safe_url(url: str) -> str:
    """Return the address without a final slash. Raises `ValueError` unless it is https, or http on this machine."""
    found = urlsplit(url)
    is_private = found.scheme == "https" or (found.scheme == "http" and is_loopback(found.hostname))
    if not found.hostname or not is_private:
        raise ValueError("an address is https, or http on this machine")
    return url.rstrip("/")


def seconds_to_live(envelope: Envelope) -> int:
    """Return how long a push service may store the message: until it is of no use, from a second to a day."""
    left = envelope.stale_at - datetime.now(UTC)
    return min(_LONGEST_TTL_SECONDS, max(1, int(left.total_seconds())))


def read_whole(answer: requests.Response, *, within_seconds: float = 30.0) -> bytes:
    """Return the body of an answer that was requested with `stream=True`. Raises `EndlessAnswer`."""
    ends = time.monotonic() + within_seconds
    read = bytearray()
    for part in answer.iter_content(65536):
        read += part
        if len(read) > _LARGEST_ANSWER or time.monotonic() > ends:
            raise EndlessAnswer
    return bytes(read)


def seconds_to_wait(answer: requests.Response) -> float | None:
    """Return the seconds that `Retry-After` names, a day at most, or None without one that makes sense."""
    text = answer.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), _LONGEST_WAIT_SECONDS)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, LookupError, TypeError, OverflowError):  # of the parser, for text that is no date
        return None
    # A zone of -0000 is UTC: the sender does not name its own (RFC 5322, 3.3).
    wait = (at if at.tzinfo else at.replace(tzinfo=UTC)) - datetime.now(UTC)
    return min(max(0.0, wait.total_seconds()), _LONGEST_WAIT_SECONDS)
