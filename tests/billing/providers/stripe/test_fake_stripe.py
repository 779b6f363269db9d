"""Test the Stripe adapter against the fake Stripe over real HTTP: requests, answers and refusals."""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

import pytest
import stripe

from billing.providers.balance import BalanceTransaction, BalanceTransactionKind
from billing.providers.base import (
    EventSubject,
    InvalidSignature,
    ProviderRefused,
    ProviderUnavailable,
)
from billing.providers.stripe.client import StripeProvider
from billing.providers.stripe.connection import API_VERSION, open_client
from billing.providers.stripe.signature import StripeEvents
from billing.vocabulary import DisputeState, SubscriptionState
from testing.fake_stripe import API_VERSION as SPOKEN
from testing.fake_stripe import FakeStripe, FakeStripeError, fee_of
from testing.fake_stripe.forms import decode

PRICE = 14900
GRACE = timedelta(days=14)
DAY = date(2026, 3, 31)
NOON = datetime(2026, 3, 31, 12, tzinfo=UTC).timestamp()


class Clock:
    def __init__(self, at: float) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock():
    return Clock(NOON)


@pytest.fixture
def fake(clock):
    with FakeStripe(clock=clock) as running:
        yield running


@pytest.fixture
def provider(fake):
    return provider_of(fake)


def provider_of(fake, *, secret_key="sk_test_fake", timeout_seconds=5.0):
    client = open_client(secret_key=secret_key, api_base=fake.base_url, timeout_seconds=timeout_seconds)
    return StripeProvider(client=client, grace=GRACE)


def opened(provider, *, order_id="order-1", plan="", price_minor=PRICE):
    return provider.open_checkout(
        order_id=order_id,
        name="Hull inspection",
        price_minor=price_minor,
        currency="EUR",
        plan=plan,
        success_url="https://example.org/thanks?session={CHECKOUT_SESSION_ID}",
        cancel_url="https://example.org/cart",
    )


def paid(provider, fake, **order):
    page = opened(provider, **order)
    fake.pay(page.ref)
    return provider.checkout(page.ref)


def subscribed(provider, fake):
    return paid(provider, fake, plan="monthly", price_minor=900)


def kinds(fake):
    return [event["type"] for event in fake.events]


def moved(movement: BalanceTransaction):
    return (movement.kind, movement.source_ref, movement.payment_ref, movement.amount_minor, movement.fee_minor)


# Pages


def test_the_fake_and_the_adapter_use_the_same_api_version():
    assert SPOKEN == API_VERSION


def test_opening_an_order_twice_returns_one_page(provider):
    first, again, other = opened(provider), opened(provider), opened(provider, order_id="order-2")
    assert first == again
    assert other.ref != first.ref
    assert (first.order_id, first.amount_minor, first.currency) == ("order-1", PRICE, "EUR")
    assert first.url
    assert not (first.is_paid)
    assert not (first.is_expired)
    assert not (first.has_failed)
    assert not (first.payment_ref)


def test_the_key_of_an_order_with_another_body_is_refused(provider):
    opened(provider)
    with pytest.raises(ProviderRefused):
        opened(provider, price_minor=PRICE + 1)


def test_a_card_pays_and_costs_a_fee(provider, fake):
    page = paid(provider, fake)
    assert page.is_paid
    assert page.url is None
    assert page.payment_ref.startswith("pi_")
    assert provider.payment(page.payment_ref).fee_minor == fee_of(PRICE) == 25 + 224
    assert provider.checkout_of_payment(page.payment_ref) == page
    assert {"payment_intent.succeeded", "checkout.session.completed"} <= set(kinds(fake))


def test_a_declined_card_leaves_the_page_open(provider, fake):
    page = opened(provider)
    fake.pay(page.ref, "declined")
    declined = provider.checkout(page.ref)
    assert declined.url == page.url
    assert not (declined.is_paid)
    assert not (declined.has_failed)
    assert provider.payment(declined.payment_ref).fee_minor is None
    fake.pay(page.ref)
    assert provider.checkout(page.ref).is_paid
    assert provider.checkout(page.ref).payment_ref == declined.payment_ref


