"""Test refunds by staff: never more than is left, and once per form, however often it is sent."""

import re
import threading
from datetime import timedelta
from unittest.mock import Mock
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts.models import StaffAction
from billing import orders
from billing.entitlements import entitlements
from billing.ledger import inspection_credits, journal
from billing.models import LedgerTransaction
from billing.provider_registry import hosted_checkout
from billing.providers.base import ProviderRefused
from billing.sync import checkout, hosted_orders
from billing.tasks import sweep_payments
from billing.vocabulary import Account, EntryKind, Provider, SubscriptionState
from testing.fake_stripe import FakeStripe
from testing.web_purchases import selling
from tests.billing.admin.states import PRICE, bought, bought_on_the_web
from tests.conftest import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def fake(settings):
    with selling(settings) as fake:
        yield fake


def page(order):
    return f"/admin/billing/order/{order.pk}/change/"


def form(order):
    return f"/admin/billing/order/{order.pk}/act/refund/"


def proposed(desk, order) -> dict:
    """Return the values in the form when it is opened."""
    shown = desk.get(form(order)).context["form"]
    return {
        "amount": str(shown["amount"].value()),
        "key": str(shown["key"].value()),
        "reason": "bad photos",
        "confirmed": "yes",
    }


def refund(desk, order, **fields):
    return desk.post(form(order), proposed(desk, order) | fields, follow=True)


def given_back(order) -> int:
    return -journal.posted_amount(EntryKind.REFUND, order=order, account=Account.CASH)


def refunds_at(fake: FakeStripe, order) -> list[int]:
    return [each.amount_minor for each in hosted_checkout(order.provider).payment(order.payment_ref).refunds]


def test_a_full_refund_of_a_test_payment_stores_its_reason(desk, staff, owner):
    order = bought(owner)
    answer = refund(desk, order)
    assert "49.00 EUR goes back. Left to refund: 0.00 EUR." in answer.content.decode()
    order.refresh_from_db()
    assert (order.status, given_back(order), inspection_credits.balance_of(owner).available) == ("refunded", PRICE, 0)
    action = StaffAction.objects.get()
    assert (action.staff, action.action, action.reason) == (staff, "refund", "bad photos")
    assert (action.detail["amount_minor"], action.detail["outcome"]) == (PRICE, "refunded")
    shown = desk.get(page(order)).content.decode()
    assert "bad photos" in shown
    assert "amount: 49.00 EUR" in shown
    assert str(PRICE) not in shown


def test_a_refund_is_shown_with_its_currency_and_confirmed_first(desk, owner, fake):
    order = bought_on_the_web(owner, fake)
    unconfirmed = {**proposed(desk, order), "amount": "10.00"}
    del unconfirmed["confirmed"]
    shown = desk.post(form(order), unconfirmed).content.decode()
    assert "10.00 EUR of 49.00 EUR goes back" in shown
    assert "39.00 EUR can still be refunded" in shown
    assert not refunds_at(fake, order)
    assert not StaffAction.objects.exists()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', shown))
    desk.post(form(order), fields)
    assert refunds_at(fake, order) == [1000]


def test_too_much_is_refused_before_it_is_confirmed(desk, owner):
    order = bought(owner)
    unconfirmed = {**proposed(desk, order), "amount": "49.01"}
    del unconfirmed["confirmed"]
    answer = desk.post(form(order), unconfirmed)
    assert answer.context["form"].non_field_errors() == ["No more than 49.00 EUR is left to refund."]


def test_the_provider_refunds_a_web_payment(desk, owner, fake):
    order = bought_on_the_web(owner, fake)
    answer = refund(desk, order, amount="10.00")
    assert "10.00 EUR goes back. Left to refund: 39.00 EUR." in answer.content.decode()
    assert (refunds_at(fake, order), given_back(order)) == ([1000], 1000)
    assert refund(desk, order).status_code == 200
    order.refresh_from_db()
    assert (order.status, sorted(refunds_at(fake, order)), given_back(order)) == ("refunded", [1000, 3900], PRICE)
    assert StaffAction.objects.count() == 2


@pytest.mark.parametrize("amount", ["49.01", "0", "-1", "", "much", "1.005", "21474836.48", "NaN"])
def test_a_refund_is_more_than_zero_and_at_most_the_rest(desk, owner, fake, amount):
    for order in (bought(owner), bought_on_the_web(owner, fake)):
        assert refund(desk, order, amount=amount).context["form"].errors
        assert given_back(order) == 0
    assert not refunds_at(fake, order)
    assert not StaffAction.objects.exists()


def test_a_second_refund_is_at_most_the_rest(desk, owner):
    order = bought(owner)
    refund(desk, order, amount="48,00")
    answer = refund(desk, order, amount="1.01")
    assert answer.context["form"].non_field_errors() == ["No more than 1.00 EUR is left to refund."]
    assert given_back(order) == PRICE - 100


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_blank_reason_is_refused_without_a_call_to_the_provider(desk, owner, fake, reason):
    order = bought_on_the_web(owner, fake)
    assert refund(desk, order, reason=reason).context["form"].errors["reason"] == ["This field is required."]
    assert not refunds_at(fake, order)
    assert not StaffAction.objects.exists()


