"""Helpers of the Google Play tests: bring receipts, deliver pushes, run the worker."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from billing import provider_registry, tasks
from billing.inbox import events
from billing.models import LedgerEntry, LedgerTransaction, Order
from billing.vocabulary import Account, EntryKind, Provider
from testing.fake_stores.play_actions import Push, receipt
from testing.fake_stores.play_store import FakeGoogle
from testing.phone import Phone, caller

VALID, INVALID = "valid", "invalid"


@contextmanager
def selling_on_play(settings: Any) -> Iterator[FakeGoogle]:
    """Run a fake Google Play, and a server that sells there."""
    with FakeGoogle() as google:
        for name, value in google.settings().items():
            setattr(settings, name, value)
        clear_cached_stores()
        yield google
    clear_cached_stores()


def clear_cached_stores() -> None:
    provider_registry.stores.cache_clear()
    provider_registry.play_store.cache_clear()


def send_receipt(phone: Phone, token: str, **changes: Any) -> Any:
    return phone.post("/payments/validate", {"provider": "play_store", "receipt": receipt(token, **changes)})


def status(answer: Any) -> str:
    assert answer.status_code == 200, answer.content
    return answer.json()["status"]


def push(said: Push, **changes: str) -> int:
    """Send a push; return the webhook's status."""
    headers = said.headers | changes
    answer = caller().generic(
        "POST",
        "/v1/webhooks/play-store",
        said.body,
        content_type="application/json",
        HTTP_AUTHORIZATION=headers["Authorization"],
    )
    return answer.status_code


def work() -> None:
    """Process the due events as the worker does."""
    for event_id in list(events.due().values_list("pk", flat=True)):
        events.process_event(event_id)


def deliver_pushes(google: FakeGoogle) -> None:
    """Deliver every push so far, once and in order, and process it."""
    pushes, google.pushes = google.pushes, []
    assert {push(each) for each in pushes} <= {200}
    work()


def sweep_voided_purchases() -> None:
    tasks.sync_voided_purchases()


def sweep_payments() -> None:
    tasks.sweep_payments()


def grants() -> int:
    return LedgerTransaction.objects.filter(kind=EntryKind.CREDIT_GRANT).count()


def booked(kind: EntryKind) -> int:
    return LedgerTransaction.objects.filter(kind=kind).count()


def orders() -> list[Order]:
    return list(Order.objects.filter(provider=Provider.PLAY_STORE).order_by("created_at"))


def money() -> dict[Account, int]:
    found: dict[Account, int] = {}
    for entry in LedgerEntry.objects.filter(unit="EUR"):
        found[Account(entry.account)] = found.get(Account(entry.account), 0) + entry.amount
    return {account: amount for account, amount in found.items() if amount}
