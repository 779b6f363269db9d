"""Test that a subscription gives access only while its provider runs it and its money is ours."""

from copy import deepcopy
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from billing import orders
from billing.entitlements import entitlements, subscriptions
from billing.errors import OsmosisCreditRequired
from billing.ledger import inspection_credits
from billing.models import Order, Subscription
from billing.providers.base import SubscriptionFacts
from billing.tasks import sweep_payments
from billing.vocabulary import ProductCode, Provider, SubscriptionState
from testing.fake_stores.app_store import FakeAppStore
from testing.fake_stores.configuration import configure_app_store
from testing.fake_stores.play_actions import MONTHLY as PLAY_MONTHLY
from testing.phone import Phone
from testing.web_purchases import buy, deliver_events, order_of, selling
from tests.billing.buying import paid_order
from tests.billing.providers.app_store.calls import MONTHLY, body_of, deliver, send_receipt
from tests.billing.providers.play_store.calls import deliver_pushes, sweep_voided_purchases
from tests.billing.providers.play_store.calls import send_receipt as send_play_receipt
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def fake(settings):
    with selling(settings) as fake:
        yield fake


@pytest.fixture
def apple(settings, tmp_path):
    with FakeAppStore() as apple:
        configure_app_store(settings, apple, tmp_path)
        yield apple


@pytest.fixture
def order(phone, fake) -> Order:
    """Return the order of the first period, bought on the web."""
    page = buy(phone, "corrosion_monthly")
    fake.pay(order_of(page).provider_ref)
    deliver_events(fake)
    return order_of(page)


def has_access(owner) -> bool:
    phone = Phone.of(owner)
    is_active = phone.get("/subscriptions/status").json()["active"]
    assert phone.get("/entitlements/corrosion").json()["subscription_active"] is is_active
    assert (phone.get("/corrosion/history").status_code == 200) is is_active
    return is_active


def happen(fake, what) -> None:
    """Run the event and deliver it to us."""
    done = len(fake.events)
    what()
    deliver_events(fake, since=done)


def later(**after: float):
    return time_machine.travel(timezone.now() + timedelta(**after))


# --- Stripe ---
def test_a_full_refund_ends_access_and_billing_at_once(phone, fake, order):
    assert has_access(phone.owner)
    happen(fake, lambda: fake.refund(order.payment_ref))
    assert not has_access(phone.owner)
    refused(phone.get("/corrosion/history"), 403, "SUBSCRIPTION_REQUIRED")
    with later(minutes=2):
        sweep_payments()
    assert fake.seen("subscription", Subscription.objects.get().provider_ref)["cancel_at_period_end"] is True
    assert not has_access(phone.owner)


def test_partial_refunds_end_access_with_the_last_part(phone, fake, order):
    happen(fake, lambda: fake.refund(order.payment_ref, 100))
    assert has_access(phone.owner)
    happen(fake, lambda: fake.refund(order.payment_ref))
    assert not has_access(phone.owner)


def test_a_failed_refund_restores_access_until_the_period_ends(phone, fake, order):
    end = Subscription.objects.get().ends_at
    happen(fake, lambda: fake.refund(order.payment_ref))
    with later(minutes=2):
        sweep_payments()
    refund = next(event for event in fake.events if event["type"] == "refund.created")["data"]["object"]["id"]
    happen(fake, lambda: fake.fail_refund(refund))
    assert has_access(phone.owner)
    assert entitlements.corrosion_entitlement(phone.owner).ends_at == end
    with later(days=32):
        sweep_payments()
        assert not has_access(phone.owner)


@pytest.mark.parametrize("won", [True, False])
def test_a_dispute_suspends_access_until_it_is_won(phone, fake, order, won):
    done = len(fake.events)
    dispute = fake.open_dispute(order.payment_ref)["id"]
    deliver_events(fake, since=done)
    assert not has_access(phone.owner)  # before the bank has taken the money
    happen(fake, lambda: fake.withdraw_funds(dispute))
    assert not has_access(phone.owner)
    if won:
        happen(fake, lambda: fake.reinstate_funds(dispute))
    happen(fake, lambda: fake.close_dispute(dispute, won=won))
    assert has_access(phone.owner) is won
    with later(minutes=2):
        sweep_payments()
    seen = fake.seen("subscription", Subscription.objects.get().provider_ref)
    assert seen["cancel_at_period_end"] is not won


