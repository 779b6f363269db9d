"""Test that a provider is its folder, its entry in the registry, and its capabilities: no other code knows its name."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest
from django.urls import include, path
from drf_spectacular.generators import SchemaGenerator

from billing import provider_registry
from billing.api.webhooks import webhook_viewset
from billing.ledger import inspection_credits
from billing.models import Order, Product, ProviderEvent
from billing.provider_registry import PROVIDERS, Registered, Webhook, can, stores
from billing.providers.base import (
    Checkout,
    Event,
    EventSubject,
    InvalidSignature,
    Payment,
    Refunded,
    StorePurchase,
    UnknownToProvider,
    Voided,
)
from billing.providers.capabilities import Can
from billing.sync import polling, receipts
from billing.vocabulary import SERVICES, OrderStatus, ProductCode, Provider
from maretech import urls
from maretech.common.http.viewsets import routes
from testing.phone import caller
from testing.web_purchases import work_off
from tests.contract.refusals import refused

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


class Harbour:
    """A harbour office with payment pages of its own."""

    can = Can.HOST_CHECKOUT | Can.POLL | Can.REFUND
    unsupported_currencies = frozenset({"ISK"})

    def __init__(self) -> None:
        self.pages: dict[str, Checkout] = {}
        self.refunds: dict[str, Refunded] = {}

    def open_checkout(self, *, order_id: str, price_minor: int, currency: str, **_: object) -> Checkout:
        page = Checkout(
            ref=f"page-{order_id}",
            order_id=order_id,
            url=f"https://harbour.example/{order_id}",
            is_paid=False,
            is_expired=False,
            has_failed=False,
            amount_minor=price_minor,
            currency=currency,
        )
        return self.pages.setdefault(page.ref, page)

    def checkout(self, ref: str) -> Checkout:
        if ref not in self.pages:
            raise UnknownToProvider
        return self.pages[ref]

    def pay(self, ref: str) -> None:
        self.pages[ref] = replace(self.pages[ref], is_paid=True, url=None, payment_ref=f"paid-{ref}")

    def close_checkout(self, ref: str) -> Checkout:
        self.pages[ref] = replace(self.pages[ref], is_expired=True, url=None)
        return self.pages[ref]

    def payment(self, ref: str) -> Payment:
        return Payment(ref=ref, refunds=tuple(self.refunds.values()))

    def refund(self, payment_ref: str, *, amount_minor: int, key: str) -> None:
        self.refunds.setdefault(key, Refunded(ref=f"back-{len(self.refunds)}", amount_minor=amount_minor))

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> Event:
        number, _, ref = body.decode().partition(" ")
        return Event(id=number, kind="paid", verdict="harbour", about=EventSubject.CHECKOUT, ref=ref)


@pytest.fixture
def register(monkeypatch, settings):
    """Put an entry into the registry, and make the routes as a process does that starts with it."""

    def registered(entry: Registered) -> None:
        monkeypatch.setitem(PROVIDERS, Provider.MOCK, entry)
        urlconf: Any = ModuleType("urls_with_a_new_provider")
        urlconf.urlpatterns = [path("v1/", include(routes({"webhooks": webhook_viewset()}))), *urls.urlpatterns]
        settings.ROOT_URLCONF = urlconf

    return registered


@pytest.fixture
def harbour(register, settings) -> Harbour:
    settings.STRIPE_SECRET_KEY = ""
    harbour = Harbour()
    webhook = Webhook(open_reader=lambda: harbour, summary="Receive a harbour event", description="")
    register(Registered(Harbour.can, lambda: True, webhook=webhook, open_checkout=lambda: harbour))
    return harbour


@pytest.fixture
def kiosk(register) -> Kiosk:
    kiosk = Kiosk()
    webhook = Webhook(open_reader=lambda: kiosk, summary="Receive a sale", description="", signature_header="Kiosk")
    register(Registered(Kiosk.can, lambda: True, webhook=webhook, open_store=lambda: kiosk))
    stores.cache_clear()
    yield kiosk
    stores.cache_clear()


def test_a_phone_submits_the_receipt_of_a_new_store(kiosk, phone, owner):
    body = {"provider": "mock", "receipt": f"paid:{owner.pk}:1"}
    assert phone.post("/payments/validate", body).json() == {"status": "valid"}
    order = Order.objects.get()
    assert (order.provider, phone.credits(), kiosk.acknowledged) == (Provider.MOCK, (1, 0), ["1"])


def redeem(owner, receipt: str) -> bool:
    purchase = stores()[Provider.MOCK].purchase_of(receipt)
    return purchase is not None and receipts.redeem_receipt(
        owner=owner, receipt=receipts.Receipt(Provider.MOCK, purchase, SOLD_AT), cause="test"
    )


def test_a_new_store_is_sold_polled_acknowledged_and_refunded(kiosk, owner, stranger):
    assert not redeem(stranger, f"paid:{owner.pk}:1")
    assert redeem(owner, f"paid:{owner.pk}:1")
    order = Order.objects.get()
    assert (order.status, inspection_credits.balance_of(owner.pk).available) == (OrderStatus.PAID, 1)
    assert order.look_at is not None, "it is polled until the grant is acknowledged"
    polling.sync_order(order.pk)
    order.refresh_from_db()
    assert (kiosk.acknowledged, order.look_at) == (["1"], None)
    kiosk.refunded.add("1")
    for order_id, refund in receipts.voided().items():
        receipts.sync_voided(order_id, refund)
    order.refresh_from_db()
    assert (order.status, inspection_credits.balance_of(owner.pk).available) == (OrderStatus.REFUNDED, 0)


def post(body: str, **headers: str) -> Any:
    """Call the webhook of the new provider."""
    client: Any = caller()  # its types know text bodies only
    return client.generic("POST", "/v1/webhooks/mock", body.encode(), content_type="application/json", headers=headers)


def test_a_new_store_reports_a_sale_by_its_webhook(kiosk, owner):
    kiosk.owners["1"] = str(owner.pk)
    assert [post("1", Kiosk="open").status_code for _ in range(2)] == [200, 200]
    event = ProviderEvent.objects.get()
    assert (event.provider, event.verdict, event.ref) == (Provider.MOCK, "kiosk", "1")
    assert event.headers == {"Content-Type": "application/json", "Kiosk": "open"}
    work_off()
    order = Order.objects.get()
    assert (order.owner, order.provider, order.status) == (owner, Provider.MOCK, OrderStatus.PAID)
    assert (kiosk.acknowledged, inspection_credits.balance_of(owner.pk).available) == (["1"], 1)


def test_a_forged_event_of_a_new_store_is_refused(kiosk, owner):
    kiosk.owners["1"] = str(owner.pk)
    refused(post("1"), 400, "VALIDATION_ERROR")
    assert not ProviderEvent.objects.exists()


def test_the_documentation_names_the_webhook_of_a_new_store(kiosk, settings):
    webhooks = settings.ROOT_URLCONF.urlpatterns[:1]
    operation = SchemaGenerator(patterns=webhooks).get_schema(request=None, public=True)["paths"]["/v1/webhooks/mock"]
    assert (operation["post"]["operationId"], operation["post"]["summary"]) == ("receive_mock_event", "Receive a sale")


def test_a_provider_without_an_entry_for_a_webhook_has_no_route():
    refused(post("1", Kiosk="open"), 404, "NOT_FOUND")


@pytest.mark.parametrize("name", ["stripe", "app-store", "play-store"])
def test_the_routes_of_the_other_providers_stay(kiosk, name, settings):
    settings.STRIPE_WEBHOOK_SECRET = ""
    refused(caller().post(f"/v1/webhooks/{name}", {}, format="json"), 400, "VALIDATION_ERROR")


def test_a_provider_without_a_capability_is_not_called_for_it(kiosk, owner, monkeypatch):
    monkeypatch.setitem(PROVIDERS, Provider.MOCK, Registered(Can.SELL_IN_APP, lambda: True, open_store=lambda: kiosk))
    assert redeem(owner, f"paid:{owner.pk}:1")
    assert Order.objects.get().look_at is None


def test_a_new_provider_with_pages_sells_and_refunds(harbour, phone, owner):
    page = phone.post("/checkout/sessions", {"product": "osmosis_inspection"}).json()
    order = Order.objects.get(pk=page["session_id"])
    assert (order.provider, page["url"]) == (Provider.MOCK, f"https://harbour.example/{order.pk}")
    harbour.pay(order.provider_ref)
    for number in range(2):
        assert post(f"{number} {order.provider_ref}").status_code == 200
    work_off()
    order.refresh_from_db()
    assert (order.status, inspection_credits.balance_of(owner.pk).available) == (OrderStatus.PAID, 1)
    assert phone.post(f"/orders/{order.pk}/cancel").status_code == 200
    order.refresh_from_db()
    assert (order.status, inspection_credits.balance_of(owner.pk).available) == (OrderStatus.REFUNDED, 0)
    assert [refund.amount_minor for refund in harbour.refunds.values()] == [order.price_minor]


def test_a_new_provider_closes_the_page_of_a_cancelled_order(harbour, phone):
    page = phone.post("/checkout/sessions", {"product": "osmosis_inspection"}).json()
    order = Order.objects.get(pk=page["session_id"])
    assert phone.post(f"/orders/{order.pk}/cancel").status_code == 200
    order.refresh_from_db()
    assert (order.status, harbour.pages[order.provider_ref].is_expired) == (OrderStatus.CANCELLED, True)


def test_nothing_is_sold_on_the_web_without_a_provider(phone, settings):
    settings.STRIPE_SECRET_KEY = ""
    answer = phone.post("/checkout/sessions", {"product": "osmosis_inspection"})
    assert (answer.status_code, answer.json()["fields"]) == (400, {"product": ["Nothing is sold on the web here."]})


def test_every_provider_except_staff_is_registered():
    assert set(PROVIDERS) == set(Provider) - {Provider.STAFF}
    assert not any(can(Provider.STAFF, capability) for capability in Can)
    assert provider_registry.providers_that(Can.SELL_IN_APP) == [Provider.APP_STORE, Provider.PLAY_STORE]


def test_the_products_of_the_stores_are_those_of_the_catalogue():
    products = provider_registry.PRODUCTS
    assert products.plans == dict(Product.objects.exclude(plan="").values_list("code", "plan"))
    assert {*products.one_time, *products.plans} == set(ProductCode) - set(SERVICES)