def test_a_bank_debit_is_paid_or_fails_later(provider, fake):
    paid, failed = opened(provider, order_id="paid"), opened(provider, order_id="failed")
    for page in (paid, failed):
        fake.pay(page.ref, "bank_debit")
        promised = provider.checkout(page.ref)
        assert not (promised.is_paid)
        assert not (promised.has_failed)
        assert not (promised.url)
    fake.settle_debit(paid.ref)
    fake.fail_debit(failed.ref)
    assert provider.checkout(paid.ref).is_paid
    assert not provider.checkout(paid.ref).has_failed
    assert provider.checkout(failed.ref).has_failed
    assert not provider.checkout(failed.ref).is_paid
    assert {"checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed"} <= set(kinds(fake))


def test_a_closed_page_cannot_be_paid_and_a_paid_one_not_closed(provider, fake):
    closed = provider.close_checkout(opened(provider).ref)
    assert closed.is_expired
    assert provider.close_checkout(closed.ref) == closed
    with pytest.raises(FakeStripeError):
        fake.pay(closed.ref)
    with pytest.raises(ProviderRefused):
        provider.close_checkout(paid(provider, fake, order_id="order-2").ref)


def test_a_faked_amount_is_shown_and_the_true_one_is_moved(provider, fake):
    page = paid(provider, fake)
    fake.lie(page.ref, amount_total=1, currency="usd")
    assert (provider.checkout(page.ref).amount_minor, provider.checkout(page.ref).currency) == (1, "USD")
    assert provider.payment(page.payment_ref).fee_minor == fee_of(PRICE)
    fake.lie(page.ref)
    assert provider.checkout(page.ref) == page


# Refunds


def test_refunds_in_parts_never_exceed_the_payment(provider, fake):
    ref = paid(provider, fake).payment_ref
    provider.refund(ref, amount_minor=4900, key="a")
    provider.refund(ref, amount_minor=4900, key="a")
    with pytest.raises(ProviderRefused):
        provider.refund(ref, amount_minor=10001, key="b")
    provider.refund(ref, amount_minor=10000, key="c")
    with pytest.raises(ProviderRefused, match="charge_already_refunded"):
        provider.refund(ref, amount_minor=1, key="d")
    assert sorted(refund.amount_minor for refund in provider.payment(ref).refunds) == [4900, 10000]
    assert kinds(fake).count("charge.refunded") == 2


@pytest.mark.parametrize("status", [0, 500])
def test_a_refund_with_a_lost_answer_is_made_once(provider, fake, status):
    ref = paid(provider, fake).payment_ref
    fake.fail_next(status=status, after_effect=True)
    with pytest.raises(ProviderUnavailable):
        provider.refund(ref, amount_minor=5000, key="a")
    provider.refund(ref, amount_minor=5000, key="a")
    assert [refund.amount_minor for refund in provider.payment(ref).refunds] == [5000]


def test_parallel_requests_with_one_key_have_one_effect(provider, fake):
    ref = paid(provider, fake).payment_ref
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: provider.refund(ref, amount_minor=100, key="a"), range(48)))
    assert len(provider.payment(ref).refunds) == 1


def test_a_refund_can_fail_later(provider, fake):
    ref = paid(provider, fake).payment_ref
    refund = fake.refund(ref, 5000)
    fake.fail_refund(refund["id"])
    (failed,) = provider.payment(ref).refunds
    assert (failed.ref, failed.amount_minor, failed.is_reversed) == (refund["id"], 5000, True)
    assert fake.refund(ref)["amount"] == PRICE
    assert "refund.failed" in kinds(fake)