def test_an_inquiry_suspends_no_access(phone, fake, order):
    dispute = fake.open_dispute(order.payment_ref, inquiry=True)["id"]
    deliver_events(fake)
    assert has_access(phone.owner)
    happen(fake, lambda: fake.withdraw_funds(dispute))
    assert not has_access(phone.owner)


def test_a_refund_of_an_earlier_period_keeps_the_current_one(phone, fake, order):
    happen(fake, lambda: fake.renew(Subscription.objects.get().provider_ref))
    happen(fake, lambda: fake.refund(order.payment_ref))
    assert has_access(phone.owner)
    with later(minutes=2):
        sweep_payments()
    assert fake.seen("subscription", Subscription.objects.get().provider_ref)["cancel_at_period_end"] is False


def test_a_refunded_renewal_keeps_the_paid_period(phone, fake, order):
    end = order.period_ends_at
    happen(fake, lambda: fake.renew(Subscription.objects.get().provider_ref))
    renewal = Order.objects.exclude(pk=order.pk).get()
    happen(fake, lambda: fake.refund(renewal.payment_ref))
    assert entitlements.corrosion_entitlement(phone.owner).ends_at == end
    with time_machine.travel(end + timedelta(seconds=1)):
        assert not has_access(phone.owner)


def test_a_paid_renewal_gives_access_after_a_lost_period(phone, fake, order):
    dispute = fake.open_dispute(order.payment_ref)["id"]
    fake.withdraw_funds(dispute)
    fake.close_dispute(dispute, won=False)
    deliver_events(fake)
    happen(fake, lambda: fake.renew(Subscription.objects.get().provider_ref))
    assert has_access(phone.owner)


def test_a_refunded_past_due_subscription_is_not_collected_further(phone, fake, order):
    happen(fake, lambda: fake.fail_renewal(Subscription.objects.get().provider_ref))
    happen(fake, lambda: fake.refund(order.payment_ref))
    assert not has_access(phone.owner)
    with later(minutes=2):
        sweep_payments()
    assert fake.seen("subscription", Subscription.objects.get().provider_ref)["status"] == "canceled"


def test_a_renewal_is_stopped_after_an_outage_of_stripe(phone, fake, order):
    happen(fake, lambda: fake.refund(order.payment_ref))
    fake.down = True
    with later(minutes=2):
        sweep_payments()
        assert not has_access(phone.owner)
        fake.down = False
        sweep_payments()
        assert Subscription.objects.get().state == "active"  # queried at intervals
    with later(minutes=4):
        sweep_payments()
    assert Subscription.objects.get().state == "cancelled"


# --- The stores ---
def test_a_refund_by_apple_suspends_access_until_its_reversal(apple, phone):
    original = apple.buy(MONTHLY, token=str(phone.owner.pk))
    body_of(send_receipt(phone, apple.receipt(original)))
    assert has_access(phone.owner)
    apple.refund(original)
    deliver(apple.notification("REFUND", original))
    assert not has_access(phone.owner)
    apple.reverse_refund(original)
    deliver(apple.notification("REFUND_REVERSED", original))
    assert has_access(phone.owner)


def test_a_period_voided_by_google_gives_no_access_although_active(google, phone):
    token = google.subscribe(str(phone.owner.pk))
    send_play_receipt(phone, token, product=PLAY_MONTHLY)
    assert has_access(phone.owner)
    as_it_was = deepcopy(google.subscriptions[token])
    google.void(token)
    google.subscriptions[token] = as_it_was
    google.pushes.clear()
    sweep_voided_purchases()
    assert Subscription.objects.get().state == "active"
    assert not has_access(phone.owner)
    google.renew(token)
    deliver_pushes(google)
    assert has_access(phone.owner)


