"""Verify and read Stripe's webhook events (stripe.com/docs/webhooks/signature, scheme v1)."""

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import stripe

from billing.providers.base import Event, EventSubject, InvalidSignature

# The library accepts an event exactly as old as the tolerance; 300 seconds are too old.
TOLERANCE_SECONDS: Final = 299
_MALFORMED: Final = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
_ID: Final = re.compile(r"[!-~]{1,500}")
_OBJECTS: Final = {
    "checkout.session": EventSubject.CHECKOUT,
    "payment_intent": EventSubject.PAYMENT,
    "subscription": EventSubject.SUBSCRIPTION,
    "invoice": EventSubject.INVOICE,
}


class StripeEvents:
    """Reads events that are signed with the endpoint's secret."""

    def __init__(self, *, secret: str, now: Callable[[], float] = time.time) -> None:
        self._secret, self._now = secret, now

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> Event:
        """Return the event of a signed webhook. Raises `InvalidSignature` for all else, also for a future event."""
        signature = headers.get("Stripe-Signature")
        try:
            stripe.WebhookSignature.verify_header(body.decode(), signature, self._secret, tolerance=TOLERANCE_SECONDS)
            signed_at = _signed_at(signature)
            payload = json.loads(body)
            about, ref = _subject(payload)
            event = Event(id=payload["id"], kind=payload["type"], verdict="signature v1", about=about, ref=ref)
        except (stripe.SignatureVerificationError, *_MALFORMED) as error:
            raise InvalidSignature from error
        if signed_at > self._now() + TOLERANCE_SECONDS:
            raise InvalidSignature
        return event


def _signed_at(signature: str | None) -> int:
    return max(int(part[2:]) for part in (signature or "").split(",") if part.startswith("t="))


def _subject(payload: dict[str, Any]) -> tuple[EventSubject, str]:
    """Returns the object to query, or none if unknown. Charges, refunds and disputes belong to a payment."""
    data = payload.get("data")
    thing = data.get("object") if isinstance(data, dict) else None
    if not isinstance(thing, dict):
        return EventSubject.NOTHING, ""
    about = _OBJECTS.get(str(thing.get("object")))
    ref = _id(thing if about else thing.get("payment_intent"))
    return (about or EventSubject.PAYMENT, ref) if ref else (EventSubject.NOTHING, "")


def _id(thing: Any) -> str:
    """Returns the id of an object, expanded or not; `""` without one, as for the upcoming invoice."""
    named = thing.get("id") if isinstance(thing, dict) else thing
    return named if isinstance(named, str) and _ID.fullmatch(named) else ""
