"""Test an erasure after purchases on Google Play: no purchase token is left, and later pushes do no harm."""

import logging
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from billing import provider_registry
from billing.models import Order, ProviderEvent, Subscription
from billing.reconciliation import reconcile
from billing.tasks import sweep_payments
from billing.vocabulary import OrderStatus, SubscriptionState
from drills.money.random_steps import faults_of_all
from testing.fake_stores.play_actions import MONTHLY
from testing.phone import Phone
from tests.accounts.privacy.full_account import erase, found
from tests.billing.providers.play_store.calls import INVALID, VALID, bring, hear, push, status, sweep, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(google, phone, owner) -> str:
    """Return the token of an inspection that was bought, granted and notified."""
    token = google.buy(str(owner.pk))
    assert status(bring(phone, token)) == VALID
    hear(google)
    return token


@pytest.fixture
def subscribed(google, phone, owner) -> str:
    token = google.subscribe(str(owner.pk))
    assert status(bring(phone, token, product=MONTHLY)) == VALID
    hear(google)
    return token


def test_no_token_is_left_in_any_row(google, phone, token, subscribed):
    assert set(found(token, subscribed)) == {token, subscribed}
    erase(phone)
    assert found(token, subscribed) == []
    assert [order.look_at for order in Order.objects.all()] == [None, None]


def test_no_cause_that_is_kept_for_good_names_a_token(google, owner):
    tokens = google.buy(str(owner.pk)), google.subscribe(str(owner.pk))
    hear(google)
    assert Order.objects.count() == 2
    causes = [event.cause for order in Order.objects.all() for event in order.events.all()]
    assert not [cause for cause in causes for token in tokens if token[:30] in cause]


def test_what_is_taken_back_later_is_booked_once(google, phone, token):
    erase(phone)
    google.void(token)
    for _ in range(2):
        assert push(google.pushes[-1]) == 200
        work()
        sweep()
    assert Order.objects.get().status == OrderStatus.REFUNDED
    assert found(token) == []
    assert faults_of_all() == []


def test_a_renewal_that_comes_later_is_booked_and_brings_no_token_back(google, phone, subscribed):
    erase(phone)
    google.renew(subscribed)
    hear(google)
    assert Order.objects.filter(status=OrderStatus.PAID).count() == 2
    assert Subscription.objects.count() == 1
    assert found(subscribed) == []
    assert set(ProviderEvent.objects.values_list("state", flat=True)) == {"done"}
    hear(google)
    assert Order.objects.count() == 2


def test_a_notification_that_waited_meanwhile_finds_its_purchase(google, phone, subscribed):
    google.renew(subscribed)
    assert push(google.pushes[-1]) == 200
    erase(phone)
    work()
    assert Subscription.objects.count() == 1
    assert Order.objects.count() == 2
    assert found(subscribed) == []


def test_what_was_bought_and_never_heard_of_before_is_booked_without_a_token(google, phone, owner):
    bought = google.buy(str(owner.pk))
    erase(phone)
    hear(google)
    assert Order.objects.get().status == OrderStatus.PAID
    assert found(bought) == []


def test_nobody_else_can_bring_the_purchase(google, phone, token, stranger):
    erase(phone)
    assert status(bring(Phone.of(stranger), token)) == INVALID
    assert Order.objects.count() == 1


def test_google_is_not_asked_about_it_any_more_and_it_lapses(google, phone, subscribed):
    erase(phone)
    google.asked.clear()
    with time_machine.travel(Subscription.objects.get().ends_at + timedelta(days=1)):
        sweep_payments()
    assert google.asked == []
    assert Subscription.objects.get().state == SubscriptionState.LAPSED


def test_the_day_is_compared_without_it(google, phone, token):
    erase(phone)
    reconcile("play_store", timezone.now().date())
    assert found(token) == []


def test_a_google_that_is_down_leaves_no_token_in_the_log(google, phone, owner, settings, caplog):
    bought = google.buy(str(owner.pk))
    settings.PLAY_API_BASE = "http://127.0.0.1:1"
    provider_registry.play_store.cache_clear()
    provider_registry.stores.cache_clear()
    hear(google)
    assert bring(phone, bought).status_code == 503
    (handler, *_) = [each for each in logging.getLogger().handlers if each.formatter is not None]
    lines = "\n".join(handler.format(record) for record in caplog.records)
    assert "event failed" in lines
    assert bought[:20] not in lines