def test_a_form_without_a_key_is_refused(desk, owner):
    order = bought(owner)
    assert "key" in refund(desk, order, key="").context["form"].errors
    assert given_back(order) == 0


def test_a_form_sent_twice_refunds_once(desk, owner, fake):
    for order in (bought(owner), bought_on_the_web(owner, fake)):
        sent = proposed(desk, order) | {"amount": "10.00"}
        for _ in range(3):
            answer = desk.post(form(order), sent, follow=True)
            assert "10.00 EUR goes back" in answer.content.decode()
        assert given_back(order) == 1000
    assert refunds_at(fake, order) == [1000]
    assert StaffAction.objects.count() == 2


def test_a_full_refund_sent_twice_finds_the_order_refunded(desk, owner, fake):
    for order in (bought(owner), bought_on_the_web(owner, fake)):
        sent = proposed(desk, order)
        desk.post(form(order), sent)
        assert "the order is refunded" in desk.post(form(order), sent, follow=True).content.decode()
        assert given_back(order) == PRICE
    assert refunds_at(fake, order) == [PRICE]
    assert StaffAction.objects.count() == 2


def test_a_form_sent_again_with_another_amount_is_refused(desk, owner):
    order = bought(owner)
    sent = proposed(desk, order)
    desk.post(form(order), sent | {"amount": "10.00"})
    again = desk.post(form(order), sent | {"amount": "20.00"})
    assert "with another amount" in again.content.decode()
    assert given_back(order) == 1000


@pytest.mark.parametrize("after_effect", [True, False])
def test_an_unanswered_refund_is_proposed_again_and_made_once(desk, owner, fake, after_effect):
    order = bought_on_the_web(owner, fake)
    fake.fail_next(status=500, after_effect=after_effect)
    answer = refund(desk, order, amount="10.00")
    assert "Stripe did not answer" in answer.content.decode()
    assert (given_back(order), StaffAction.objects.get().detail["outcome"]) == (0, "asked")
    again = proposed(desk, order)
    assert again["amount"] == "10.00"
    desk.post(form(order), again)
    assert (refunds_at(fake, order), given_back(order)) == ([1000], 1000)
    assert StaffAction.objects.get().detail["outcome"] == "refunded"


def test_a_refund_that_cannot_be_read_is_not_called_refused(desk, owner, fake, monkeypatch):
    order = bought_on_the_web(owner, fake)
    with monkeypatch.context() as patched:
        patched.setattr(hosted_orders, "sync_payment", Mock(side_effect=ProviderRefused("no such payment")))
        assert "Stripe did not answer" in refund(desk, order, amount="10.00").content.decode()
    desk.post(form(order), proposed(desk, order))
    assert (refunds_at(fake, order), given_back(order)) == ([1000], 1000)


def test_no_other_refund_starts_while_an_outcome_is_unknown(desk, owner, fake):
    order = bought_on_the_web(owner, fake)
    fake.fail_next(status=500, after_effect=True)
    refund(desk, order, amount="10.00")
    answer = refund(desk, order, amount="10.00", key=str(uuid4()))
    assert "is unknown" in answer.content.decode()
    assert "with another amount" in refund(desk, order, amount="20.00").content.decode()
    assert (refunds_at(fake, order), StaffAction.objects.count()) == ([1000], 1)


def test_an_expired_key_of_the_provider_is_not_used_again(desk, staff, owner, fake):
    order = bought_on_the_web(owner, fake)
    sent = proposed(desk, order) | {"amount": "10.00"}
    fake.fail_next(status=500, after_effect=True)
    desk.post(form(order), sent)
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        desk.force_login(staff)
        assert "too old" in desk.post(form(order), sent).content.decode()
        assert proposed(desk, order)["key"] != sent["key"]
    assert refunds_at(fake, order) == [1000]


def test_a_refusal_of_the_provider_is_shown_and_stored(desk, owner, fake):
    order = bought_on_the_web(owner, fake)
    fake.open_dispute(order.payment_ref)
    sent = proposed(desk, order)
    for _ in range(2):
        answer = desk.post(form(order), sent, follow=True)
        assert "charge_disputed" in answer.content.decode()
    assert (given_back(order), StaffAction.objects.get().detail["outcome"]) == (0, "refused: charge_disputed")
    assert proposed(desk, order)["key"] != sent["key"]


def test_a_crash_during_the_call_of_the_provider_leaves_a_record(desk, owner, fake, monkeypatch):
    order = bought_on_the_web(owner, fake)

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("billing.sync.checkout.refund", die)
        with pytest.raises(KeyboardInterrupt):
            refund(desk, order, amount="10.00")
    action = StaffAction.objects.get()
    assert (action.reason, action.detail["outcome"], given_back(order)) == ("bad photos", "asked", 0)
    refund(desk, order)
    assert (refunds_at(fake, order), given_back(order)) == ([1000], 1000)


