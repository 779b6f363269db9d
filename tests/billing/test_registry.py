"""Test that a provider is its folder, its entry in the registry, and its capabilities: no other code knows its name."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from billing import provider_registry
from billing.ledger import inspection_credits
from billing.models import Order
from billing.provider_registry import PROVIDERS, Registered, can, stores
from billing.providers.base import Event, EventSubject, InvalidSignature, Refunded, StorePurchase, Voided
from billing.providers.capabilities import Can
from billing.sync import polling, receipts
from billing.vocabulary import OrderStatus, Provider

pytestmark = pytest.mark.django_db
SOLD_AT = datetime(2026, 11, 1, tzinfo=UTC)


class Kiosk:
    """A small shop at the harbour: its receipts are `paid:OWNER:REF`. It needs an acknowledgement."""

    name = Provider.MOCK.value
    can = Can.SELL_IN_APP | Can.POLL | Can.ACKNOWLEDGE

    def __init__(self) -> None:
        self.owners: dict[str, str] = {}
        self.acknowledged: list[str] = []
        self.refunded: set[str] = set()

    def purchase_of(self, receipt: str) -> StorePurchase | None:
        paid, _, rest = receipt.partition(":")
        owner, _, ref = rest.partition(":")
        if paid != "paid":
            return None
        self.owners[ref] = owner
        return self.purchase(ref)

    def purchase(self, ref: str) -> StorePurchase | None:
        if ref not in self.owners:
            return None
        return StorePurchase(
            ref=ref,
            product="osmosis_inspection",
            owner_token=self.owners[ref],
            is_paid=True,
            bought_at=SOLD_AT,
            amount_minor=4900,
            currency="EUR",
        )

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> Event:
        if headers.get("Kiosk") != "open":
            raise InvalidSignature
        return Event(id=body.decode(), kind="sold", verdict="kiosk", about=EventSubject.PURCHASE, ref=body.decode())

    def acknowledge(self, purchase: StorePurchase, *, owner_id: object) -> None:
        self.acknowledged.append(purchase.ref)

    def voided(self) -> list[Voided]:
        return [Voided(refs=(ref,), refund=Refunded(ref=f"void-{ref}", amount_minor=4900)) for ref in self.refunded]


@pytest.fixture
def kiosk(monkeypatch) -> Kiosk:
    kiosk = Kiosk()
    monkeypatch.setitem(PROVIDERS, Provider.MOCK, Registered(Kiosk.can, lambda: True, lambda: kiosk))
    stores.cache_clear()
    yield kiosk
    stores.cache_clear()


def bring(owner, receipt: str) -> bool:
    purchase = stores()[Provider.MOCK].purchase_of(receipt)
    return purchase is not None and receipts.redeem(
        owner=owner, receipt=receipts.Receipt(Provider.MOCK, purchase, SOLD_AT), cause="test"
    )


def test_a_new_store_sells_is_polled_acknowledged_and_refunds(kiosk, owner, stranger):
    assert not bring(stranger, f"paid:{owner.pk}:1")
    assert bring(owner, f"paid:{owner.pk}:1")
    order = Order.objects.get()
    assert (order.status, inspection_credits.balance_of(owner.pk).available) == (OrderStatus.PAID, 1)
    assert order.look_at is not None, "it is polled until the grant is acknowledged"
    polling.follow_order(order.pk)
    order.refresh_from_db()
    assert (kiosk.acknowledged, order.look_at) == (["1"], None)
    kiosk.refunded.add("1")
    for order_id, refund in receipts.voided().items():
        receipts.follow_voided(order_id, refund)
    order.refresh_from_db()
    assert (order.status, inspection_credits.balance_of(owner.pk).available) == (OrderStatus.REFUNDED, 0)


def test_without_a_capability_nothing_of_it_happens(kiosk, owner, monkeypatch):
    monkeypatch.setitem(PROVIDERS, Provider.MOCK, Registered(Can.SELL_IN_APP, lambda: True, lambda: kiosk))
    assert bring(owner, f"paid:{owner.pk}:1")
    assert Order.objects.get().look_at is None


def test_every_provider_of_the_vocabulary_is_registered_but_staff():
    assert set(PROVIDERS) == set(Provider) - {Provider.STAFF}
    assert not any(can(Provider.STAFF, capability) for capability in Can)
    assert provider_registry.providers_that(Can.SELL_IN_APP) == [Provider.APP_STORE, Provider.PLAY_STORE]
