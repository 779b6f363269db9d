"""Test buying on the web: the order comes first, only the provider's event pays it, and no order is left stuck."""

from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from billing import orders
from billing.ledger import inspection_credits, journal
from billing.models import LedgerTransaction, Order, ProviderEvent
from billing.provider_registry import stripe
from billing.sync import polling
from billing.tasks import sweep_payments
from billing.vocabulary import Account, EntryKind, OrderStatus
from testing.fake_stripe import FakeStripeError, fee_of
from testing.phone import Phone
from testing.web_purchases import buy, deliver_events, order_of, post, selling, work_off
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
PRICE = 4900


@pytest.fixture
def fake(settings):
    with selling(settings) as fake:
        yield fake


def session_of(page: dict) -> str:
    return order_of(page).provider_ref


def status(page: dict) -> str:
    return order_of(page).status


def money(page: dict) -> dict[Account, int]:
    order = order_of(page)
    found = {account: journal.posted_amount(*EntryKind, order=order, account=account) for account in Account}
    return {account: amount for account, amount in found.items() if amount}


def later(minutes: float = 2):
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes))


def paid_page(phone: Phone, fake) -> dict:
    page = buy(phone)
    fake.pay(session_of(page))
    deliver_events(fake)
    return page


def test_a_paid_page_grants_its_product(phone, fake):
    page = buy(phone)
    assert (page["status"], page["url"].startswith(fake.base_url)) == ("open", True)
    assert status(page) == OrderStatus.PENDING
    assert phone.credits() == (0, 0)
    fake.pay(session_of(page))
    assert phone.credits() == (0, 0)  # only the provider's event counts, and it has not arrived
    deliver_events(fake)
    assert phone.credits() == (1, 0)
    assert money(page) == {
        Account.CASH: PRICE - fee_of(PRICE),
        Account.FEES: fee_of(PRICE),
        Account.DEFERRED_REVENUE: -PRICE,
    }
    assert phone.get(f"/checkout/sessions/{page['session_id']}").json() == {**page, "url": None, "status": "paid"}


def test_a_poll_of_the_page_finds_the_payment_before_its_event(phone, fake):
    page = buy(phone)
    fake.pay(session_of(page))
    assert phone.get(f"/checkout/sessions/{page['session_id']}").json()["status"] == "paid"
    assert phone.credits() == (1, 0)
    deliver_events(fake, times=3)
    assert phone.credits() == (1, 0)


def test_the_same_key_returns_the_same_page(phone, fake):
    body, key = {"product": "osmosis_inspection"}, {"HTTP_IDEMPOTENCY_KEY": "once"}
    first, second = (phone.post("/checkout/sessions", body, **key) for _ in range(2))
    assert first.json() == second.json()
    assert second["Idempotent-Replayed"] == "true"
    assert Order.objects.count() == 1


def test_a_page_is_visible_to_its_owner_only(phone, fake, stranger, client):
    page = buy(phone)
    path = f"/checkout/sessions/{page['session_id']}"
    refused(Phone.of(stranger).get(path), 404, "NOT_FOUND")
    refused(client.get(f"/v1{path}"), 401, "AUTHENTICATION_REQUIRED")


@pytest.mark.parametrize("product", ["nothing", "", None, 7])
def test_an_unsold_product_is_refused_and_leaves_nothing(phone, fake, product):
    refused(phone.post("/checkout/sessions", {"product": product}), 400, "VALIDATION_ERROR")
    assert not Order.objects.exists()


def test_nothing_is_sold_on_the_web_without_a_provider(phone, settings):
    settings.STRIPE_SECRET_KEY = ""
    refused(phone.post("/checkout/sessions", {"product": "osmosis_inspection"}), 400, "VALIDATION_ERROR")
    assert not Order.objects.exists()