def test_a_refund_of_a_bank_debit_counts_when_it_arrives(provider, fake):
    page = opened(provider)
    fake.pay(page.ref, "bank_debit")
    fake.settle_debit(page.ref)
    ref = provider.checkout(page.ref).payment_ref
    refund = fake.refund(ref)
    assert provider.payment(ref).refunds == ()
    fake.settle_refund(refund["id"])
    assert [found.amount_minor for found in provider.payment(ref).refunds] == [PRICE]


# Disputes


def test_a_dispute_withdraws_money_and_a_fee(provider, fake, clock):
    ref = paid(provider, fake).payment_ref
    dispute = fake.open_dispute(ref)
    (found,) = provider.payment(ref).disputes
    assert (found.ref, found.state, found.reason) == (dispute["id"], DisputeState.OPEN, "fraudulent")
    assert (found.amount_minor, found.withdrawn_minor, found.fee_minor) == (PRICE, 0, 0)
    assert found.evidence_due_at == datetime.fromtimestamp(clock.at, UTC) + timedelta(days=9)
    fake.withdraw_funds(dispute["id"])
    (found,) = provider.payment(ref).disputes
    assert (found.withdrawn_minor, found.fee_minor) == (PRICE, 1500)
    with pytest.raises(ProviderRefused, match="charge_disputed"):
        provider.refund(ref, amount_minor=1, key="a")


def test_a_refusal_is_replayed_under_its_key_for_a_day(provider, fake, clock):
    ref = paid(provider, fake).payment_ref
    dispute = fake.open_dispute(ref)["id"]
    with pytest.raises(ProviderRefused, match="charge_disputed"):
        provider.refund(ref, amount_minor=1, key="a")
    fake.close_dispute(dispute, won=True)
    with pytest.raises(ProviderRefused, match="charge_disputed"):
        provider.refund(ref, amount_minor=1, key="a")
    clock.at += 86400
    provider.refund(ref, amount_minor=1, key="a")
    assert len(provider.payment(ref).refunds) == 1


@pytest.mark.parametrize("won", [True, False])
def test_a_dispute_can_be_won_or_lost(provider, fake, won):
    ref = paid(provider, fake).payment_ref
    dispute = fake.open_dispute(ref, 5000, fee_minor=2000)
    fake.withdraw_funds(dispute["id"])
    fake.close_dispute(dispute["id"], won=won)
    if won:
        fake.reinstate_funds(dispute["id"])
    (found,) = provider.payment(ref).disputes
    assert found.state == (DisputeState.WON if won else DisputeState.LOST)
    assert (found.amount_minor, found.withdrawn_minor, found.fee_minor) == (5000, 5000, 2000)
    sent = [kind.rpartition(".")[2] for kind in kinds(fake) if "dispute" in kind]
    assert sent == ["created", "funds_withdrawn", "closed", *["funds_reinstated"][: int(won)]]


def test_an_inquiry_costs_nothing(provider, fake):
    ref = paid(provider, fake).payment_ref
    fake.close_dispute(fake.open_dispute(ref, inquiry=True)["id"], won=False)
    (found,) = provider.payment(ref).disputes
    assert (found.state, found.withdrawn_minor, found.fee_minor) == (DisputeState.WON, 0, 0)
    provider.refund(ref, amount_minor=PRICE, key="a")


# Subscriptions


def test_a_subscription_has_a_first_invoice(provider, fake):
    page = subscribed(provider, fake)
    assert page.is_paid
    found = provider.subscription(page.subscription_ref)
    assert (found.plan, found.state, found.order_id) == ("monthly", SubscriptionState.ACTIVE, "order-1")
    assert found.ends_at == datetime(2026, 4, 30, 12, tzinfo=UTC)
    invoice = provider.invoice_of_payment(page.payment_ref)
    assert invoice is not None
    assert (invoice.subscription_ref, invoice.payment_ref) == (page.subscription_ref, page.payment_ref)
    assert (invoice.is_paid, invoice.is_first, invoice.amount_minor, invoice.currency) == (True, True, 900, "EUR")
    assert invoice.period_ends_at == found.ends_at
    assert provider.payment(page.payment_ref).fee_minor == fee_of(900)
    assert provider.checkout_of_payment(page.payment_ref) is None


