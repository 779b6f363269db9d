"""Test that what the fakes send and what our code reads matches the schemas that the providers publish."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import stripe
from appstoreserverlibrary.models.JWSRenewalInfoDecodedPayload import JWSRenewalInfoDecodedPayload
from appstoreserverlibrary.models.JWSTransactionDecodedPayload import JWSTransactionDecodedPayload
from appstoreserverlibrary.models.ResponseBodyV2DecodedPayload import ResponseBodyV2DecodedPayload
from appstoreserverlibrary.models.StatusResponse import StatusResponse
from django.utils import timezone
from stripe import StripeObject
from stripe.params import (
    BalanceTransactionListParams,
    DisputeListParams,
    InvoicePaymentListParams,
    PayoutListParams,
    RefundCreateParams,
    RefundListParams,
    TransferCreateParams,
    TransferListParams,
)
from stripe.params.checkout import SessionCreateParams, SessionListParams

from accounts.models import User
from billing.payees import payouts
from billing.payees.register import register_payee
from billing.provider_registry import stripe as stripe_client
from billing.providers.stripe import mapping
from billing.providers.stripe.connection import API_VERSION
from billing.reconciliation import reconcile
from billing.services.selling import refund_service
from billing.sync import requested_refunds
from billing.vocabulary import Provider
from testing import fake_stores
from testing.deliverer import delivering
from testing.factories import UserFactory
from testing.fake_stores.app_store import FakeAppStore, Signed
from testing.fake_stores.play_actions import World
from testing.fake_stripe import API_VERSION as FAKED_VERSION
from testing.fake_stripe import FakeStripe
from testing.fake_stripe.api import _OPENS, _READ, _SENDS, Api
from testing.fake_stripe.forms import decode
from testing.fake_stripe.server import Answer, Request
from testing.schemas.published_schemas import faults_of_apple, faults_of_stripe, is_published, params_not_published
from testing.web_purchases import buy, deliver_events, order_of, selling
from tests.billing.payees.moments import delivered, payout_of
from tests.billing.providers.stripe.test_other_products import another_products_page

GOOGLE = json.loads((Path(fake_stores.__file__).with_name("androidpublisher.v3.json")).read_text())


def test_code_fake_and_library_use_one_api_version():
    assert stripe.api_version in (None, API_VERSION)
    assert FAKED_VERSION == API_VERSION == stripe._api_version._ApiVersion.CURRENT


# --- Stripe ---
def everything_happens(fake: FakeStripe) -> None:
    fake.settle_in("pln", rate=4.25)
    pages = iter([_page(fake)["id"] for _ in range(6)])
    first = next(pages)
    fake.pay(first, "declined")
    payment = fake.pay(first)["payment_intent"]
    fake.fail_refund(fake.refund(payment, 100)["id"])
    dispute = fake.open_dispute(payment)["id"]
    fake.withdraw_funds(dispute)
    fake.reinstate_funds(dispute)
    fake.close_dispute(dispute, won=True)
    promised, bounced = next(pages), next(pages)
    fake.pay(promised, "bank_debit")
    fake.settle_refund(fake.refund(fake.settle_debit(promised)["payment_intent"])["id"])
    fake.pay(bounced, "bank_debit")
    fake.fail_debit(bounced)
    fake.expire(next(pages))
    inquiry = fake.open_dispute(fake.pay(next(pages))["payment_intent"], inquiry=True)["id"]
    fake.close_dispute(inquiry, won=True)
    subscription = fake.pay(_page(fake, interval="month")["id"])["subscription"]
    fake.renew(subscription)
    fake.fail_renewal(subscription)
    fake.fail_renewal(subscription)
    fake.renew(subscription)
    fake.cancel_at_period_end(subscription)
    fake.delete_subscription(subscription)
    account = fake.connect_account(currency="pln")["id"]
    transfer = fake.send({"amount": 100, "currency": "pln", "destination": account, "metadata": {"a": "b"}})["id"]
    fake.arrive(transfer)
    fake.reverse_transfer(transfer, 40)
    fake.reverse_transfer(transfer)
    fake.restrict_account(account)
    for last in ("failed", "canceled"):
        payout = fake.make_payout(1000, currency="pln")["id"]
        if last == "failed":
            fake.advance_payout(payout, "in_transit")
            fake.advance_payout(payout, "paid")
        fake.advance_payout(payout, last)


def _page(fake: FakeStripe, *, interval: str = "") -> dict[str, Any]:
    price = {"currency": "eur", "unit_amount": "4900", "product_data": {"name": "x"}}
    price |= {"recurring": {"interval": interval}} if interval else {}
    sent = {"mode": "subscription" if interval else "payment", "line_items": [{"price_data": price}]}
    return fake.open_page({**sent, "success_url": "https://example.org/", "metadata": {"a": "b"}})


EXPANDED = {
    "checkout.session": ["payment_intent", "invoice.payments"],
    "payment_intent": ["latest_charge.balance_transaction"],
    "refund": ["balance_transaction", "failure_balance_transaction"],
    "invoice": ["payments"],
    "balance_transaction": ["source"],
    "transfer": ["destination", "destination_payment.balance_transaction"],
}


def test_every_object_of_the_fake_stripe_fits_the_published_schema():
    with FakeStripe(auto_deliver=False) as fake:
        everything_happens(fake)
        said = [
            fake.seen(kind, ref, expand)
            for kind, things in fake.world.things.items()
            for ref in things
            for expand in ([], EXPANDED.get(kind, []))
        ]
        said += [thing for event in fake.events for thing in (event, event["data"]["object"])]
    kinds = {thing["object"] for thing in said}
    assert kinds >= {
        "account",
        "charge",
        "customer",
        "dispute",
        "event",
        "invoice_payment",
        "payout",
        "subscription",
        "transfer_reversal",
        *EXPANDED,
    }
    assert sorted({fault for thing in said for fault in faults_of_stripe(thing)}) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"payed": True}, "checkout.session.payed: no such field"),
        ({"status": "closed"}, "checkout.session.status"),
        ({"amount_total": "4900"}, "checkout.session.amount_total: '4900' is no int"),
        ({"mode": None}, "checkout.session.mode: None is no"),
        ({"total_details": {"tax": 1}}, "checkout.session.total_details.tax: no such field"),
        ({"payment_intent": {"object": "payment_intent", "id": "pi_1", "charge": "ch_1"}}, "session.payment_intent"),
        ({"invoice": {"object": "invoice", "id": "in_1", "subscription": "sub_1"}}, "session.invoice"),
        ({"object": "session"}, "session: there is no object session"),
    ],
    ids=str,
)
def test_an_object_outside_the_schema_is_reported(change: dict[str, Any], fault: str):
    """The control. The last fields except one are those of older versions of the API."""
    with FakeStripe(auto_deliver=False) as fake:
        session = _page(fake)
    assert any(fault in found for found in faults_of_stripe({**session, **change}))


@pytest.fixture
def read(monkeypatch) -> set[tuple[type, str]]:
    """One field of one of Stripe's classes, as the code reads it."""
    seen: set[tuple[type, str]] = set()
    attribute, item = StripeObject.__getattr__, StripeObject.__getitem__

    def record(reading):
        def reads(thing: StripeObject, name: str) -> Any:
            if not name.startswith("_"):
                seen.add((type(thing), name))
            return reading(thing, name)

        return reads

    monkeypatch.setattr(StripeObject, "__getattr__", record(attribute))
    monkeypatch.setattr(StripeObject, "__getitem__", record(item))
    return seen