@pytest.mark.parametrize("how", ["down", "answer lost", "slow"])
def test_an_order_is_resolved_after_an_outage_of_the_provider(phone, fake, settings, how):
    if how == "down":
        fake.down = True
    elif how == "answer lost":
        fake.fail_next(after_effect=True)
    else:
        settings.STRIPE_TIMEOUT_SECONDS, fake.delay_seconds = 0.2, 1.0
        stripe.cache_clear()
    refused(phone.post("/checkout/sessions", {"product": "osmosis_inspection"}), 503, "SERVICE_UNAVAILABLE")
    order = Order.objects.get()
    assert order.status == OrderStatus.CREATED
    fake.down, fake.delay_seconds = False, 0
    with later():
        sweep_payments()
    order.refresh_from_db()
    assert order.status == OrderStatus.PENDING
    fake.pay(order.provider_ref)
    deliver_events(fake)
    assert phone.credits() == (1, 0)


def test_polling_finds_a_payment_without_an_event(phone, fake):
    page = buy(phone)
    fake.pay(session_of(page))
    sweep_payments()
    assert phone.credits() == (0, 0)  # the provider is queried later, not at once
    with later():
        sweep_payments()
    assert (status(page), phone.credits()) == (OrderStatus.PAID, (1, 0))


def test_an_abandoned_page_is_polled_less_and_less_and_expires(phone, fake):
    page = buy(phone)
    polls = 0
    for hours in range(1, 24):
        with time_machine.travel(timezone.now() + timedelta(hours=hours)):
            polls += polling.due_orders().count()
            sweep_payments()
    assert 3 < polls < 24
    fake.expire(session_of(page))
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        sweep_payments()
        assert not polling.due_orders().exists()
    assert (status(page), money(page)) == (OrderStatus.EXPIRED, {})
    answer_body = phone.get(f"/checkout/sessions/{page['session_id']}").json()
    assert (answer_body["status"], answer_body["url"]) == ("expired", None)


def test_a_bank_debit_is_paid_when_it_arrives(phone, fake):
    page = buy(phone)
    fake.pay(session_of(page), "bank_debit")
    deliver_events(fake)
    assert (status(page), phone.credits()) == (OrderStatus.PENDING, (0, 0))
    done = len(fake.events)
    fake.settle_debit(session_of(page))
    deliver_events(fake, since=done)
    assert (status(page), phone.credits()) == (OrderStatus.PAID, (1, 0))


def test_a_bank_debit_that_fails_grants_nothing(phone, fake):
    page = buy(phone)
    fake.pay(session_of(page), "bank_debit")
    fake.fail_debit(session_of(page))
    deliver_events(fake)
    assert (status(page), phone.credits(), money(page)) == (OrderStatus.FAILED, (0, 0), {})


def test_a_declined_card_leaves_the_page_open(phone, fake):
    page = buy(phone)
    fake.pay(session_of(page), "declined")
    deliver_events(fake)
    assert status(page) == OrderStatus.PENDING
    fake.pay(session_of(page))
    deliver_events(fake)
    assert phone.credits() == (1, 0)


def test_a_wrong_amount_grants_nothing_and_becomes_a_dead_letter(phone, fake):
    page = buy(phone)
    fake.lie(session_of(page), amount_total=1)
    fake.pay(session_of(page))
    deliver_events(fake)
    for _ in range(4):
        work_off()
    completed = ProviderEvent.objects.get(kind="checkout.session.completed")
    assert (completed.state, completed.attempts, phone.credits()) == ("dead", 5, (0, 0))
    assert completed.error == "AmountDiffers: paid 0.01 EUR, asked 49.00 EUR"


def test_a_cancelled_page_cannot_be_paid(phone, fake):
    page = buy(phone)
    assert phone.post(f"/orders/{page['session_id']}/cancel").json()["status"] == "cancelled"
    with pytest.raises(FakeStripeError):
        fake.pay(session_of(page))


def test_cancelling_a_page_that_was_just_paid_keeps_the_purchase(phone, fake):
    page = buy(phone)
    fake.pay(session_of(page))
    refused(phone.post(f"/orders/{page['session_id']}/cancel"), 409, "ORDER_NOT_CANCELLABLE")
    assert phone.credits() == (1, 0)