def test_the_payment_of_a_page_has_no_invoice(provider, fake):
    assert provider.invoice_of_payment(paid(provider, fake).payment_ref) is None


def test_a_yearly_plan_ends_after_a_year(provider, fake):
    page = paid(provider, fake, plan="yearly")
    found = provider.subscription(page.subscription_ref)
    assert (found.plan, found.ends_at) == ("yearly", datetime(2027, 3, 31, 12, tzinfo=UTC))


def test_a_renewal_adds_a_period_and_an_invoice(provider, fake):
    page = subscribed(provider, fake)
    bill = fake.renew(page.subscription_ref)
    invoice = provider.invoice(bill["id"])
    assert invoice is not None
    assert (invoice.is_paid, invoice.is_first, invoice.amount_minor) == (True, False, 900)
    assert invoice.payment_ref not in ("", page.payment_ref)
    assert invoice.period_ends_at == datetime(2026, 5, 30, 12, tzinfo=UTC)
    found = provider.subscription(page.subscription_ref)
    assert (found.state, found.ends_at) == (SubscriptionState.ACTIVE, invoice.period_ends_at)
    assert provider.checkout(page.ref).payment_ref == page.payment_ref


def test_an_unpaid_renewal_has_grace_and_can_be_paid_late(provider, fake):
    page = subscribed(provider, fake)
    bill = fake.fail_renewal(page.subscription_ref)
    fake.fail_renewal(page.subscription_ref)
    found = provider.subscription(page.subscription_ref)
    assert (found.state, found.ends_at) == (SubscriptionState.GRACE, datetime(2026, 4, 30, 12, tzinfo=UTC) + GRACE)
    invoice = provider.invoice(bill["id"])
    assert invoice is not None
    assert (invoice.is_paid, invoice.amount_minor) == (False, 0)
    assert fake.renew(page.subscription_ref)["id"] == bill["id"]
    assert provider.subscription(page.subscription_ref).state == SubscriptionState.ACTIVE
    late = provider.invoice(bill["id"])
    assert late is not None
    assert (late.is_paid, late.amount_minor, late.payment_ref) == (True, 900, invoice.payment_ref)


def test_a_cancelled_subscription_ends_with_its_period(provider, fake):
    page = subscribed(provider, fake)
    fake.cancel_at_period_end(page.subscription_ref)
    found = provider.subscription(page.subscription_ref)
    assert (found.state, found.ends_at) == (SubscriptionState.CANCELLED, datetime(2026, 4, 30, 12, tzinfo=UTC))
    with pytest.raises(FakeStripeError):
        fake.renew(page.subscription_ref)


def test_a_deleted_subscription_ends_at_once(provider, fake, clock):
    page = subscribed(provider, fake)
    fake.delete_subscription(page.subscription_ref)
    found = provider.subscription(page.subscription_ref)
    assert (found.state, found.ends_at) == (SubscriptionState.LAPSED, datetime.fromtimestamp(clock.at, UTC))
    assert "customer.subscription.deleted" in kinds(fake)


def test_a_subscription_can_be_paid_by_card_only(provider, fake):
    page = opened(provider, plan="monthly")
    with pytest.raises(FakeStripeError):
        fake.pay(page.ref, "bank_debit")


# The day's books


