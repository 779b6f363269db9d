"""Test one live subscription per owner: a second is not sold here, and one that arrives anyway is reported."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing import orders
from billing.catalogue.products import add_version, product_in_force
from billing.entitlements import entitlements, subscriptions
from billing.entitlements.second_subscriptions import SECOND_SUBSCRIPTION
from billing.inbox import events
from billing.models import Finding, Order, ProviderEvent, Subscription
from billing.providers.base import ProviderUnavailable, SubscriptionFacts
from billing.providers.stripe.client import StripeProvider
from billing.reconciliation import differences
from billing.tasks import sweep_payments
from billing.vocabulary import OrderStatus, ProductCode, Provider, SubscriptionState
from testing.phone import Phone
from testing.web_purchases import buy, deliver_events, order_of, post, selling, work_off
from tests.concurrency import at_once
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
MONTHLY, YEARLY = ProductCode.CORROSION_MONTHLY, ProductCode.CORROSION_YEARLY
PATH = "/checkout/sessions"


@pytest.fixture
def fake(settings):
    with selling(settings) as fake:
        yield fake


def request_page(phone: Phone, product: str = MONTHLY, **extra):
    return phone.post(PATH, {"product": product}, **extra)


def session_of(page: dict) -> str:
    return order_of(page).provider_ref


def subscribed(phone: Phone, fake, product: str = MONTHLY) -> Order:
    page = buy(phone, product)
    fake.pay(session_of(page))
    deliver_events(fake)
    return order_of(page)


def page_of_the_previous_release(phone: Phone, fake, product: str = MONTHLY) -> Order:
    """Open a page beside any other, as the previous release allowed, still payable."""
    order = orders.open_order(
        owner=phone.owner, product=product_in_force(product), provider=Provider.STRIPE, cause="checkout"
    )
    Order.objects.filter(pk=order.pk).update(begins_subscription=False)
    assert phone.get(f"{PATH}/{order.pk}").json()["status"] == "open"
    order.refresh_from_db()
    return order


def from_a_store(
    owner, ref: str = "s1", *, days: float = 30, plan: str = "monthly", provider=Provider.APP_STORE, **more
):
    now = timezone.now()
    facts = SubscriptionFacts(
        ref=ref, plan=plan, state=SubscriptionState.ACTIVE, ends_at=now + timedelta(days=days), **more
    )
    begun = subscriptions.record(owner_id=owner.pk, provider=provider, facts=facts, asked_at=now, cause="test")
    purchase = orders.Purchase(
        provider=provider,
        provider_ref=f"order of {ref}",
        product=MONTHLY if plan == "monthly" else YEARLY,
        subscription=begun,
        period_ends_at=facts.ends_at,
    )
    orders.record_purchase(owner=owner, purchase=purchase, cause="test")
    begun.refresh_from_db()
    return begun


def current(owner) -> Subscription:
    return Subscription.objects.get(owner=owner, is_current=True)


def reported_differences() -> list[Finding]:
    return list(Finding.objects.filter(ref__startswith=SECOND_SUBSCRIPTION, settled_at=None))


def refunds(fake) -> list[dict]:
    return [event["data"]["object"] for event in fake.events if event["type"] == "refund.created"]


def later(**after: float):
    return time_machine.travel(timezone.now() + timedelta(**after))


# --- Buying a second one ---
@pytest.mark.parametrize("product", [MONTHLY, YEARLY])
def test_a_subscriber_cannot_buy_a_second_subscription(phone, fake, product):
    subscribed(phone, fake)
    refused(request_page(phone, product), 409, "ALREADY_SUBSCRIBED")
    refused(request_page(phone, product, HTTP_IDEMPOTENCY_KEY="k"), 409, "ALREADY_SUBSCRIBED")
    assert Order.objects.count() == 1
    assert request_page(phone, ProductCode.OSMOSIS_INSPECTION).status_code == 201


def test_a_store_subscription_blocks_a_web_purchase(phone, fake):
    from_a_store(phone.owner)
    refused(request_page(phone), 409, "ALREADY_SUBSCRIBED")


def test_the_same_plan_again_returns_the_same_page(phone, fake):
    first, again = request_page(phone), request_page(phone)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert Order.objects.count() == 1


def test_another_plan_closes_the_first_page(phone, fake):
    first = buy(phone, MONTHLY)
    second = buy(phone, YEARLY)
    assert fake.seen("checkout.session", session_of(first))["status"] == "expired"
    assert phone.get(f"{PATH}/{first['session_id']}").json() == {**first, "url": None, "status": "cancelled"}
    assert phone.get(f"{PATH}/{second['session_id']}").json()["status"] == "open"


def test_a_page_cancelled_while_it_opens_cannot_be_paid(phone, fake, monkeypatch):
    opened = StripeProvider.open_checkout

    def cancelled_meanwhile(provider, **fields):
        orders.cancel(owner=phone.owner, order_id=Order.objects.get().pk)
        return opened(provider, **fields)

    monkeypatch.setattr(StripeProvider, "open_checkout", cancelled_meanwhile)
    body = request_page(phone).json()
    assert (body["status"], body["url"]) == ("cancelled", None)
    assert payable(fake, phone.owner) == 0


def payable(fake, owner) -> int:
    refs = Order.objects.filter(owner=owner).exclude(provider_ref="").values_list("provider_ref", flat=True)
    return sum(fake.seen("checkout.session", ref)["status"] == "open" for ref in refs)


def test_another_price_opens_another_page(phone, fake):
    first = buy(phone, MONTHLY)
    add_version(MONTHLY, {"price_minor": 1299})
    second = request_page(phone)
    assert second.status_code == 201
    assert order_of(first).status == OrderStatus.CANCELLED
    assert order_of(second.json()).price_minor == 1299


def test_an_expired_page_allows_a_new_one(phone, fake):
    first = buy(phone, MONTHLY)
    fake.expire(session_of(first))
    second = request_page(phone)
    assert (second.status_code, second.json()["status"]) == (201, "open")
    assert order_of(first).status == OrderStatus.EXPIRED


@pytest.mark.parametrize("product", [MONTHLY, YEARLY])
def test_a_paid_page_without_an_event_is_found(phone, fake, product):
    first = buy(phone, MONTHLY)
    fake.pay(session_of(first))
    refused(request_page(phone, product), 409, "ALREADY_SUBSCRIBED")
    assert order_of(first).status == OrderStatus.PAID
    assert phone.get("/subscriptions/status").json()["active"] is True


def test_no_second_page_opens_while_the_first_cannot_be_closed(phone, fake):
    first = buy(phone, MONTHLY)
    fake.down = True
    for product in (YEARLY, MONTHLY):
        refused(request_page(phone, product), 503, "SERVICE_UNAVAILABLE")
    fake.down = False
    assert request_page(phone).json()["session_id"] == first["session_id"]
    assert Order.objects.count() == 1


def test_a_failed_close_and_a_failed_read_of_a_page_are_a_503(phone, fake):
    buy(phone, MONTHLY)
    fake.fail_next(status=400)
    fake.fail_next(status=500)
    refused(request_page(phone, YEARLY), 503, "SERVICE_UNAVAILABLE")
    assert request_page(phone, YEARLY).status_code == 201


def test_a_refused_page_does_not_block_another(phone, fake):
    fake.fail_next(status=400)
    refused(request_page(phone), 503, "SERVICE_UNAVAILABLE")
    fake.fail_next(status=400)
    assert request_page(phone).status_code == 201
    assert Counter(Order.objects.values_list("status", flat=True)) == {"failed": 1, "pending": 1}


def test_granted_and_test_time_block_no_purchase(phone, fake):
    until = timezone.now() + timedelta(days=60)
    subscriptions.extend(owner=phone.owner, plan="monthly", until=until, ref="gift", cause="sorry")
    entitlements.set_mock_corrosion_subscription(owner=phone.owner, active=True)
    subscribed(phone, fake)
    assert current(phone.owner).provider == Provider.STRIPE
    assert not reported_differences()


def test_another_subscription_can_be_bought_at_once_after_a_refund(phone, fake):
    order = subscribed(phone, fake)
    fake.refund(order.payment_ref)
    deliver_events(fake)
    second = subscribed(phone, fake, YEARLY)
    assert (second.status, current(phone.owner).plan) == ("paid", "yearly")
    assert not reported_differences()


def test_a_disputed_subscription_stays_current(phone, fake):
    order = subscribed(phone, fake)
    fake.open_dispute(order.payment_ref)
    deliver_events(fake)
    assert not entitlements.corrosion_entitlement(phone.owner).subscribed
    refused(request_page(phone), 409, "ALREADY_SUBSCRIBED")


def test_a_subscription_of_another_owner_blocks_nothing(phone, fake, stranger):
    subscribed(phone, fake)
    assert request_page(Phone.of(stranger)).status_code == 201


# --- A second payment that arrives anyway ---
def late_payment(phone: Phone, fake, product: str = MONTHLY) -> tuple[Order, Order]:
    """Two pages were open, and both are paid: the second when the first is active."""
    second = page_of_the_previous_release(phone, fake, product)
    Order.objects.filter(pk=second.pk).update(status=OrderStatus.EXPIRED)
    return subscribed(phone, fake), second


@pytest.mark.parametrize("product", [MONTHLY, YEARLY])
def test_a_late_payment_is_refunded_and_reported(phone, fake, product):
    first, second = late_payment(phone, fake, product)
    fake.pay(second.provider_ref)
    deliver_events(fake, times=2)
    second.refresh_from_db()
    assert (second.status, [refund["amount"] for refund in refunds(fake)]) == ("refunded", [second.price_minor])
    assert current(phone.owner) == Order.objects.get(pk=first.pk).subscription
    assert entitlements.corrosion_entitlement(phone.owner).plan == "monthly"
    (found,) = reported_differences()
    assert str(second.subscription_id) in found.detail
    with later(minutes=2):
        sweep_payments()
    assert fake.seen("subscription", second.subscription.provider_ref)["cancel_at_period_end"] is True
    assert fake.seen("subscription", current(phone.owner).provider_ref)["cancel_at_period_end"] is False


def test_a_late_payment_is_refunded_after_an_outage(phone, fake, monkeypatch):
    _, second = late_payment(phone, fake)
    fake.pay(second.provider_ref)
    with monkeypatch.context() as patched:
        patched.setattr(StripeProvider, "refund", stays_silent)
        deliver_events(fake)
    second.refresh_from_db()
    assert (second.status, second.refund_asked_at is not None, refunds(fake)) == ("paid", True, [])
    assert not subscriptions.live(phone.owner.pk).filter(pk=second.subscription_id).exists()
    with later(minutes=2):
        sweep_payments()
    second.refresh_from_db()
    assert second.status == "refunded"


def stays_silent(*_args, **_asked) -> None:
    raise ProviderUnavailable("no answer")


def test_a_failed_refund_of_a_late_payment_is_reported(phone, fake):
    _, second = late_payment(phone, fake)
    fake.pay(second.provider_ref)
    deliver_events(fake)
    done = len(fake.events)
    fake.fail_refund(refunds(fake)[0]["id"])
    deliver_events(fake, since=done)
    second.refresh_from_db()
    assert (second.status, len(reported_differences())) == ("paid", 2)
    assert Subscription.objects.get(pk=second.subscription_id).surplus_at is not None


def test_a_second_store_subscription_is_reported_and_not_refunded(phone, fake):
    subscribed(phone, fake)
    second = from_a_store(phone.owner, days=300, plan="yearly")
    assert (second.is_current, second.surplus_at is not None) == (False, True)
    assert entitlements.corrosion_entitlement(phone.owner).plan == "yearly"  # it is paid
    (found,) = reported_differences()
    assert (found.provider, "Only the store" in found.detail) == ("app_store", True)
    from_a_store(phone.owner, days=301, plan="yearly")
    assert len(reported_differences()) == 1
    assert not refunds(fake)


def test_a_late_payment_beside_a_store_subscription_is_refunded(phone, fake):
    order = page_of_the_previous_release(phone, fake)
    first = from_a_store(phone.owner)
    fake.pay(order.provider_ref)
    deliver_events(fake)
    order.refresh_from_db()
    assert (order.status, current(phone.owner)) == ("refunded", first)


def test_a_surplus_subscription_becomes_current_after_a_refund(phone, fake):
    order = subscribed(phone, fake)
    second = from_a_store(phone.owner, days=300, plan="yearly")
    fake.refund(order.payment_ref)
    deliver_events(fake)
    assert current(phone.owner) == second
    second.refresh_from_db()
    assert second.surplus_at is None


def test_the_next_subscription_becomes_current_when_the_first_ends(owner):
    from_a_store(owner, "short", days=1)
    second = from_a_store(owner, "long", days=300, provider=Provider.PLAY_STORE)
    with later(days=2):
        subscriptions.lapse(current(owner).pk, cause="test")
        assert current(owner) == second


def test_the_renewal_of_a_surplus_subscription_is_refunded_and_stopped(phone, fake):
    _, second = duplicates_of_the_previous_release(phone, fake)
    sweep_payments()
    done = len(fake.events)
    fake.renew(second.subscription.provider_ref)
    deliver_events(fake, since=done)
    renewal = Order.objects.get(subscription=second.subscription, provider_ref__startswith="in_")
    assert renewal.status == "refunded"
    second.refresh_from_db()
    assert second.status == "paid"
    with later(minutes=2):
        sweep_payments()
    assert fake.seen("subscription", second.subscription.provider_ref)["cancel_at_period_end"] is True


def test_a_store_upgrade_replaces_the_previous_subscription(owner):
    from_a_store(owner, "old", provider=Provider.PLAY_STORE)
    new = from_a_store(owner, "new", days=365, plan="yearly", provider=Provider.PLAY_STORE, replaces="old")
    assert current(owner) == new
    assert not reported_differences()


def test_a_subscription_passed_on_to_a_subscriber_is_surplus(owner, stranger):
    passed = from_a_store(owner, "passed")
    own = from_a_store(stranger, "own")
    facts = SubscriptionFacts(
        ref="passed", plan="monthly", state=SubscriptionState.ACTIVE, ends_at=timezone.now() + timedelta(days=31)
    )
    subscriptions.record(
        owner_id=stranger.pk,
        provider=Provider.APP_STORE,
        facts=facts,
        asked_at=timezone.now(),
        cause="test",
        passes_on=True,
    )
    purchase = orders.Purchase(Provider.APP_STORE, "again", MONTHLY, subscription=passed, period_ends_at=facts.ends_at)
    orders.record_purchase(owner=stranger, purchase=purchase, cause="test")
    passed.refresh_from_db()
    assert (passed.owner, current(stranger), passed.surplus_at is not None) == (stranger, own, True)
    assert not Subscription.objects.filter(owner=owner).exists()


# --- Rows left and still written by the previous release ---
def duplicates_of_the_previous_release(phone: Phone, fake) -> tuple[Order, Order]:
    made = [page_of_the_previous_release(phone, fake, product) for product in (MONTHLY, YEARLY)]
    for order in made:
        fake.pay(order.provider_ref)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(subscriptions, "settle", lambda _: None)
        deliver_events(fake)
    for order in made:
        order.refresh_from_db()
    return made[0], made[1]


def test_existing_duplicates_are_reported_once_and_not_refunded(phone, fake):
    first, second = duplicates_of_the_previous_release(phone, fake)
    assert not Subscription.objects.filter(is_current=True).exists()
    for _ in range(2):
        sweep_payments()
    assert current(phone.owner) == first.subscription
    assert [str(second.subscription_id) in found.detail for found in reported_differences()] == [True]
    deliver_events(fake)
    assert not refunds(fake)
    assert not subscriptions.unsettled().exists()


# --- The database ---
def test_the_database_refuses_a_second_current_subscription_or_open_page(owner):
    for ref in ("a", "b"):
        from_a_store(owner, ref)
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.filter(owner=owner).update(is_current=True)
    opened = {"owner": owner, "provider": Provider.STRIPE, "cause": "test"}
    orders.open_order(product=product_in_force(MONTHLY), **opened)
    with pytest.raises(IntegrityError), transaction.atomic():
        orders.open_order(product=product_in_force(YEARLY), **opened)
    for _ in range(2):
        orders.open_order(product=product_in_force(ProductCode.OSMOSIS_INSPECTION), **opened)


def test_comparing_a_day_does_not_close_reported_differences(phone, fake):
    subscribed(phone, fake)
    from_a_store(phone.owner)
    (found,) = reported_differences()
    assert not differences.store(Provider(found.provider), found.day, [])
    assert reported_differences() == [found]


# --- In parallel ---
@pytest.mark.django_db(transaction=True)
def test_sixteen_parallel_requests_leave_at_most_one_open_page(owner, fake):
    requests = iter([(Phone.of(owner), (MONTHLY, YEARLY)[number % 2]) for number in range(16)])
    answers = at_once(16, lambda: request_page(*next(requests)))
    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    assert {answer.json()["error_code"] for answer in answers if answer.status_code == 409} <= {
        "IDEMPOTENCY_IN_PROGRESS"
    }
    assert orders.open_subscription_orders(owner).count() <= 1
    assert payable(fake, owner) <= 1


@pytest.mark.django_db(transaction=True)
def test_sixteen_parallel_requests_for_one_plan_get_one_page(owner, fake):
    phones = iter([Phone.of(owner) for _ in range(16)])
    answers = at_once(16, lambda: request_page(next(phones)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 15}
    assert len({str(answer.json()) for answer in answers}) == 1


@pytest.mark.django_db(transaction=True)
def test_one_of_sixteen_parallel_payments_is_kept(owner, fake):
    phone = Phone.of(owner)
    pages = [page_of_the_previous_release(phone, fake, (MONTHLY, YEARLY)[number % 2]) for number in range(16)]
    paid = [event for order in pages for event in paid_events(fake, order)]
    arriving = iter(paid)
    at_once(len(paid), lambda: post(fake, next(arriving)))
    waiting = iter(inbox_ids())
    at_once(len(inbox_ids()), lambda: events.process_event(next(waiting)))
    work_off()
    assert Counter(Order.objects.values_list("status", flat=True)) == {"paid": 1, "refunded": 15}
    assert subscriptions.live(owner.pk).count() == Subscription.objects.filter(is_current=True).count() == 1
    assert len(reported_differences()) == 15


def paid_events(fake, order: Order) -> list[dict]:
    done = len(fake.events)
    fake.pay(order.provider_ref)
    return [event for event in fake.events[done:] if event["type"] == "checkout.session.completed"]


def inbox_ids() -> list:
    return list(ProviderEvent.objects.filter(state="waiting").order_by("due_at").values_list("pk", flat=True))
