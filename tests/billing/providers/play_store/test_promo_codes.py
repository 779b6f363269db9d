"""Test that a code redeemed on Google Play is an inspection that costs nothing.

Google reports a redeemed code as `purchaseType` 1 (serso/android-checkout 142). Servers that verify purchases refused
it (android/play-billing-samples 7).
"""

import pytest

from billing.models import Order
from testing.fake_stores.play_actions import MONTHLY
from tests.billing.providers.play_store import calls as play

pytestmark = pytest.mark.django_db


def test_a_promo_code_gives_an_inspection(google, phone):
    token = google.buy(str(phone.owner.pk), purchaseType=1, orderId=None)
    assert (play.send_receipt(phone, token).json(), phone.credits()) == ({"status": "valid"}, (1, 0))
    order = Order.objects.get()
    assert (order.price_minor, order.is_test, play.money()) == (0, False, {})
    assert google.products[token]["body"]["acknowledgementState"] == 1


def test_a_voided_promo_code_revokes_its_credit(google, phone):
    token = google.buy(str(phone.owner.pk), purchaseType=1, orderId=None)
    play.deliver_pushes(google)
    google.void(token)
    play.deliver_pushes(google)
    play.sweep_voided_purchases()
    assert (Order.objects.get().status, phone.credits(), play.money()) == ("refunded", (0, 0), {})


@pytest.mark.parametrize(
    ("phase", "is_free"), [("freeTrial", True), ("introductoryPrice", False), ("basePrice", False)]
)
def test_a_trial_gives_access_and_books_no_money(google, phone, phase, is_free):
    token = google.subscribe(str(phone.owner.pk))
    google.item(token)["offerPhase"] = {phase: {}}
    assert play.status(play.send_receipt(phone, token, product=MONTHLY)) == "valid"
    assert (Order.objects.get().price_minor == 0, Order.objects.get().is_test) == (is_free, False)


def test_a_subscription_with_a_code_is_paid_from_its_second_period(google, phone):
    token = google.subscribe(str(phone.owner.pk))
    google.item(token)["signupPromotion"] = {"oneTimeCode": {}}
    assert play.status(play.send_receipt(phone, token, product=MONTHLY)) == "valid"
    assert (phone.get("/subscriptions/status").json()["active"], play.money()) == (True, {})
    google.renew(token)
    play.deliver_pushes(google)
    prices = Order.objects.order_by("created_at").values_list("price_minor", flat=True)
    assert [bool(price) for price in prices] == [False, True]
