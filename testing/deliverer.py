"""An app that delivers services, in memory: for tests and drills of billing, which knows none of the real ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from accounts.models import User
from billing.api.checkout_views import present_page
from billing.models import Order
from billing.services import hooks
from billing.services.hooks import ServiceHooks, register_service
from billing.services.selling import open_service_order
from billing.vocabulary import SERVICES, ProductCode
from testing.fake_stripe import FakeStripe
from testing.web_purchases import deliver_events

PRICE = 20_000


@dataclass
class Deliverer:
    """Registers for every service, takes payments while it `is_in_time`, and notes the calls for each order."""

    is_in_time: bool = True
    told: list[tuple[str, UUID]] = field(default_factory=list)

    def words_of(self, order: Order) -> list[str]:
        return [word for word, order_id in self.told if order_id == order.pk]

    def register(self) -> None:
        for code in SERVICES:
            others = {name: self._note(name) for name in ("closed", "contested", "restored", "money_back")}
            register_service(code, ServiceHooks(name=f"A {code.label.lower()}", paid=self._paid, **others))

    def _paid(self, order_id: UUID) -> bool:
        self.told.append(("paid", order_id))
        return self.is_in_time

    def _note(self, word: str) -> Any:
        return lambda order_id: self.told.append((word, order_id))


@contextmanager
def delivering() -> Iterator[Deliverer]:
    """Have every service delivered by this app until the block ends."""
    before, deliverer = dict(hooks._hooks), Deliverer()
    deliverer.register()
    try:
        yield deliverer
    finally:
        hooks._hooks.clear()
        hooks._hooks.update(before)


def order_service(owner: User, *, price_minor: int = PRICE, currency: str = "EUR") -> Order:
    """Open the order of a service that gets its price with it, and its page."""
    order = open_service_order(
        owner=owner, product_code=ProductCode.APPOINTMENT, price_minor=price_minor, currency=currency
    )
    present_page(order.pk)
    return again(order)


def buy_service(owner: User, fake: FakeStripe, **price: Any) -> Order:
    """Open the order, pay it by card, and process the events of the payment."""
    order = order_service(owner, **price)
    since = len(fake.events)
    fake.pay(order.provider_ref)
    deliver_events(fake, since=since)
    return again(order)


def again(order: Order) -> Order:
    """Return the order from the database."""
    return Order.objects.select_related("product").get(pk=order.pk)