@pytest.mark.django_db
def test_every_field_that_our_code_reads_is_published_by_stripe(settings, phone, read):
    with selling(settings) as fake:
        fake.settle_in("pln", rate=4.25)
        once, monthly = buy(phone), buy(phone, "corrosion_monthly")
        payment = fake.pay(order_of(once).provider_ref)["payment_intent"]
        subscription = fake.pay(order_of(monthly).provider_ref)["subscription"]
        fake.fail_refund(fake.refund(payment, 100)["id"])
        fake.refund(payment, 100)
        dispute = fake.open_dispute(payment)["id"]
        fake.withdraw_funds(dispute)
        fake.reinstate_funds(dispute)
        fake.close_dispute(dispute, won=True)
        fake.renew(subscription)
        fake.cancel_at_period_end(subscription)
        fake.delete_subscription(subscription)
        bounced = buy(phone)
        fake.pay(order_of(bounced).provider_ref, "bank_debit")
        fake.fail_debit(order_of(bounced).provider_ref)
        fake.make_payout(1000, currency="pln")
        deliver_events(fake)
        fake.settle_in("", rate=1)
        pay_payee_and_refund(fake, phone.owner)
        reconcile(Provider.STRIPE, timezone.now().date())
        stripe_client().close_checkout(order_of(buy(phone)).provider_ref)
    assert (stripe.SubscriptionItem, "current_period_end") in read
    assert (stripe.Dispute, "balance_transactions") in read
    assert len(read) > 60
    assert [(cls.__name__, name) for cls, name in sorted(read, key=str) if not is_published(cls, name)] == []


