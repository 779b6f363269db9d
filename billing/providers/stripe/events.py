"""What Stripe's webhooks say, if it is Stripe that says it (stripe.com/docs/webhooks/signature, scheme v1)."""

import json
import time
from collections.abc import Callable
from typing import Any, Final

import stripe

from billing.providers.base import About, Event, ForgedEvent

# The library takes what is exactly as old as it is told to take; 300 seconds are too old.
TOLERANCE_SECONDS: Final = 299
_MALFORMED: Final = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
_OBJECTS: Final = {
    "checkout.session": About.CHECKOUT,
    "payment_intent": About.PAYMENT,
    "subscription": About.SUBSCRIPTION,
    "invoice": About.INVOICE,
}


def read_event(body: bytes, *, signature: str | None, secret: str, now: Callable[[], float] = time.time) -> Event:
    """Return what a signed webhook says; raises `ForgedEvent` for anything else, also for one from the future."""
    try:
        stripe.WebhookSignature.verify_header(body.decode(), signature, secret, tolerance=TOLERANCE_SECONDS)
        signed_at = _signed_at(signature)
        said = json.loads(body)
        about, ref = _subject(said["data"]["object"])
        event = Event(id=said["id"], kind=said["type"], verdict="signature v1", about=about, ref=ref)
    except (stripe.SignatureVerificationError, *_MALFORMED) as error:
        raise ForgedEvent from error
    if signed_at > now() + TOLERANCE_SECONDS:
        raise ForgedEvent
    return event


def _signed_at(signature: str | None) -> int:
    return max(int(part[2:]) for part in (signature or "").split(",") if part.startswith("t="))


def _subject(thing: dict[str, Any]) -> tuple[About, str]:
    """Charges, refunds and disputes belong to a payment; of what we never handle, nothing is to be looked at."""
    about = _OBJECTS.get(str(thing.get("object")))
    if about is not None:
        return about, str(thing["id"])
    payment = thing.get("payment_intent")
    return (About.PAYMENT, str(payment)) if payment else (About.NOTHING, "")