@pytest.mark.django_db(transaction=True)
def test_the_provider_is_called_outside_a_transaction(desk, owner, fake, monkeypatch):
    order = bought_on_the_web(owner, fake)
    asked_in_transaction = []
    real = checkout.refund

    def watched(*args, **kwargs):
        asked_in_transaction.append(connection.in_atomic_block)
        real(*args, **kwargs)

    monkeypatch.setattr("billing.sync.checkout.refund", watched)
    refund(desk, order)
    assert asked_in_transaction == [False]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("on_the_web", [True, False])
def test_parallel_sends_of_a_form_refund_once(desk, staff, owner, fake, on_the_web):
    order = bought_on_the_web(owner, fake) if on_the_web else bought(owner)
    sent = proposed(desk, order) | {"amount": "10.00"}
    start = threading.Barrier(4)

    def send():
        try:
            client = browser(staff)
            start.wait()
            client.post(form(order), sent)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    desk.post(form(order), sent)
    assert (given_back(order), StaffAction.objects.count()) == (1000, 1)
    if on_the_web:
        assert refunds_at(fake, order) == [1000]


@pytest.mark.parametrize("provider", [Provider.APP_STORE, Provider.PLAY_STORE])
def test_an_order_of_a_store_can_only_be_refunded_there(desk, owner, provider):
    order = bought(owner, provider)
    assert "/act/refund/" not in desk.get(page(order)).content.decode()
    answer = desk.post(form(order), {"amount": "0.01", "key": str(uuid4()), "reason": "why"}, follow=True)
    assert "the store refunds it" in answer.content.decode()
    assert given_back(order) == 0
    assert not StaffAction.objects.exists()


def test_granted_unpaid_and_refunded_orders_have_nothing_to_refund(desk, owner):
    product = bought(owner).product
    gift = orders.grant_by_staff(owner=owner, product=product, cause="test")
    unpaid = orders.open_order(owner=owner, product=product, provider=Provider.MOCK, cause="test")
    gone = bought(owner)
    refund(desk, gone)
    request = {"amount": "0.01", "key": str(uuid4()), "reason": "why"}
    for order, why in ((gift, "grant by staff"), (unpaid, "is created"), (gone, "is refunded")):
        assert why in desk.post(form(order), request, follow=True).content.decode()
    assert StaffAction.objects.count() == 1


def test_a_cancelled_order_is_already_being_refunded(desk, owner, fake):
    order = bought_on_the_web(owner, fake)
    orders.ask_refund(order.pk)
    assert "/act/refund/" not in desk.get(page(order)).content.decode()
    answer = desk.post(form(order), {"amount": "0.01", "key": str(uuid4()), "reason": "why"}, follow=True)
    assert "The order was cancelled" in answer.content.decode()


def test_a_refund_without_the_permission_is_neither_offered_nor_made(owner, onlooker):
    order = bought(owner)
    assert onlooker.get(form(order)).status_code == 403
    assert onlooker.post(form(order), {"amount": "0.01", "key": str(uuid4()), "reason": "why"}).status_code == 403
    assert "/act/" not in onlooker.get(page(order)).content.decode()
    assert not LedgerTransaction.objects.filter(kind=EntryKind.REFUND).exists()


def test_support_is_offered_a_refund(support, owner):
    assert "/act/refund/" in support.get(page(bought(owner))).content.decode()


def test_the_form_says_what_a_refund_of_each_product_revokes(desk, owner, fake):
    credit, subscription = bought_on_the_web(owner, fake), bought_on_the_web(owner, fake, "corrosion_monthly")
    explanations = {each: desk.get(form(each)).context["explanation"] for each in (credit, subscription)}
    assert "subscription" not in explanations[credit]
    assert "debt" in explanations[credit]
    assert "credit" not in explanations[subscription]
    assert "the subscription is not renewed" in explanations[subscription]
    request = {**proposed(desk, subscription), "confirmed": ""}
    del request["confirmed"]
    assert "stops the renewal" in desk.post(form(subscription), request).content.decode()


def test_a_full_refund_of_a_subscription_matches_its_form(desk, owner, fake):
    order = bought_on_the_web(owner, fake, "corrosion_monthly")
    assert entitlements.corrosion_entitlement(owner).subscribed
    refund(desk, order, amount="1.00")
    assert entitlements.corrosion_entitlement(owner).subscribed
    sweep_payments()
    order.subscription.refresh_from_db()
    assert order.subscription.state == SubscriptionState.ACTIVE
    refund(desk, order)
    assert not entitlements.corrosion_entitlement(owner).subscribed
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        sweep_payments()
    order.subscription.refresh_from_db()
    assert order.subscription.state == SubscriptionState.CANCELLED
