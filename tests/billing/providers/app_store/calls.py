"""Calls of phones and of the fake App Store to this server."""

from typing import Any

from django.db.models import Sum

from accounts.models import User
from billing.inbox import events
from billing.models import LedgerEntry, Order, ProviderEvent
from billing.vocabulary import EventState
from testing.phone import Phone, caller

VALID, INVALID = {"status": "valid"}, {"status": "invalid"}
OSMOSIS, MONTHLY, YEARLY = "osmosis_inspection", "corrosion_monthly", "corrosion_yearly"


def send_receipt(phone: Phone, receipt: str, **extra: str) -> Any:
    return phone.post("/payments/validate", {"provider": "app_store", "receipt": receipt}, **extra)


def body_of(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content
    return answer.json()


def post(body: bytes) -> Any:
    """Send a notification as Apple does."""
    return caller().generic("POST", "/v1/webhooks/app-store", body, content_type="application/json")


def work() -> None:
    """Play the worker: process every waiting event once."""
    for event_id in ProviderEvent.objects.filter(state=EventState.WAITING).values_list("pk", flat=True):
        events.process_event(event_id)


def deliver(*bodies: bytes) -> None:
    """Receive notifications and process each before the next."""
    for body in bodies:
        assert body_of(post(body)) == {"received": True}
        work()


def nothing_happened() -> bool:
    return not (Order.objects.exists() or LedgerEntry.objects.exists())


def cash(owner: User) -> int:
    """Return the cash booked for this owner."""
    entries = LedgerEntry.objects.filter(transaction__owner=owner, account="cash")
    return entries.aggregate(total=Sum("amount"))["total"] or 0
