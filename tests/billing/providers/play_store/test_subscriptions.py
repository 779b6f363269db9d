"""Test a subscription to corrosion tracking on Google Play, from the first period to the last."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from billing.models import Subscription
from billing.vocabulary import EntryKind
from testing.fake_stores.play_actions import MONTHLY, ONE_TIME, YEARLY
from testing.phone import Phone
from tests.billing.providers.play_store.calls import (
    INVALID,
    VALID,
    booked,
    deliver_pushes,
    orders,
    send_receipt,
    status,
    sweep_payments,
    sweep_voided_purchases,
)
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
NONE = {"active": False, "plan": None, "current_period_end": None}


def subscription_of(owner) -> dict:
    return Phone.of(owner).get("/subscriptions/status").json()


def is_active(owner) -> bool:
    return subscription_of(owner)["active"]


def later(**after: float):
    return time_machine.travel(timezone.now() + timedelta(**after))


@pytest.fixture
def token(google, phone, owner) -> str:
    token = google.subscribe(str(owner.pk))
    assert status(send_receipt(phone, token, product=MONTHLY)) == VALID
    google.pushes.clear()
    return token


def test_a_subscription_gives_access_to_its_owner_only(google, token, phone, owner, stranger):
    subscription = subscription_of(owner)
    assert (subscription["active"], subscription["plan"]) == (True, "monthly")
    assert datetime.fromisoformat(subscription["current_period_end"]) == Subscription.objects.get().ends_at
    assert status(send_receipt(Phone.of(stranger), token, product=MONTHLY)) == INVALID
    assert subscription_of(stranger) == NONE
    assert phone.credits() == (0, 0)
    (order,) = orders()
    assert (order.status, order.subscription, order.look_at) == ("paid", Subscription.objects.get(), None)
    assert google.subscriptions[token]["acknowledgementState"].endswith("_ACKNOWLEDGED")


def test_a_push_alone_grants_the_subscription_to_the_named_owner(google, owner):
    google.subscribe(str(owner.pk))
    deliver_pushes(google)
    assert is_active(owner)


def test_a_token_of_another_plan_is_invalid(google, phone, owner):
    token = google.subscribe(str(owner.pk))
    assert status(send_receipt(phone, token, product=YEARLY)) == INVALID
    assert status(send_receipt(phone, token, product=ONE_TIME)) == INVALID
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"subscriptionState": "SUBSCRIPTION_STATE_PENDING"},
        {"subscriptionState": "SUBSCRIPTION_STATE_PENDING_PURCHASE_CANCELED"},
        {"subscriptionState": "SUBSCRIPTION_STATE_UNSPECIFIED"},
        {"testPurchase": {}},
        {"externalAccountIdentifiers": {"obfuscatedExternalAccountId": "somebody"}},
    ],
    ids=["pending", "given up", "no state", "a test purchase", "somebody else named"],
)
def test_an_unpaid_or_foreign_subscription_gives_no_access(google, phone, owner, changes):
    token = google.subscribe(str(owner.pk), **changes)
    assert status(send_receipt(phone, token, product=MONTHLY)) == INVALID
    deliver_pushes(google)
    assert subscription_of(owner) == NONE
    assert orders() == []


def test_nothing_is_decided_during_an_outage_of_google(google, phone, owner):
    token = google.subscribe(str(owner.pk))
    google.faults["subscriptionsv2"] = [(503, {}), (200, {"lineItems": [{}]})]
    for _ in range(2):
        refused(send_receipt(phone, token, product=MONTHLY), 503, "SERVICE_UNAVAILABLE")
    assert status(send_receipt(phone, token, product=MONTHLY)) == VALID


def test_each_paid_period_is_a_new_order(google, token, owner):
    for month in (1, 2):
        with later(days=30 * month - 1):
            google.renew(token)
            deliver_pushes(google)
    with later(days=61):
        assert is_active(owner)
        sweep_payments()
    paid = orders()
    assert [order.status for order in paid] == ["fulfilled", "fulfilled", "paid"]
    assert len({order.provider_ref for order in paid}) == 3
    assert [order.look_at for order in paid] == [None] * 3
    assert Subscription.objects.count() == 1


def test_polling_finds_a_renewal_without_a_push(google, token, owner):
    with later(days=29):
        google.renew(token)
        google.pushes.clear()
    with later(days=31):
        assert not is_active(owner)
        sweep_payments()
        assert is_active(owner)
    assert len(orders()) == 2


def test_repeated_and_shuffled_pushes_give_the_same_state(google, token, owner):
    with later(days=29):
        google.renew(token)
        google.cancel(token)
        google.pushes = [*reversed(google.pushes), *google.pushes]
        deliver_pushes(google)
    assert Subscription.objects.get().state == "cancelled"
    assert len(orders()) == booked(EntryKind.PAYMENT_CAPTURED) == 2


def test_access_continues_in_grace_and_stops_on_hold(google, token, owner):
    with later(days=30):
        google.into_grace(token)
        deliver_pushes(google)
        assert is_active(owner)
        assert Subscription.objects.get().state == "grace"
    with later(days=33, minutes=1):
        google.on_hold(token)
        deliver_pushes(google)
        assert subscription_of(owner) == NONE
    assert len(orders()) == 1
    with later(days=40):
        google.renew(token)
        deliver_pushes(google)
        assert is_active(owner)
    assert len(orders()) == 2


def test_an_unpaid_renewal_adds_no_period(google, token, owner):
    google.into_grace(token)
    deliver_pushes(google)
    assert is_active(owner)
    assert len(orders()) == 1


def test_a_subscription_without_a_paid_order_is_invalid(google, phone, owner):
    token = google.subscribe(str(owner.pk))
    del google.item(token)["latestSuccessfulOrderId"]
    assert status(send_receipt(phone, token, product=MONTHLY)) == INVALID
    assert orders() == []


def test_a_cancelled_subscription_ends_with_its_period(google, token, owner):
    google.cancel(token)
    deliver_pushes(google)
    assert is_active(owner)
    assert Subscription.objects.get().state == "cancelled"
    with later(days=31):
        google.expire(token)
        deliver_pushes(google)
        assert subscription_of(owner) == NONE
        assert Subscription.objects.get().state == "lapsed"


def test_an_expired_subscription_gives_no_access(google, token, owner):
    google.expire(token)
    deliver_pushes(google)
    assert subscription_of(owner) == NONE


@pytest.mark.parametrize("told_of", ["the new one", "both", "both, in the other order"])
def test_an_upgrade_replaces_the_old_subscription(google, token, phone, owner, told_of):
    new = google.upgrade(token)
    if told_of == "the new one":
        google.pushes.clear()
        send_receipt(phone, new, product=YEARLY)
    elif told_of == "both, in the other order":
        google.pushes.reverse()
    deliver_pushes(google)
    assert subscription_of(owner)["plan"] == "yearly"
    states = dict(Subscription.objects.values_list("plan", "state"))
    assert states == {"monthly": "lapsed", "yearly": "active"}


def test_an_upgrade_ends_the_old_subscription_that_google_calls_active(google, token, phone, owner):
    old = dict(google.subscriptions[token])
    new = google.upgrade(token)
    google.subscriptions[token] = old
    send_receipt(phone, new, product=YEARLY)
    former = Subscription.objects.get(plan="monthly")
    assert former.state == "lapsed"
    assert former.ends_at <= timezone.now()


def test_a_subscription_resumed_outside_the_app_keeps_its_owner(google, owner):
    before = {"expiredExternalAccountIdentifiers": {"obfuscatedExternalAccountId": str(owner.pk)}}
    google.subscribe("", externalAccountIdentifiers=None, outOfAppPurchaseContext=before)
    deliver_pushes(google)
    assert is_active(owner)


def test_a_renewal_without_an_account_belongs_to_the_owner(google, token, owner):
    with later(days=29):
        google.renew(token)
        del google.subscriptions[token]["externalAccountIdentifiers"]
        deliver_pushes(google)
    assert [order.owner for order in orders()] == [owner, owner]


def test_a_voided_period_is_revoked_once_and_no_other(google, token, owner):
    with later(days=29):
        google.renew(token)
        deliver_pushes(google)
        google.void(token)
        google.pushes = google.pushes * 2
        deliver_pushes(google)
        for _ in range(2):
            sweep_voided_purchases()
        assert subscription_of(owner) == NONE
    assert [order.status for order in orders()] == ["paid", "refunded"]
    assert booked(EntryKind.REFUND) == 1


def test_voiding_an_earlier_period_revokes_that_period(google, token, owner):
    first = google.item(token)["latestSuccessfulOrderId"]
    with later(days=29):
        google.renew(token)
        google.pushes.clear()
        google.void(token, first)
        del google.pushes[:-1]  # no push reported the renewal
        deliver_pushes(google)
    assert [order.status for order in orders()] == ["refunded", "paid"]


def test_the_sweep_alone_finds_a_voided_period_and_ends_access(google, token, owner):
    google.void(token)
    google.pushes.clear()
    for _ in range(2):
        sweep_voided_purchases()
    assert subscription_of(owner) == NONE
    assert [order.status for order in orders()] == ["refunded"]
    assert booked(EntryKind.REFUND) == 1


def test_a_void_push_that_google_does_not_list_revokes_nothing(google, token, owner):
    order_id = google.item(token)["latestSuccessfulOrderId"]
    google.renew(token)
    google.pushes.clear()
    google.notify(voidedPurchaseNotification={"purchaseToken": token, "orderId": order_id, "productType": 1})
    deliver_pushes(google)
    assert [order.status for order in orders()] == ["paid", "paid"]
    assert is_active(owner)


def test_failed_acknowledgements_succeed_later_for_all_periods(google, phone, owner):
    token = google.subscribe(str(owner.pk))
    google.down = {"acknowledge"}
    send_receipt(phone, token, product=MONTHLY)
    google.renew(token)
    deliver_pushes(google)
    assert [order.look_at is None for order in orders()] == [False, False]
    google.down = set()
    with later(minutes=2):
        sweep_payments()
    assert [order.look_at for order in orders()] == [None, None]
    assert google.subscriptions[token]["acknowledgementState"].endswith("_ACKNOWLEDGED")