# --- Independent of money ---
def test_time_granted_by_staff_does_not_depend_on_payments(phone, fake, order):
    until = timezone.now() + timedelta(days=60)
    subscriptions.extend(owner=phone.owner, plan="monthly", until=until, ref="gift", cause="sorry")
    happen(fake, lambda: fake.refund(order.payment_ref))
    found = entitlements.corrosion_entitlement(phone.owner)
    assert (found.subscribed, found.ends_at) == (True, until)


def test_an_active_subscription_without_payment_gives_no_access(owner):
    facts = SubscriptionFacts(
        ref="s", plan="monthly", state=SubscriptionState.ACTIVE, ends_at=timezone.now() + timedelta(days=9)
    )
    subscriptions.record(
        owner_id=owner.pk, provider=Provider.APP_STORE, facts=facts, asked_at=timezone.now(), cause="test"
    )
    assert not has_access(owner)


def test_a_test_subscription_counts_only_where_test_payments_are_on(owner, settings):
    entitlements.set_mock_corrosion_subscription(owner=owner, active=True)
    entitlements.set_mock_osmosis_pass(owner=owner, paid=True)
    assert has_access(owner)
    settings.MOCK_BILLING = False
    assert not has_access(owner)
    refused(Phone.of(owner).post("/inspections", {"mode": "osmosis"}), 402, "PAYMENT_REQUIRED")


# --- The same property for credits ---
def take_money(order: Order, how: str) -> None:
    if how == "refunded":
        orders.refund(order.pk, amount_minor=None, refund_ref="r", cause="test")
        return
    withdrawn = 0 if how == "contested" else order.price_minor
    orders.open_dispute(order.pk, dispute_ref="d", withdrawn_minor=withdrawn, cause="test")
    if how == "lost":
        orders.close_dispute(order.pk, dispute_ref="d", is_won=False, cause="test")


@pytest.mark.parametrize("how", ["refunded", "contested", "disputed", "lost"])
def test_a_credit_whose_payment_was_withdrawn_is_neither_held_nor_spent(phone, how):
    take_money(paid_order(phone.owner), how)
    refused(phone.post("/inspections", {"mode": "osmosis"}), 402, "PAYMENT_REQUIRED")
    with pytest.raises(OsmosisCreditRequired):
        inspection_credits.hold(owner=phone.owner, inspection_id=uuid4())
    assert phone.get("/entitlements/osmosis").json()["paid"] is False


@pytest.mark.parametrize("how", ["refunded", "contested", "disputed", "lost"])
def test_a_held_credit_does_not_count_after_its_payment_is_withdrawn(owner, how):
    order, inspection = paid_order(owner), uuid4()
    inspection_credits.hold(owner=owner, inspection_id=inspection)
    assert inspection_credits.is_held(owner=owner, inspection_id=inspection)
    take_money(order, how)
    assert not inspection_credits.is_held(owner=owner, inspection_id=inspection)


def test_a_store_subscription_with_a_disputed_payment_waits(owner):
    facts = SubscriptionFacts(
        ref="s", plan="yearly", state=SubscriptionState.ACTIVE, ends_at=timezone.now() + timedelta(days=300)
    )
    begun = subscriptions.record(
        owner_id=owner.pk, provider=Provider.PLAY_STORE, facts=facts, asked_at=timezone.now(), cause="test"
    )
    purchase = orders.Purchase(
        Provider.PLAY_STORE,
        "p1",
        ProductCode.CORROSION_YEARLY,
        subscription=begun,
        period_ends_at=facts.ends_at,
    )
    order = orders.record_purchase(owner=owner, purchase=purchase, cause="test")
    assert has_access(owner)
    orders.open_dispute(order.pk, dispute_ref="d", withdrawn_minor=order.price_minor, cause="test")
    assert not has_access(owner)
    orders.close_dispute(order.pk, dispute_ref="d", is_won=True, cause="test")
    assert has_access(owner)
