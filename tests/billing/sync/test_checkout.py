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
from testing.web_purchases import buy, order_of, post, selling, tell, work_off
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
    tell(fake)
    return page


def test_a_page_is_opened_paid_and_granted(phone, fake):
    page = buy(phone)
    assert (page["status"], page["url"].startswith(fake.base_url)) == ("open", True)
    assert status(page) == OrderStatus.PENDING
    assert phone.credits() == (0, 0)
    fake.pay(session_of(page))
    assert phone.credits() == (0, 0)  # only the provider's event counts, and it has not arrived
    tell(fake)
    assert phone.credits() == (1, 0)
    assert money(page) == {
        Account.CASH: PRICE - fee_of(PRICE),
        Account.FEES: fee_of(PRICE),
        Account.DEFERRED_REVENUE: -PRICE,
    }
    assert phone.get(f"/checkout/sessions/{page['session_id']}").json() == {**page, "url": None, "status": "paid"}


def test_asking_for_the_page_finds_the_payment_before_its_event(phone, fake):
    page = buy(phone)
    fake.pay(session_of(page))
    assert phone.get(f"/checkout/sessions/{page['session_id']}").json()["status"] == "paid"
    assert phone.credits() == (1, 0)
    tell(fake, times=3)
    assert phone.credits() == (1, 0)


def test_the_same_key_is_the_same_page(phone, fake):
    body, key = {"product": "osmosis_inspection"}, {"HTTP_IDEMPOTENCY_KEY": "once"}
    first, second = (phone.post("/checkout/sessions", body, **key) for _ in range(2))
    assert first.json() == second.json()
    assert second["Idempotent-Replayed"] == "true"
    assert Order.objects.count() == 1


def test_a_page_is_nobody_elses(phone, fake, stranger, client):
    page = buy(phone)
    path = f"/checkout/sessions/{page['session_id']}"
    refused(Phone.of(stranger).get(path), 404, "NOT_FOUND")
    refused(client.get(f"/v1{path}"), 401, "AUTHENTICATION_REQUIRED")


@pytest.mark.parametrize("product", ["nothing", "", None, 7])
def test_what_is_not_sold_is_refused_and_leaves_nothing(phone, fake, product):
    refused(phone.post("/checkout/sessions", {"product": product}), 400, "VALIDATION_ERROR")
    assert not Order.objects.exists()


def test_without_a_provider_nothing_is_sold_on_the_web(phone, settings):
    settings.STRIPE_SECRET_KEY = ""
    refused(phone.post("/checkout/sessions", {"product": "osmosis_inspection"}), 400, "VALIDATION_ERROR")
    assert not Order.objects.exists()


@pytest.mark.parametrize("how", ["down", "answer lost", "slow"])
def test_a_dead_provider_leaves_an_order_that_is_resolved_later(phone, fake, settings, how):
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
    tell(fake)
    assert phone.credits() == (1, 0)


def test_a_payment_nobody_told_us_of_is_found(phone, fake):
    page = buy(phone)
    fake.pay(session_of(page))
    sweep_payments()
    assert phone.credits() == (0, 0)  # the provider is queried later, not at once
    with later():
        sweep_payments()
    assert (status(page), phone.credits()) == (OrderStatus.PAID, (1, 0))


def test_an_abandoned_page_is_asked_about_ever_more_seldom_and_expires(phone, fake):
    page = buy(phone)
    asked = 0
    for hours in range(1, 24):
        with time_machine.travel(timezone.now() + timedelta(hours=hours)):
            asked += polling.due_orders().count()
            sweep_payments()
    assert 3 < asked < 24
    fake.expire(session_of(page))
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        sweep_payments()
        assert not polling.due_orders().exists()
    assert (status(page), money(page)) == (OrderStatus.EXPIRED, {})
    told = phone.get(f"/checkout/sessions/{page['session_id']}").json()
    assert (told["status"], told["url"]) == ("expired", None)


def test_a_bank_debit_is_paid_when_it_is_there(phone, fake):
    page = buy(phone)
    fake.pay(session_of(page), "bank_debit")
    tell(fake)
    assert (status(page), phone.credits()) == (OrderStatus.PENDING, (0, 0))
    done = len(fake.events)
    fake.settle_debit(session_of(page))
    tell(fake, since=done)
    assert (status(page), phone.credits()) == (OrderStatus.PAID, (1, 0))