def pay_payee_and_refund(fake: FakeStripe, owner: User) -> None:
    """Pay a payee for a service, take a part back, and refund a part of the service on request."""
    payee = register_payee(
        user=UserFactory.create(), country="DE", currency="EUR", account_ref=fake.connect_account()["id"]
    )
    with delivering():
        order = delivered(owner, fake, payee)
        payout = payout_of(order)
        type(payout).objects.update(due_at=timezone.now())
        payouts.carry_out(payout.pk)
        payouts.sync(payout.pk)
        fake.reverse_transfer(payout_of(order).provider_ref, 10)
        refund_service(order.pk, cause="a part", amount_minor=100)
        requested_refunds.carry_out(order.refund_requests.get().pk)


def words_of(cls: type, field: str) -> set[str]:
    return {word for one in get_args(cls.__annotations__[field]) for word in get_args(one)}


def test_the_values_that_our_code_maps_are_published_by_stripe():
    assert set(mapping._DISPUTE_STATES) <= words_of(stripe.Dispute, "status")
    assert set(mapping._SUBSCRIPTION_STATES) <= words_of(stripe.Subscription, "status")
    assert set(mapping.PLANS) <= words_of(stripe.Price.Recurring, "interval")


PARAMETERS = {
    ("GET", "balance_transactions"): BalanceTransactionListParams,
    ("GET", "checkout/sessions"): SessionListParams,
    ("GET", "disputes"): DisputeListParams,
    ("GET", "invoice_payments"): InvoicePaymentListParams,
    ("GET", "payouts"): PayoutListParams,
    ("GET", "refunds"): RefundListParams,
    ("GET", "transfers"): TransferListParams,
    ("POST", "checkout/sessions"): SessionCreateParams,
    ("POST", "refunds"): RefundCreateParams,
    ("POST", "transfers"): TransferCreateParams,
}


@pytest.mark.django_db
def test_every_parameter_that_our_code_sends_is_published_by_stripe(settings, phone, monkeypatch):
    called: set[tuple[str, str]] = set()
    faults: set[str] = set()
    original = Api.answer

    def record(api: Api, request: Request) -> Answer:
        route = (request.method, request.path.removeprefix("/v1/"))
        if route in PARAMETERS:
            called.add(route)
            params = decode(request.query if request.method == "GET" else request.body.decode())
            faults.update(f"{route}: {name}" for name in params_not_published(params, PARAMETERS[route]))
        return original(api, request)

    monkeypatch.setattr(Api, "answer", record)
    with selling(settings) as fake:
        once, monthly = buy(phone), buy(phone, "corrosion_monthly")
        fake.pay(order_of(monthly).provider_ref)
        fake.refund(fake.pay(order_of(once).provider_ref)["payment_intent"], 100)
        deliver_events(fake)
        phone.post(f"/orders/{once['session_id']}/cancel", {})
        fake.pay(another_products_page(fake, mode="subscription")["id"])
        pay_payee_and_refund(fake, phone.owner)
        reconcile(Provider.STRIPE, timezone.now().date())
    assert (called, faults) == (set(PARAMETERS), set())


def test_an_unpublished_parameter_is_reported():
    """The control: a parameter name of an older version of the API, and a nested one."""
    fields = {"payment_method_types": ["card"], "line_items": [{"price_data": {"recurring": {"every": "month"}}}]}
    assert list(params_not_published(fields, SessionCreateParams)) == [
        "payment_method_types",
        "line_items.price_data.recurring.every",
    ]


def test_the_fake_accepts_only_published_parameters():
    assert set(_OPENS) <= set(SessionCreateParams.__annotations__)
    assert set(_SENDS) <= set(TransferCreateParams.__annotations__)
    for path, (_, narrows) in _READ.items():
        if ("GET", path) in PARAMETERS:
            assert set(narrows) <= set(PARAMETERS["GET", path].__annotations__), path


