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
from tests.billing.providers.play_store.calls import (
    INVALID,
    VALID,
    deliver_pushes,
    push,
    send_receipt,
    status,
    sweep_voided_purchases,
    work,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(google, phone, owner) -> str:
    """Return the token of an inspection that was bought, granted and notified."""
    token = google.buy(str(owner.pk))
    assert status(send_receipt(phone, token)) == VALID
    deliver_pushes(google)
    return token


@pytest.fixture
def subscribed(google, phone, owner) -> str:
    token = google.subscribe(str(owner.pk))
    assert status(send_receipt(phone, token, product=MONTHLY)) == VALID
    deliver_pushes(google)
    return token


def test_no_row_holds_a_token_after_the_erasure(google, phone, token, subscribed):
    assert set(found(token, subscribed)) == {token, subscribed}
    erase(phone)
    assert found(token, subscribed) == []
    assert [order.look_at for order in Order.objects.all()] == [None, None]


def test_no_stored_cause_holds_a_token(google, owner):
    tokens = google.buy(str(owner.pk)), google.subscribe(str(owner.pk))
    deliver_pushes(google)
    assert Order.objects.count() == 2
    causes = [event.cause for order in Order.objects.all() for event in order.events.all()]
    assert not [cause for cause in causes for token in tokens if token[:30] in cause]


def test_a_later_void_is_booked_once(google, phone, token):
    erase(phone)
    google.void(token)
    for _ in range(2):
        assert push(google.pushes[-1]) == 200
        work()
        sweep_voided_purchases()
    assert Order.objects.get().status == OrderStatus.REFUNDED
    assert found(token) == []
    assert faults_of_all() == []


def test_a_later_renewal_is_booked_without_a_token(google, phone, subscribed):
    erase(phone)
    google.renew(subscribed)
    deliver_pushes(google)
    assert Order.objects.filter(status=OrderStatus.PAID).count() == 2
    assert Subscription.objects.count() == 1
    assert found(subscribed) == []
    assert set(ProviderEvent.objects.values_list("state", flat=True)) == {"done"}
    deliver_pushes(google)
    assert Order.objects.count() == 2


def test_a_waiting_notification_finds_its_purchase(google, phone, subscribed):
    google.renew(subscribed)
    assert push(google.pushes[-1]) == 200
    erase(phone)
    work()
    assert Subscription.objects.count() == 1
    assert Order.objects.count() == 2
    assert found(subscribed) == []


def test_a_purchase_unknown_before_the_erasure_is_booked_without_a_token(google, phone, owner):
    bought = google.buy(str(owner.pk))
    erase(phone)
    deliver_pushes(google)
    assert Order.objects.get().status == OrderStatus.PAID
    assert found(bought) == []


def test_no_other_account_can_claim_the_purchase(google, phone, token, stranger):
    erase(phone)
    assert status(send_receipt(Phone.of(stranger), token)) == INVALID
    assert Order.objects.count() == 1


def test_an_erased_subscription_lapses_without_calls_to_google(google, phone, subscribed):
    erase(phone)
    google.calls.clear()
    with time_machine.travel(Subscription.objects.get().ends_at + timedelta(days=1)):
        sweep_payments()
    assert google.calls == []
    assert Subscription.objects.get().state == SubscriptionState.LAPSED


def test_reconciliation_leaves_out_the_erased_purchase(google, phone, token):
    erase(phone)
    reconcile("play_store", timezone.now().date())
    assert found(token) == []


def test_an_outage_of_google_leaves_no_token_in_the_log(google, phone, owner, settings, caplog):
    bought = google.buy(str(owner.pk))
    settings.PLAY_API_BASE = "http://127.0.0.1:1"
    provider_registry.play_store.cache_clear()
    provider_registry.stores.cache_clear()
    deliver_pushes(google)
    assert send_receipt(phone, bought).status_code == 503
    (handler, *_) = [each for each in logging.getLogger().handlers if each.formatter is not None]
    lines = "\n".join(handler.format(record) for record in caplog.records)
    assert "event failed" in lines
    assert bought[:20] not in lines
