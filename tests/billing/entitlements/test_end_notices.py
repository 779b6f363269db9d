"""Test that owners are notified of the end of their access once, and of no end that is none."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from billing import orders
from billing.entitlements import subscriptions
from billing.entitlements.end_notices import ending_subscriptions, notify_of_end
from billing.models import Order
from billing.vocabulary import SubscriptionState
from notifications.models import Delivery, Notification
from notifications.vocabulary import Channel
from tests.billing.buying import paid_subscription, reported_subscription

pytestmark = pytest.mark.django_db
ACTIVE, CANCELLED = SubscriptionState.ACTIVE, SubscriptionState.CANCELLED
ENDING, LAPSED = "subscription_ending", "subscription_lapsed"
WAITS, WITHDRAWN = [("pending", "")], [("skipped", "withdrawn")]


def mails_of(kind: str) -> list[tuple[str, str]]:
    mails = Delivery.objects.filter(notification__kind=kind, channel=Channel.EMAIL).order_by("created_at")
    return list(mails.values_list("state", "reason"))


def notify_all() -> None:
    for pk in ending_subscriptions():
        notify_of_end(pk)


def in_days(days: float):
    return time_machine.travel(timezone.now() + timedelta(days=days))


def grant(owner, *, days: float) -> None:
    until = timezone.now() + timedelta(days=days)
    subscriptions.extend(owner=owner, plan="monthly", until=until, ref="staff:1", cause="test")


# --- Ending ---
def test_a_cancelled_subscription_notifies_within_a_week_of_its_end(owner):
    found = paid_subscription(owner, state=CANCELLED, days=9)
    assert not ending_subscriptions()
    with in_days(3):
        notify_all()
        notify_all()
    (notification,) = Notification.objects.filter(kind=ENDING)
    assert notification.data == {"subscription_id": str(found.pk)}


def test_a_subscription_that_renews_does_not_notify_of_its_end(owner):
    paid_subscription(owner, state=ACTIVE, days=3)
    assert not ending_subscriptions()


def test_a_subscription_beside_a_longer_grant_does_not_notify_of_its_end(owner):
    paid_subscription(owner, state=CANCELLED, days=3)
    grant(owner, days=90)
    notify_all()
    assert not mails_of(ENDING)


def test_a_refunded_subscription_does_not_notify_of_its_end(owner):
    paid_subscription(owner, state=CANCELLED, days=3)
    orders.refund(Order.objects.get().pk, amount_minor=None, refund_ref="r", cause="test")
    notify_all()
    assert not mails_of(ENDING)


def test_a_surplus_subscription_does_not_notify_of_its_end(owner):
    paid_subscription(owner, state=CANCELLED, days=3, ref="surplus")
    paid_subscription(owner, state=ACTIVE, days=30, ref="current")
    notify_all()
    assert not mails_of(ENDING)


def test_a_subscription_that_goes_on_does_not_end(owner):
    paid_subscription(owner, state=CANCELLED, days=3)
    notify_all()
    assert mails_of(ENDING) == WAITS
    reported_subscription(owner, state=ACTIVE, days=30)
    assert mails_of(ENDING) == WITHDRAWN
    assert Notification.objects.filter(kind=ENDING).exists()


def test_a_grant_withdraws_the_notice_of_an_earlier_end(owner):
    paid_subscription(owner, state=CANCELLED, days=3)
    notify_all()
    grant(owner, days=90)
    assert mails_of(ENDING) == WITHDRAWN


def test_a_shorter_grant_does_not_withdraw_a_later_end(owner):
    paid_subscription(owner, state=CANCELLED, days=3)
    notify_all()
    grant(owner, days=2)
    assert mails_of(ENDING) == WAITS


def test_a_refund_withdraws_the_notice_of_a_later_end(owner):
    paid_subscription(owner, state=CANCELLED, days=3)
    notify_all()
    orders.refund(Order.objects.get().pk, amount_minor=None, refund_ref="r", cause="test")
    assert mails_of(ENDING) == WITHDRAWN


# --- Ended ---
def test_a_lapse_notifies_once(owner):
    found = paid_subscription(owner, state=ACTIVE, days=3)
    with in_days(4):
        for _ in range(2):
            subscriptions.lapse(found.pk, cause="its period ended")
    (notification,) = Notification.objects.filter(kind=LAPSED)
    assert notification.data == {"subscription_id": str(found.pk)}


def test_a_lapse_beside_a_grant_notifies_when_the_grant_ends(owner):
    found = paid_subscription(owner, state=ACTIVE, days=3)
    grant(owner, days=90)
    with in_days(4):
        subscriptions.lapse(found.pk, cause="its period ended")
    assert not mails_of(LAPSED)
    with in_days(91):
        for row in subscriptions.overdue():
            subscriptions.lapse(row.pk, cause="its end")
    assert mails_of(LAPSED) == WAITS


def test_another_subscription_withdraws_the_notice_of_a_lapse(owner):
    found = paid_subscription(owner, state=ACTIVE, days=3)
    with in_days(4):
        subscriptions.lapse(found.pk, cause="its period ended")
        assert mails_of(LAPSED) == WAITS
        paid_subscription(owner, state=ACTIVE, days=30, ref="another")
    assert mails_of(LAPSED) == WITHDRAWN


def test_a_grant_withdraws_the_notice_of_a_lapse(owner):
    found = paid_subscription(owner, state=ACTIVE, days=3)
    with in_days(4):
        subscriptions.lapse(found.pk, cause="its period ended")
        grant(owner, days=30)
    assert mails_of(LAPSED) == WITHDRAWN
