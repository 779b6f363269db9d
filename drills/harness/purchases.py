"""Buy on the web, on the phone's side and on the buyer's."""

from typing import Any
from uuid import UUID, uuid4

from billing.models import Order
from drills.harness.api_client import Caller
from testing.fake_stripe import FakeStripe


def buy(who: Caller) -> UUID:
    """Open a page; return the order's id."""
    answer = who.post("/checkout/sessions", {"product": "osmosis_inspection"}, key=uuid4().hex)
    if answer.status != 201:
        raise RuntimeError(f"No page was opened: {answer}")
    return UUID(answer.body["session_id"])


def pay(fake: FakeStripe, order_id: UUID) -> str:
    """Pay by card. Returns the provider's name of the payment."""
    paid: dict[str, Any] = fake.pay(Order.objects.get(pk=order_id).provider_ref)
    return str(paid["payment_intent"])