def test_the_balance_transactions_of_a_day_are_listed(provider, fake, clock):
    clock.at = NOON - 86400
    before = paid(provider, fake, order_id="before").payment_ref
    clock.at = NOON
    page = paid(provider, fake)
    refund = fake.refund(page.payment_ref, 1000)
    fake.fail_refund(refund["id"])
    dispute = fake.open_dispute(page.payment_ref, 2000)["id"]
    fake.withdraw_funds(dispute)
    fake.reinstate_funds(dispute)
    payout = fake.make_payout(500)
    clock.at = NOON + 86400
    fake.refund(before)
    assert [moved(movement) for movement in reversed(provider.balance_transactions(first=DAY, last=DAY))] == [
        (BalanceTransactionKind.PAYMENT, page.payment_ref, page.payment_ref, PRICE, fee_of(PRICE)),
        (BalanceTransactionKind.REFUND, refund["id"], page.payment_ref, -1000, 0),
        (BalanceTransactionKind.REFUND_FAILURE, refund["id"], page.payment_ref, 1000, 0),
        (BalanceTransactionKind.DISPUTE, dispute, page.payment_ref, -2000, 1500),
        (BalanceTransactionKind.DISPUTE_REVERSAL, dispute, page.payment_ref, 2000, 0),
        (BalanceTransactionKind.PAYOUT, payout["id"], "", -500, 0),
    ]
    assert len(provider.balance_transactions(first=DAY - timedelta(days=1), last=DAY + timedelta(days=1))) == 8


def test_a_busy_day_is_read_through_all_pages(provider, fake):
    ref = paid(provider, fake).payment_ref
    refunds = {fake.refund(ref, 10)["id"] for _ in range(120)}
    found = provider.balance_transactions(first=DAY, last=DAY)
    assert len(found) == 121
    assert {movement.source_ref for movement in found} == {*refunds, ref}
    assert {refund.ref for refund in provider.payment(ref).refunds} == refunds


def test_the_payouts_of_a_day_are_listed(provider, fake, clock):
    paid(provider, fake)
    sent, lost = fake.make_payout(1000), fake.make_payout()
    assert lost["amount"] == PRICE - fee_of(PRICE) - 1000
    fake.advance_payout(sent["id"], "in_transit")
    fake.advance_payout(sent["id"], "paid")
    fake.advance_payout(lost["id"], "failed")
    found = {payout.ref: payout for payout in provider.payouts(first=DAY, last=DAY)}
    assert {ref: payout.state for ref, payout in found.items()} == {sent["id"]: "settled", lost["id"]: "failed"}
    assert found[sent["id"]].arrives_on == DAY + timedelta(days=2)
    assert provider.payouts(first=DAY + timedelta(days=1), last=DAY + timedelta(days=1)) == []
    back = [
        movement
        for movement in provider.balance_transactions(first=DAY, last=DAY)
        if movement.kind == BalanceTransactionKind.OTHER
    ]
    assert [movement.amount_minor for movement in back] == [lost["amount"]]
    with pytest.raises(FakeStripeError):
        fake.advance_payout(lost["id"], "paid")


# Faults


@pytest.mark.parametrize("status", [0, 409, 429, 500, 503])
def test_the_provider_works_again_after_a_failure(provider, fake, status):
    fake.fail_next(status=status)
    with pytest.raises(ProviderUnavailable):
        opened(provider)
    assert opened(provider).url


def test_an_outage_raises_provider_unavailable(provider, fake):
    page = opened(provider)
    fake.set_faults(down=True)
    with pytest.raises(ProviderUnavailable):
        provider.checkout(page.ref)
    fake.set_faults(down=False)
    assert provider.checkout(page.ref) == page


def test_a_timeout_counts_as_an_outage_and_keeps_the_page(fake, provider):
    hasty = provider_of(fake, timeout_seconds=0.2)
    fake.set_faults(delay_seconds=0.5)
    with pytest.raises(ProviderUnavailable):
        opened(hasty)
    fake.set_faults(delay_seconds=0)
    page = opened(provider)
    time.sleep(0.5)
    assert opened(provider) == page


def test_a_wrong_key_counts_as_an_outage(fake):
    with pytest.raises(ProviderUnavailable, match="AuthenticationError"):
        provider_of(fake, secret_key="sk_test_other").balance_transactions(first=DAY, last=DAY)


@pytest.mark.parametrize("method", ["checkout", "payment", "subscription", "invoice", "close_checkout"])
def test_an_unknown_id_is_refused(provider, method):
    with pytest.raises(ProviderRefused, match="resource_missing"):
        getattr(provider, method)("zz_unknown")