def test_a_bank_debit_that_fails_grants_nothing(phone, fake):
    page = buy(phone)
    fake.pay(session_of(page), "bank_debit")
    fake.fail_debit(session_of(page))
    tell(fake)
    assert (status(page), phone.credits(), money(page)) == (OrderStatus.FAILED, (0, 0), {})


def test_a_declined_card_leaves_the_page_open(phone, fake):
    page = buy(phone)
    fake.pay(session_of(page), "declined")
    tell(fake)
    assert status(page) == OrderStatus.PENDING
    fake.pay(session_of(page))
    tell(fake)
    assert phone.credits() == (1, 0)


def test_another_amount_than_the_orders_grants_nothing_and_ends_as_a_dead_letter(phone, fake):
    page = buy(phone)
    fake.lie(session_of(page), amount_total=1)
    fake.pay(session_of(page))
    tell(fake)
    for _ in range(4):
        work_off()
    completed = ProviderEvent.objects.get(kind="checkout.session.completed")
    assert (completed.state, completed.attempts, phone.credits()) == ("dead", 5, (0, 0))
    assert completed.error == "AmountDiffers: paid 0.01 EUR, asked 49.00 EUR"


def test_an_owner_cancels_an_unpaid_page_and_nobody_can_pay_it(phone, fake):
    page = buy(phone)
    assert phone.post(f"/orders/{page['session_id']}/cancel").json()["status"] == "cancelled"
    with pytest.raises(FakeStripeError):
        fake.pay(session_of(page))


def test_an_owner_who_cancels_a_page_that_was_just_paid_has_bought(phone, fake):
    page = buy(phone)
    fake.pay(session_of(page))
    refused(phone.post(f"/orders/{page['session_id']}/cancel"), 409, "ORDER_NOT_CANCELLABLE")
    assert phone.credits() == (1, 0)


def test_an_owner_cancels_what_is_unused_and_the_provider_gives_it_back_once(phone, fake):
    page = paid_page(phone, fake)
    for _ in range(2):
        assert phone.post(f"/orders/{page['session_id']}/cancel").json()["status"] == "refunded"
    tell(fake, times=2)
    assert phone.credits() == (0, 0)
    assert LedgerTransaction.objects.filter(kind=EntryKind.REFUND).count() == 1
    assert money(page) == {Account.CASH: -fee_of(PRICE), Account.FEES: fee_of(PRICE)}


@pytest.mark.parametrize("after_effect", [False, True])
def test_a_cancellation_whose_refund_got_lost_is_brought_to_its_end(phone, fake, after_effect):
    page = paid_page(phone, fake)
    fake.fail_next(after_effect=after_effect)
    refused(phone.post(f"/orders/{page['session_id']}/cancel"), 503, "SERVICE_UNAVAILABLE")
    assert phone.credits() == (0, 0)  # it cannot be used while the money is under way
    with later():
        sweep_payments()
    assert (status(page), len(fake_refunds(fake))) == (OrderStatus.REFUNDED, 1)


def fake_refunds(fake) -> list[dict]:
    return [event for event in fake.events if event["type"] == "refund.created"]


def test_refunds_in_parts_and_their_failure_move_the_books_once(phone, fake):
    page = paid_page(phone, fake)
    payment = order_of(page).payment_ref
    fake.refund(payment, 900)
    last = fake.refund(payment, PRICE - 900)
    tell(fake, times=3, rng=Random(1))
    assert (status(page), phone.credits()) == (OrderStatus.REFUNDED, (0, 0))
    fake.fail_refund(last["id"])
    tell(fake, times=3, rng=Random(2))
    assert (status(page), phone.credits()) == (OrderStatus.PAID, (1, 0))
    assert money(page)[Account.CASH] == PRICE - 900 - fee_of(PRICE)


