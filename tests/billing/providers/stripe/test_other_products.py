"""Test that other sales on the same Stripe account are ignored and raise no error."""

import pytest
from django.utils import timezone

from billing.models import Order, ProviderEvent, Reconciliation
from billing.reconciliation import reconcile
from billing.vocabulary import Provider
from testing.web_purchases import buy, deliver_events, order_of, post, selling, work_off

pytestmark = pytest.mark.django_db
SOMEBODYS = "5f0c2c5e-6a0b-4f0e-9b55-0c8a3e1d2f4b"


@pytest.fixture
def fake(settings):
    with selling(settings) as fake:
        yield fake


def another_products_page(
    fake, *, mode: str = "payment", interval: str = "month", metadata: dict | None = None
) -> dict:
    """Open a page by another program of the same account."""
    known = metadata or {}
    price = {"currency": "usd", "unit_amount": "700", "product_data": {"name": "A rope"}}
    kind = {"payment_intent_data": {"metadata": known}}
    if mode == "subscription":
        price["recurring"], kind = {"interval": interval}, {"subscription_data": {"metadata": known}}
    sent = {"mode": mode, "line_items": [{"price_data": price}], "success_url": "https://example.org/"}
    return fake.open_page({**sent, **kind, "metadata": known})


def verdicts() -> set[tuple[str, str]]:
    handled = ProviderEvent.objects.exclude(about="")
    return {(event.state, event.verdict) for event in handled}


NAMES = [{}, {"order_id": "17"}, {"order_id": SOMEBODYS}, {"cart": "x"}]


@pytest.mark.parametrize("metadata", NAMES, ids=str)
@pytest.mark.parametrize(("mode", "interval"), [("payment", ""), ("subscription", "month"), ("subscription", "week")])
def test_events_of_another_product_are_done_as_not_ours(fake, mode, interval, metadata):
    page = another_products_page(fake, mode=mode, interval=interval, metadata=metadata)
    paid = fake.pay(page["id"])
    if mode == "subscription":
        fake.renew(paid["subscription"])
        fake.fail_renewal(paid["subscription"])
        fake.delete_subscription(paid["subscription"])
    else:
        fake.refund(paid["payment_intent"], 100)
        found = fake.open_dispute(paid["payment_intent"])
        fake.withdraw_funds(found["id"])
        fake.close_dispute(found["id"], won=False)
    deliver_events(fake)
    assert verdicts() == {("done", "signature v1, not ours")}
    assert not Order.objects.exists()
    assert not ProviderEvent.objects.exclude(body=b"").exists()


STRANGE = {
    "a page without an amount": ("checkout.session", {"currency": None, "amount_total": None, "mode": "setup"}),
    "a page without metadata": ("checkout.session", {"metadata": None}),
}


@pytest.mark.parametrize(("kind", "fields"), STRANGE.values(), ids=STRANGE)
def test_no_other_field_of_a_foreign_object_is_read(fake, kind, fields):
    page = another_products_page(fake)
    fake.lie(page["id"], **fields)
    fake.expire(page["id"])
    deliver_events(fake)
    assert verdicts() == {("done", "signature v1, not ours")}


def test_an_invoice_without_a_subscription_is_not_ours(fake):
    page = another_products_page(fake, mode="subscription")
    invoice = fake.pay(page["id"])["invoice"]
    fake.lie(invoice, parent=None, lines={"object": "list", "data": [], "has_more": False, "url": ""})
    since = len(fake.events)
    fake.renew(fake.seen("checkout.session", page["id"])["subscription"])
    deliver_events(fake, since=since)
    assert verdicts() == {("done", "signature v1, not ours")}


@pytest.mark.parametrize("kind", ["checkout.session", "payment_intent", "subscription", "invoice"])
def test_an_object_of_another_account_is_not_ours(fake, kind):
    """Events of connected accounts name objects that our key cannot see."""
    event = {"id": "evt_1", "object": "event", "type": "x.updated", "data": {"object": {"object": kind, "id": "xx_1"}}}
    assert post(fake, event).status_code == 200
    work_off()
    assert verdicts() == {("done", "signature v1, not ours")}


def test_an_own_order_unknown_to_stripe_is_a_failure(fake, phone):
    order = order_of(buy(phone))
    del fake.world.things["checkout.session"][order.provider_ref]
    event = {"id": "evt_1", "object": "event", "type": "checkout.session.expired"}
    post(fake, {**event, "data": {"object": {"object": "checkout.session", "id": order.provider_ref}}})
    work_off()
    event = ProviderEvent.objects.get()
    assert (event.state, event.error) == ("waiting", "UnknownToProvider: resource_missing")


def test_an_own_payment_is_found_among_foreign_ones(fake, phone):
    another_products_page(fake)
    page = buy(phone)
    fake.pay(order_of(page).provider_ref)
    deliver_events(fake)
    assert ("done", "signature v1") in verdicts()
    assert (order_of(page).status, phone.credits()) == ("paid", (1, 0))


def test_reconciliation_ignores_payments_of_other_products(fake, phone):
    for mode in ("payment", "subscription"):
        fake.pay(another_products_page(fake, mode=mode)["id"])
    page = buy(phone)
    fake.pay(order_of(page).provider_ref)
    deliver_events(fake)
    assert not reconcile(Provider.STRIPE, timezone.now().date()).exists()
    run = Reconciliation.objects.get()
    assert run.provider_totals == run.ledger_totals == {"EUR": 4900 - 99}