def test_cancelling_an_unused_order_refunds_it_once(phone, fake):
    page = paid_page(phone, fake)
    for _ in range(2):
        assert phone.post(f"/orders/{page['session_id']}/cancel").json()["status"] == "refunded"
    deliver_events(fake, times=2)
    assert phone.credits() == (0, 0)
    assert LedgerTransaction.objects.filter(kind=EntryKind.REFUND).count() == 1
    assert money(page) == {Account.CASH: -fee_of(PRICE), Account.FEES: fee_of(PRICE)}


@pytest.mark.parametrize("after_effect", [False, True])
def test_a_cancellation_completes_after_a_lost_refund(phone, fake, after_effect):
    page = paid_page(phone, fake)
    fake.fail_next(after_effect=after_effect)
    refused(phone.post(f"/orders/{page['session_id']}/cancel"), 503, "SERVICE_UNAVAILABLE")
    assert phone.credits() == (0, 0)  # it cannot be used while the money is under way
    with later():
        sweep_payments()
    assert (status(page), len(fake_refunds(fake))) == (OrderStatus.REFUNDED, 1)


def fake_refunds(fake) -> list[dict]:
    return [event for event in fake.events if event["type"] == "refund.created"]


def test_partial_and_failed_refunds_are_each_booked_once(phone, fake):
    page = paid_page(phone, fake)
    payment = order_of(page).payment_ref
    fake.refund(payment, 900)
    last = fake.refund(payment, PRICE - 900)
    deliver_events(fake, times=3, rng=Random(1))
    assert (status(page), phone.credits()) == (OrderStatus.REFUNDED, (0, 0))
    fake.fail_refund(last["id"])
    deliver_events(fake, times=3, rng=Random(2))
    assert (status(page), phone.credits()) == (OrderStatus.PAID, (1, 0))
    assert money(page)[Account.CASH] == PRICE - 900 - fee_of(PRICE)


@pytest.mark.parametrize("used", [False, True])
@pytest.mark.parametrize("won", [False, True])
def test_a_dispute_withholds_money_and_credit_until_its_decision(phone, fake, used, won):
    page = paid_page(phone, fake)
    if used:
        use(phone)
    before, had = money(page), phone.credits()[0]
    dispute = fake.open_dispute(order_of(page).payment_ref)
    fake.withdraw_funds(dispute["id"])
    deliver_events(fake, times=2, rng=Random(3))
    assert status(page) == OrderStatus.DISPUTED
    assert phone.credits()[0] == had - 1
    assert money(page)[Account.DISPUTE_RECEIVABLE] == PRICE
    if won:
        fake.reinstate_funds(dispute["id"])
    fake.close_dispute(dispute["id"], won=won)
    deliver_events(fake, times=2, rng=Random(4))
    after = money(page)
    assert after.get(Account.DISPUTE_RECEIVABLE, 0) == 0
    assert after[Account.FEES] - before[Account.FEES] == 1500
    case = order_of(page).disputes.get()
    if won:
        assert (status(page), case.state, phone.credits()[0]) == ("fulfilled" if used else "paid", "won", had)
        assert after[Account.CASH] == before[Account.CASH] - 1500
    else:
        assert (status(page), case.state, phone.credits()[0]) == ("lost", "lost", had - 1)
        assert after.get(Account.CHARGEBACK_LOSSES, 0) == (PRICE if used else 0)
        assert after.get(Account.DEFERRED_REVENUE, 0) == 0


def use(phone: Phone) -> None:
    inspection = uuid4()
    inspection_credits.hold(owner=phone.owner, inspection_id=inspection)
    assert orders.spend_credit(owner=phone.owner, inspection_id=inspection)


def test_an_inquiry_withdraws_no_money(phone, fake):
    page = paid_page(phone, fake)
    before = money(page)
    dispute = fake.open_dispute(order_of(page).payment_ref, inquiry=True)
    deliver_events(fake)
    assert (status(page), phone.credits()) == (OrderStatus.DISPUTED, (1, 0))
    fake.close_dispute(dispute["id"], won=True)
    deliver_events(fake, times=2)
    assert (status(page), money(page)) == (OrderStatus.PAID, before)


