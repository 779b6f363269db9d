"""Buy on the web in tests: the fake provider, and the delivery of its events to our inbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any
from uuid import UUID

from billing.inbox import events
from billing.models import Order, ProviderEvent
from billing.provider_registry import stripe, stripe_transfers
from testing.fake_stripe import FakeStripe
from testing.phone import Phone, caller


@contextmanager
def selling(settings) -> Iterator[FakeStripe]:
    """Run a fake Stripe that holds its events until the test delivers them."""
    with FakeStripe(auto_deliver=False) as fake:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = fake.secret_key, fake.webhook_secret
        settings.STRIPE_API_BASE, settings.STRIPE_TIMEOUT_SECONDS = fake.base_url, 5.0
        forget_clients()
        yield fake
    forget_clients()


def forget_clients() -> None:
    """Have Stripe's clients opened again, with the settings of now."""
    stripe.cache_clear()
    stripe_transfers.cache_clear()


def buy(phone: Phone, product: str = "osmosis_inspection") -> dict[str, Any]:
    """Open the page; return the answer that the phone gets."""
    answer = phone.post("/checkout/sessions", {"product": product})
    assert answer.status_code == 201, answer.content
    return answer.json()


def order_of(page: dict[str, Any]) -> Order:
    return Order.objects.get(pk=page["session_id"])


def post(fake: FakeStripe, event: dict[str, Any], **forged: Any) -> Any:
    body, headers = fake.signed(event, **forged)
    headers.pop("Content-Type", None)
    client: Any = caller()  # its types know text bodies only
    return client.generic("POST", "/v1/webhooks/stripe", body, content_type="application/json", headers=headers)


def deliver_events(fake: FakeStripe, *, times: int = 1, rng: Random | None = None, since: int = 0) -> None:
    """Deliver every event (from number `since` on) to the webhook, and play the worker."""
    deliveries = [event for event in fake.events[since:] for _ in range(times)]
    if rng is not None:
        rng.shuffle(deliveries)
    for event in deliveries:
        assert post(fake, event).status_code == 200
    work_off()


def work_off() -> None:
    for event_id in ProviderEvent.objects.filter(state="waiting").order_by("due_at").values_list("pk", flat=True):
        events.process_event(UUID(str(event_id)))
