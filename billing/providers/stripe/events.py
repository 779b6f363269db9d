"""Verify and read Stripe's webhook events (stripe.com/docs/webhooks/signature, scheme v1)."""

import json
import re
import time
from collections.abc import Callable
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


def read_event(body: bytes, *, signature: str | None, secret: str, now: Callable[[], float] = time.time) -> Event:
    """Return the event of a signed webhook. Raises `InvalidSignature` for all else, also for one from the future."""
    try:
        stripe.WebhookSignature.verify_header(body.decode(), signature, secret, tolerance=TOLERANCE_SECONDS)
        signed_at = _signed_at(signature)
        said = json.loads(body)
        about, ref = _subject(said)
        event = Event(id=said["id"], kind=said["type"], verdict="signature v1", about=about, ref=ref)
    except (stripe.SignatureVerificationError, *_MALFORMED) as error:
        raise InvalidSignature from error
    if signed_at > now() + TOLERANCE_SECONDS:
        raise InvalidSignature
    return event


def _signed_at(signature: str | None) -> int:
    return max(int(part[2:]) for part in (signature or "").split(",") if part.startswith("t="))


def _subject(said: dict[str, Any]) -> tuple[EventSubject, str]:
    """Returns the object to query, or none if unknown. Charges, refunds and disputes belong to a payment."""
    data = said.get("data")
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
