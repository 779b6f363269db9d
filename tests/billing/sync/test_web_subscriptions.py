"""Test web subscriptions: each paid period is an order, with access until the end that the provider names."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
import time_machine
from django.utils import timezone

from billing import orders
from billing.entitlements import entitlements, subscriptions
from billing.models import Order, Subscription
from billing.providers.base import SubscriptionFacts
from billing.tasks import sweep_payments
from billing.vocabulary import OrderStatus, ProductCode, Provider, SubscriptionState
from testing.phone import Phone
from testing.web_purchases import buy, deliver_events, order_of, selling
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def fake(settings):
    with selling(settings) as fake:
        yield fake


@pytest.fixture
def page(phone, fake) -> dict:
    page = buy(phone, "corrosion_monthly")
    fake.pay(order_of(page).provider_ref)
    deliver_events(fake)
    return page


def bought() -> Subscription:
    return Subscription.objects.get()


def subscription_status(phone: Phone) -> dict:
    return phone.get("/subscriptions/status").json()


def at(moment):
    return time_machine.travel(moment)


def signed_in_again(phone: Phone) -> Phone:
    return Phone.of(phone.owner)


def test_a_subscription_opens_tracking_until_the_end_of_its_period(phone, page):
    subscription = bought()
    assert subscription.state == SubscriptionState.ACTIVE
    status = subscription_status(phone)
    assert (status["active"], status["plan"]) == (True, "monthly")
    assert status["current_period_end"].endswith("Z")
    assert phone.get("/entitlements/corrosion").json()["subscription_active"] is True
    assert phone.get("/corrosion/history").status_code == 200
    order = order_of(page)
    assert (order.status, order.subscription, order.period_ends_at) == ("paid", subscription, subscription.ends_at)
    with at(subscription.ends_at + timedelta(seconds=1)):
        refused(signed_in_again(phone).get("/corrosion/history"), 403, "SUBSCRIPTION_REQUIRED")


def test_a_renewal_is_a_new_order_and_earns_the_previous_period(phone, fake, page):
    first_end, done = bought().ends_at, len(fake.events)
    fake.renew(bought().provider_ref)
    deliver_events(fake, times=2, rng=Random(1), since=done)
    assert bought().ends_at > first_end
    renewal = Order.objects.exclude(pk=page["session_id"]).get()
    assert (renewal.status, renewal.subscription, renewal.price_minor) == ("paid", bought(), order_of(page).price_minor)
    with at(first_end + timedelta(minutes=1)):
        sweep_payments()
        assert subscription_status(signed_in_again(phone))["active"] is True
    assert order_of(page).status == OrderStatus.FULFILLED
    renewal.refresh_from_db()
    assert renewal.status == OrderStatus.PAID


def test_polling_finds_a_renewal_without_an_event_at_the_period_end(phone, fake, page):
    end = bought().ends_at
    fake.renew(bought().provider_ref)
    with at(end + timedelta(seconds=1)):
        sweep_payments()
        assert subscription_status(signed_in_again(phone))["active"] is True


def test_an_unpaid_renewal_lapses_after_its_grace_period(phone, fake, page, settings):
    end, done = bought().ends_at, len(fake.events)
    fake.fail_renewal(bought().provider_ref)
    deliver_events(fake, since=done)
    assert bought().state == SubscriptionState.GRACE
    with at(end + timedelta(days=settings.SUBSCRIPTION_GRACE_DAYS - 1)):
        assert subscription_status(signed_in_again(phone))["active"] is True
    with at(end + timedelta(days=settings.SUBSCRIPTION_GRACE_DAYS, minutes=5)):
        sweep_payments()
        assert subscription_status(signed_in_again(phone))["active"] is False
    assert bought().state == SubscriptionState.LAPSED
    done = len(fake.events)
    with at(end + timedelta(days=settings.SUBSCRIPTION_GRACE_DAYS, minutes=10)):
        fake.renew(bought().provider_ref)
        deliver_events(fake, since=done)
    assert bought().state == SubscriptionState.ACTIVE


def test_a_cancelled_subscription_ends_with_its_period(phone, fake, page):
    end = bought().ends_at
    fake.cancel_at_period_end(bought().provider_ref)
    deliver_events(fake)
    assert (bought().state, bought().ends_at, subscription_status(phone)["active"]) == ("cancelled", end, True)
    fake.delete_subscription(bought().provider_ref)
    deliver_events(fake)
    assert (bought().state, subscription_status(phone)) == (
        "lapsed",
        {"active": False, "plan": None, "current_period_end": None},
    )


def test_every_order_of_events_gives_the_same_state(phone, fake, page):
    ref = bought().provider_ref
    fake.renew(ref)
    fake.fail_renewal(ref)
    fake.renew(ref)
    fake.cancel_at_period_end(ref)
    seen = set()
    for seed in range(5):
        deliver_events(fake, times=2, rng=Random(seed))
        paid = Order.objects.filter(status=OrderStatus.PAID).count()
        seen.add((bought().state, bought().ends_at, Order.objects.count(), paid))
    assert len(seen) == 1
    assert seen.pop()[2] == 3


def test_an_order_of_a_subscription_cannot_be_cancelled_here(phone, page):
    refused(phone.post(f"/orders/{page['session_id']}/cancel"), 409, "ORDER_NOT_CANCELLABLE")


def facts(days: float, *, ref: str = "s1", state: SubscriptionState = SubscriptionState.ACTIVE, plan: str = "monthly"):
    return SubscriptionFacts(
        ref=ref, plan=plan, state=state, ends_at=timezone.now() + timedelta(days=days), order_id=""
    )


def record(owner, found: SubscriptionFacts, *, provider=Provider.APP_STORE, ago: float = 0):
    asked_at = timezone.now() - timedelta(seconds=ago)
    return subscriptions.record(owner_id=owner.pk, provider=provider, facts=found, asked_at=asked_at, cause="test")


def test_the_answer_to_the_later_query_counts_in_any_order(owner):
    record(owner, facts(30))
    record(owner, facts(-1), ago=5)
    assert (bought().state, bought().events.count()) == (SubscriptionState.ACTIVE, 1)
    record(owner, facts(-1))
    assert bought().state == SubscriptionState.LAPSED


def paid(owner, found: SubscriptionFacts, *, provider=Provider.APP_STORE) -> None:
    begun = record(owner, found, provider=provider)
    product = ProductCode.CORROSION_MONTHLY if found.plan == "monthly" else ProductCode.CORROSION_YEARLY
    purchase = orders.Purchase(provider, f"order of {found.ref}", product, subscription=begun)
    orders.record_purchase(owner=owner, purchase=replace(purchase, period_ends_at=found.ends_at), cause="test")


def test_the_subscription_with_the_latest_end_counts(owner):
    paid(owner, facts(30, ref="a", plan="monthly"))
    paid(owner, facts(300, ref="b", plan="yearly"), provider=Provider.PLAY_STORE)
    assert entitlements.corrosion_entitlement(owner).plan == "yearly"
    record(owner, facts(-1, ref="b", plan="yearly"), provider=Provider.PLAY_STORE)
    assert entitlements.corrosion_entitlement(owner).plan == "monthly"


def test_a_subscription_keeps_its_owner(owner, stranger):
    assert record(owner, facts(30)) is not None
    assert record(stranger, facts(30)) is None
    assert not entitlements.corrosion_entitlement(stranger).subscribed


def test_staff_can_grant_time_beside_a_paid_subscription(owner):
    until = timezone.now() + timedelta(days=60)
    record(owner, facts(30))
    subscriptions.extend(owner=owner, plan="yearly", until=until, ref="gift 1", cause="sorry")
    found = entitlements.corrosion_entitlement(owner)
    assert (found.plan, found.ends_at) == ("yearly", until)
    with at(until + timedelta(seconds=1)):
        sweep_payments()
    assert set(Subscription.objects.values_list("state", flat=True)) <= {"active", "lapsed"}


def test_a_subscription_unknown_to_its_provider_lapses_at_its_end(owner, fake):
    with at(timezone.now() - timedelta(days=40)):
        record(owner, facts(30, ref="sub_unknown"), provider=Provider.STRIPE)
    sweep_payments()
    assert bought().state == SubscriptionState.LAPSED
    assert not subscriptions.overdue().exists()


def test_polling_backs_off_while_the_provider_does_not_answer(owner, fake):
    with at(timezone.now() - timedelta(days=40)):
        record(owner, facts(30, ref="sub_1"), provider=Provider.STRIPE)
    fake.down = True
    assert subscriptions.overdue().exists()
    sweep_payments()
    assert bought().state == SubscriptionState.ACTIVE
    assert not subscriptions.overdue().exists()
    with at(timezone.now() + timedelta(minutes=2)):
        assert subscriptions.overdue().exists()