def test_the_fake_refuses_parameters_that_stripe_refuses(fake):
    client = stripe.StripeClient("sk_test_fake", base_addresses={"api": fake.base_url}, max_network_retries=0)
    for params in ({}, {"mode": "payment", "success_url": "x", "line_items": [{}]}, {"moode": "payment"}):
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.checkout.sessions.create(params)
    for params in ({"expand": ["data.id"]}, {"starting_after": "pi_none"}, {"limit": "many"}, {"colour": "red"}):
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.charges.list({"limit": 1, **params}) if "expand" not in params else client.v1.charges.retrieve(
                "ch_none", params
            )


# Webhooks


def event_of_kind(fake, kind):
    return next(event for event in fake.events if event["type"] == kind)


def two_times(body, headers, at):
    return body, {"Stripe-Signature": f"{headers['Stripe-Signature']},t={int(at)}"}


def read(fake, body, headers):
    return StripeEvents(secret=fake.webhook_secret).read_event(body, headers)


def test_a_signed_event_names_its_subject(provider, fake):
    page = subscribed(provider, fake)
    once = paid(provider, fake, order_id="order-2")
    fake.refund(once.payment_ref)
    expected = {
        "checkout.session.completed": (EventSubject.CHECKOUT, page.ref),
        "customer.subscription.created": (EventSubject.SUBSCRIPTION, page.subscription_ref),
        "payment_intent.succeeded": (EventSubject.PAYMENT, page.payment_ref),
        "charge.refunded": (EventSubject.PAYMENT, once.payment_ref),
        "refund.created": (EventSubject.PAYMENT, once.payment_ref),
        "payout.created": (EventSubject.NOTHING, ""),
    }
    fake.make_payout(1)
    for kind, said in expected.items():
        event = event_of_kind(fake, kind)
        found = read(fake, *fake.signed(event))
        assert (found.id, found.kind, found.about, found.ref) == (event["id"], kind, *said)
    assert len({event["id"] for event in fake.events}) == len(fake.events)


def test_forged_events_are_refused(provider, fake):
    paid(provider, fake)
    event = fake.events[-1]
    body, headers = fake.signed(event)
    now = time.time()
    forged = [
        fake.signed(event, secret="whsec_other"),
        fake.signed(event, secret=""),
        fake.signed(event, at=now - 301),
        fake.signed(event, at=now + 301),
        (body.replace(b"complete", b"completE"), headers),
        (body, {}),
        (body, {"Stripe-Signature": ""}),
        two_times(*fake.signed(event, at=now + 301), now),
        (body, {"Stripe-Signature": headers["Stripe-Signature"].replace("v1=", "v0=")}),
        fake.signed({"id": "evt_1"}),
    ]
    for attempt in forged:
        with pytest.raises(InvalidSignature):
            read(fake, *attempt)
    assert read(fake, body, headers).id == event["id"]
    assert read(fake, *fake.signed(event, at=now - 290)).id == event["id"]