@pytest.mark.parametrize("used", [False, True])
@pytest.mark.parametrize("won", [False, True])
def test_a_dispute_takes_money_and_credit_until_it_is_decided(phone, fake, used, won):
    page = paid_page(phone, fake)
    if used:
        use(phone)
    before, had = money(page), phone.credits()[0]
    dispute = fake.open_dispute(order_of(page).payment_ref)
    fake.withdraw_funds(dispute["id"])
    tell(fake, times=2, rng=Random(3))
    assert status(page) == OrderStatus.DISPUTED
    assert phone.credits()[0] == had - 1
    assert money(page)[Account.DISPUTE_RECEIVABLE] == PRICE
    if won:
        fake.reinstate_funds(dispute["id"])
    fake.close_dispute(dispute["id"], won=won)
    tell(fake, times=2, rng=Random(4))
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


def test_an_inquiry_takes_no_money(phone, fake):
    page = paid_page(phone, fake)
    before = money(page)
    dispute = fake.open_dispute(order_of(page).payment_ref, inquiry=True)
    tell(fake)
    assert (status(page), phone.credits()) == (OrderStatus.DISPUTED, (1, 0))
    fake.close_dispute(dispute["id"], won=True)
    tell(fake, times=2)
    assert (status(page), money(page)) == (OrderStatus.PAID, before)


def test_events_of_others_and_of_unknown_kinds_are_kept_and_left_alone(fake):
    stranger = {"id": "evt_1", "object": "event", "type": "charge.succeeded", "data": {"object": {"object": "charge"}}}
    unknown = {"id": "evt_2", "object": "event", "type": "radar.sneezed", "data": {"object": {"object": "radar"}}}
    for event in (stranger, unknown):
        assert post(fake, event).status_code == 200
    work_off()
    assert set(ProviderEvent.objects.values_list("state", flat=True)) == {"done"}
    assert not Order.objects.exists()


def test_a_dispute_heard_of_before_the_payment_waits_for_it(phone, fake):
    page = buy(phone)
    fake.pay(session_of(page), "bank_debit")
    tell(fake)
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


def test_a_refund_that_was_made_and_never_heard_of_is_found_on_another_day(phone, fake):
    page = paid_page(phone, fake)
    fake.fail_next(after_effect=True)
    refused(phone.post(f"/orders/{page['session_id']}/cancel"), 503, "SERVICE_UNAVAILABLE")
    fake.refund(order_of(page).payment_ref)
    with later(minutes=26 * 60):
        sweep_payments()
    assert status(page) == OrderStatus.REFUNDED


def test_a_refund_that_the_owner_asked_for_and_that_fails_gives_the_credit_back(phone, fake):
    page = paid_page(phone, fake)
    phone.post(f"/orders/{page['session_id']}/cancel")
    refund = next(event for event in fake.events if event["type"] == "refund.created")["data"]["object"]["id"]
    fake.fail_refund(refund)
    tell(fake)
    assert (status(page), phone.credits()) == (OrderStatus.PAID, (1, 0))
    with later(minutes=26 * 60):
        sweep_payments()
    assert len(fake_refunds(fake)) == 1


def test_what_is_being_paid_is_not_called_off(phone, fake):
    page = buy(phone)
    fake.pay(session_of(page), "bank_debit")
    refused(phone.post(f"/orders/{page['session_id']}/cancel"), 409, "ORDER_NOT_CANCELLABLE")
    fake.settle_debit(session_of(page))
    tell(fake)
    assert (status(page), phone.credits()) == (OrderStatus.PAID, (1, 0))


def test_a_cancellation_is_replayed_under_its_key(phone, fake):
    page, key = paid_page(phone, fake), {"HTTP_IDEMPOTENCY_KEY": "off"}
    first, second = (phone.post(f"/orders/{page['session_id']}/cancel", **key) for _ in range(2))
    assert (first.json(), second["Idempotent-Replayed"]) == (second.json(), "true")


def test_what_is_delivered_during_an_inquiry_is_earned_when_it_ends(phone, fake):
    page = paid_page(phone, fake)
    dispute = fake.open_dispute(order_of(page).payment_ref, inquiry=True)
    tell(fake)
    use(phone)
    assert (status(page), money(page).get(Account.DEFERRED_REVENUE, 0)) == (OrderStatus.DISPUTED, 0)
    fake.close_dispute(dispute["id"], won=True)
    tell(fake)
    assert (status(page), money(page)[Account.REVENUE]) == (OrderStatus.FULFILLED, -PRICE)
