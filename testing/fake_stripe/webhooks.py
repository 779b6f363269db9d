"""Delivery of events: signed as Stripe signs (stripe.com/docs/webhooks/signature, scheme v1), sent over HTTP."""

import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from testing.fake_stripe.state import Thing

NO_ANSWER = 0
_TIMEOUT_SECONDS = 20.0
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 5.0


def signed(event: Thing, *, secret: str, at: float | None = None) -> tuple[bytes, dict[str, str]]:
    """Return the body of an event and its headers, signed `at` that time, or now."""
    body = json.dumps(event, indent=2).encode()
    stamp = int(time.time() if at is None else at)
    signature = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return body, {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Stripe-Signature": f"t={stamp},v1={signature}",
    }


def send(event: Thing, *, url: str, secret: str, retries: int = 0) -> int:
    """Send the event; sign and send again, ever later, after an answer that is not 2xx.

    Returns the status of the last answer, or `NO_ANSWER`.
    """
    pause = _FIRST_PAUSE_SECONDS
    while True:
        body, headers = signed(event, secret=secret)
        status = post(url, body, headers)
        if status // 100 == 2 or not retries:
            return status
        time.sleep(pause)
        retries, pause = retries - 1, min(pause * 2, _LONGEST_PAUSE_SECONDS)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("POST", parts.path or "/", body, dict(headers))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return NO_ANSWER
    finally:
        connection.close()