class Inbox(HTTPServer):
    """Accepts posts; answers with the next of `statuses`, then with `status`."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _InboxHandler)
        self.taken, self.statuses = [], []


class _InboxHandler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((body, dict(self.headers)))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def inbox(fake):
    with Inbox() as listening:
        threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        fake.webhook_url = f"http://127.0.0.1:{listening.server_address[1]}/hook"
        yield listening
        listening.shutdown()


def test_events_are_sent_at_once(provider, fake, inbox):
    page = opened(provider)
    assert inbox.taken == []
    fake.pay(page.ref)
    events = [read(fake, body, headers) for body, headers in inbox.taken]
    assert [event.id for event in events] == [event["id"] for event in fake.events]
    assert events[-1].ref == page.ref


def test_events_can_be_repeated_shuffled_and_sent_in_parallel(provider, fake, inbox):
    fake.auto_deliver = False
    paid(provider, fake)
    assert inbox.taken == []
    sent = len(fake.events)
    assert fake.deliver(times=3, seed=1, senders=4) == [200] * 3 * sent
    ids = [read(fake, body, headers).id for body, headers in inbox.taken]
    in_order = [event["id"] for event in fake.events for _ in range(3)]
    assert sorted(ids) == sorted(in_order)
    assert ids != in_order


def test_refused_events_are_sent_again_on_request(provider, fake, inbox):
    fake.auto_deliver = False
    paid(provider, fake)
    inbox.statuses = [500, 400]
    assert fake.deliver(fake.events[:1]) == [500]
    assert fake.deliver(fake.events[:1], retries=3) == [200]
    assert len(inbox.taken) == 3


def test_a_delivery_without_a_receiver_returns_status_0(provider, fake):
    fake.webhook_url = "http://127.0.0.1:9/hook"
    fake.pay(opened(provider).ref)
    assert set(fake.deliver()) == {0}


# The page and the process


def fetch(url, method="GET", body=None):
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=5)
    connection.request(method, parts.path, body)
    answer = connection.getresponse()
    return answer.status, answer.getheader("Location"), answer.read().decode()


def test_a_person_can_pay_on_the_page(provider, fake):
    page = opened(provider)
    assert "149.00 EUR" in fetch(page.url)[2]
    assert fetch(page.url, "POST", "how=cancel")[:2] == (303, "https://example.org/cart")
    assert "declined" in fetch(page.url, "POST", "how=declined")[2]
    assert fetch(page.url, "POST", "how=card")[:2] == (303, f"https://example.org/thanks?session={page.ref}")
    assert "complete" in fetch(page.url)[2]
    assert fetch(page.url, "POST", "how=card")[0] == 400
    assert fetch(f"{fake.base_url}/pay/cs_none")[0] == 404
    assert provider.checkout(page.ref).is_paid


def test_the_fake_as_a_process_is_driven_over_http(inbox, fake):
    options = {"stripe": {"webhook_url": fake.webhook_url}}
    command = [sys.executable, "-m", "testing.fake_services", json.dumps(options)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ}) as process:
        base_url = process.stdout.readline().removeprefix("fake stripe: ").strip()

        def world(method, **arguments):
            request = urllib.request.Request(f"{base_url}/_world/{method}", json.dumps(arguments).encode())
            with urllib.request.urlopen(request, timeout=5) as answer:
                return json.loads(answer.read())

        try:
            client = open_client(secret_key="sk_test_fake", api_base=base_url, timeout_seconds=5)
            provider = StripeProvider(client=client, grace=GRACE)
            page = opened(provider)
            assert world("pay", session_id=page.ref)["payment_status"] == "paid"
            assert [read(fake, *taken).id for taken in inbox.taken] == [event["id"] for event in world("events")]
            assert world("fail_next", n=1) is None
            with pytest.raises(ProviderUnavailable):
                provider.checkout(page.ref)
            for wrong in ("pay", "__init__", "stop"):
                with pytest.raises(urllib.error.HTTPError):
                    world(wrong, nonsense=1)
            assert provider.checkout(page.ref).is_paid
        finally:
            process.terminate()


def test_the_form_encoding_of_stripe_is_decoded():
    assert decode("a=1&b[c]=2&b[d][0][e]=3&b[d][1][e]=%C3%A9&expand[]=x&n=") == {
        "a": "1",
        "b": {"c": "2", "d": [{"e": "3"}, {"e": "é"}]},
        "expand": ["x"],
        "n": "",
    }


def test_a_fake_with_a_memory_knows_what_existed_before_its_restart(tmp_path, clock):
    memory = str(tmp_path / "fake-stripe.json")
    with FakeStripe(clock=clock, memory=memory) as before:
        session = opened(provider_of(before))
        before.pay(session.ref)
        unpaid = opened(provider_of(before), order_id="order-2")
    with FakeStripe(clock=clock, memory=memory) as after:
        provider = provider_of(after)
        assert provider.checkout(session.ref).payment_ref
        url = provider.checkout(unpaid.ref).url
        assert url.startswith(after.base_url)