# --- App Store ---
def signed_by(apple: FakeAppStore, what: str, name: str) -> Iterator[Signed]:
    """Return everything that the fake signs during a busy history."""
    said: list[Signed] = []
    sign, apple.signed = apple.signed, lambda payload: said.append(payload) or sign(payload)
    inspection = apple.buy("osmosis_inspection", token=None, quantity=3, offerType=3, offerIdentifier="SPRING")
    original = apple.buy_in_the_sandbox("corrosion_monthly", token="5f0c2c5e-6a0b-4f0e-9b55-0c8a3e1d2f4b")
    apple.notification("ONE_TIME_CHARGE", inspection)
    apple.refund(inspection, revocationType="REFUND_PRORATED", revocationPercentage=50_000)
    apple.notification("REFUND", inspection)
    apple.renew(original, environment="Sandbox")
    apple.fail_renewal_into_grace(original)
    apple.notification("DID_FAIL_TO_RENEW", original, subtype="GRACE_PERIOD")
    apple.expire(original)
    apple.notification("EXPIRED", original, subtype="VOLUNTARY")
    apple.notification("TEST")
    return ({key: value for key, value in each.items() if value is not None} for each in said if what in each)


@pytest.mark.parametrize(
    ("what", "model"),
    [
        ("purchaseDate", JWSTransactionDecodedPayload),
        ("autoRenewStatus", JWSRenewalInfoDecodedPayload),
        ("notificationType", ResponseBodyV2DecodedPayload),
    ],
)
def test_every_payload_of_the_fake_app_store_fits_the_models_of_apple(what: str, model: type):
    with FakeAppStore() as apple:
        said = list(signed_by(apple, what, model.__name__))
        statuses = apple._statuses(apple.latest(next(iter(apple.renewals))))
    assert len(said) > 1
    assert [fault for each in said for fault in faults_of_apple(each, model)] == []
    assert list(faults_of_apple(statuses, StatusResponse)) == []
    assert list(faults_of_apple({**said[0], "invented": 1}, model)) == [f"{model.__name__}.invented: no such field"]


# --- Google Play: the excerpt of its discovery document is beside the fakes ---
def faults_of_google(said: Any, name: str) -> Iterator[str]:
    known = GOOGLE["schemas"][name]
    for field, value in said.items():
        if field not in known:
            yield f"{name}.{field}: no such field"
        else:
            yield from _of_google(value, known[field], f"{name}.{field}")


def _of_google(value: Any, kind: dict[str, Any], where: str) -> Iterator[str]:
    types = {"string": str, "integer": int, "boolean": bool, "array": list}
    if "$ref" in kind:
        yield from faults_of_google(value, kind["$ref"])
    elif type(value) is not types[kind["type"]]:
        yield f"{where}: {value!r} is no {kind['type']}"
    elif kind["type"] == "array":
        for row in value:
            yield from _of_google(row, kind["items"], where)
    elif value not in kind.get("enum", [value]):
        yield f"{where}: {value!r} is none of its words"


def test_every_object_of_the_fake_google_play_fits_the_published_schema():
    world = World()
    token, plan = world.buy("owner", quantity=3, purchaseType=1), world.subscribe("owner")
    world.void_some(token, left=1)
    world.void(token)
    world.item(plan).update(signupPromotion={"oneTimeCode": {}}, offerPhase={"freeTrial": {}})
    world.subscriptions[plan]["testPurchase"] = {}
    states = [dict(world.subscriptions[plan])]
    for change in (world.into_grace, world.on_hold, world.cancel, world.renew, world.upgrade, world.void, world.expire):
        change(plan)
        states.append(dict(world.subscriptions[plan]))
    states += world.subscriptions.values()
    found = {fault for each in states for fault in faults_of_google(each, "SubscriptionPurchaseV2")}
    found |= {fault for row in world.voided for fault in faults_of_google(row, "VoidedPurchase")}
    found |= set(faults_of_google(world.products[token]["body"], "ProductPurchase"))
    assert found == set()
    assert list(faults_of_google({"paid": 1, "quantity": "3"}, "ProductPurchase")) == [
        "ProductPurchase.paid: no such field",
        "ProductPurchase.quantity: '3' is no integer",
    ]


def test_every_parameter_of_the_voided_list_is_published_by_google():
    assert {"startTime", "endTime", "type", "maxResults", "token", "includeQuantityBasedPartialRefund"} <= set(
        GOOGLE["voidedpurchases.list"]
    )