def test_foreign_and_unknown_events_are_stored_and_ignored(fake):
    stranger = {"id": "evt_1", "object": "event", "type": "charge.succeeded", "data": {"object": {"object": "charge"}}}
    unknown = {"id": "evt_2", "object": "event", "type": "radar.sneezed", "data": {"object": {"object": "radar"}}}
    for event in (stranger, unknown):
        assert post(fake, event).status_code == 200
    work_off()
    assert set(ProviderEvent.objects.values_list("state", flat=True)) == {"done"}
    assert not Order.objects.exists()


def test_a_dispute_before_its_payment_waits_for_it(phone, fake):
    page = buy(phone)
    fake.pay(session_of(page), "bank_debit")
    deliver_events(fake)
    done = len(fake.events)
    fake.settle_debit(session_of(page))
    dispute = fake.open_dispute(order_of(page).payment_ref)
    fake.withdraw_funds(dispute["id"])
    fake.close_dispute(dispute["id"], won=False)
    for event in reversed(fake.events[done:]):
        assert post(fake, event).status_code == 200
        work_off()
    assert (status(page), phone.credits()) == (OrderStatus.LOST, (0, 0))
    left = money(page)
    assert (left.get(Account.DEFERRED_REVENUE, 0), left.get(Account.CHARGEBACK_LOSSES, 0)) == (0, 0)


def test_a_refund_without_an_event_is_found_on_a_later_day(phone, fake):
    page = paid_page(phone, fake)
    fake.fail_next(after_effect=True)
    refused(phone.post(f"/orders/{page['session_id']}/cancel"), 503, "SERVICE_UNAVAILABLE")
    fake.refund(order_of(page).payment_ref)
    with later(minutes=26 * 60):
        sweep_payments()
    assert status(page) == OrderStatus.REFUNDED


def test_a_failed_refund_of_a_cancellation_returns_the_credit(phone, fake):
    page = paid_page(phone, fake)
    phone.post(f"/orders/{page['session_id']}/cancel")
    refund = next(event for event in fake.events if event["type"] == "refund.created")["data"]["object"]["id"]
    fake.fail_refund(refund)
    deliver_events(fake)
    assert (status(page), phone.credits()) == (OrderStatus.PAID, (1, 0))
    with later(minutes=26 * 60):
        sweep_payments()
    assert len(fake_refunds(fake)) == 1


def test_an_order_with_a_payment_under_way_cannot_be_cancelled(phone, fake):
    page = buy(phone)
    fake.pay(session_of(page), "bank_debit")
    refused(phone.post(f"/orders/{page['session_id']}/cancel"), 409, "ORDER_NOT_CANCELLABLE")
    fake.settle_debit(session_of(page))
    deliver_events(fake)
    assert (status(page), phone.credits()) == (OrderStatus.PAID, (1, 0))


def test_the_same_key_replays_a_cancellation(phone, fake):
    page, key = paid_page(phone, fake), {"HTTP_IDEMPOTENCY_KEY": "off"}
    first, second = (phone.post(f"/orders/{page['session_id']}/cancel", **key) for _ in range(2))
    assert (first.json(), second["Idempotent-Replayed"]) == (second.json(), "true")


def test_revenue_of_a_delivery_during_an_inquiry_follows_at_its_end(phone, fake):
    page = paid_page(phone, fake)
    dispute = fake.open_dispute(order_of(page).payment_ref, inquiry=True)
    deliver_events(fake)
    use(phone)
    assert (status(page), money(page).get(Account.DEFERRED_REVENUE, 0)) == (OrderStatus.DISPUTED, 0)
    fake.close_dispute(dispute["id"], won=True)
    deliver_events(fake)
    assert (status(page), money(page)[Account.REVENUE]) == (OrderStatus.FULFILLED, -PRICE)
