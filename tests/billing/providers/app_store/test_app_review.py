"""Test App Review and TestFlight: a sandbox purchase on production is granted as a test, never booked as money.

Apple rejected apps with servers that accepted production only, because a reviewer buys in the sandbox
(bizz84/SwiftyStoreKit 482 and 547). Before the first approval the production API answers 401
(apple/app-store-server-library-node 37).
"""

import pytest

from billing import orders
from billing.entitlements import subscriptions
from billing.ledger import inspection_credits
from billing.models import LedgerEntry, LedgerTransaction, Order, ProviderEvent, Subscription
from billing.reconciliation import reconcile
from billing.vocabulary import EntryKind, Provider
from testing.phone import Phone
from testing.web_purchases import buy, deliver_events, order_of, selling
from tests.billing.providers.app_store.calls import (
    INVALID,
    MONTHLY,
    OSMOSIS,
    VALID,
    body_of,
    cash,
    deliver,
    nothing_happened,
    send_receipt,
)
from tests.billing.providers.app_store.test_refunds import use_a_credit

pytestmark = pytest.mark.django_db


def money_booked() -> bool:
    return LedgerEntry.objects.exclude(unit="INSPECTION").exists()


def test_a_reviewer_can_buy(apple, phone):
    ref = apple.buy_in_the_sandbox(OSMOSIS, token=str(phone.owner.pk))
    assert body_of(send_receipt(phone, apple.receipt(ref))) == VALID
    deliver(apple.notification("ONE_TIME_CHARGE", ref))
    assert (phone.credits(), cash(phone.owner), money_booked()) == ((1, 0), 0, False)
    order, event = Order.objects.get(), ProviderEvent.objects.get()
    assert (order.is_test, order.price_minor, order.provider_ref) == (True, 0, f"sandbox:{ref}")
    assert (event.state, event.verdict) == ("done", "JWS, OCSP, sandbox")
    shown = phone.get(f"/orders/{order.pk}").json()
    assert (shown["is_test"], shown["quantity"], shown["price"]["amount_minor"]) == (True, 1, 0)


def test_a_test_credit_can_be_used_and_is_marked_until_then(apple, phone):
    send_receipt(phone, apple.receipt(apple.buy_in_the_sandbox(OSMOSIS, token=str(phone.owner.pk), quantity=2)))
    send_receipt(phone, apple.receipt(apple.buy(OSMOSIS, token=str(phone.owner.pk))))
    assert (inspection_credits.balance_of(phone.owner).available, orders.untransferable_credits(phone.owner)) == (3, 2)
    use_a_credit(phone.owner)
    assert (phone.credits(), orders.untransferable_credits(phone.owner)) == ((2, 0), 1)
    use_a_credit(phone.owner)
    assert (Order.objects.get(is_test=True).status, orders.untransferable_credits(phone.owner)) == ("fulfilled", 0)
    assert cash(phone.owner) == 4999


def test_a_reviewer_can_subscribe(apple, phone):
    ref = apple.buy_in_the_sandbox(MONTHLY, token=str(phone.owner.pk))
    assert body_of(send_receipt(phone, apple.receipt(ref))) == VALID
    renewal = apple.renew(ref, environment="Sandbox")
    deliver(apple.notification("DID_RENEW", renewal))
    assert phone.get("/subscriptions/status").json()["active"] is True
    assert (Subscription.objects.get().is_test, Order.objects.filter(is_test=True).count()) == (True, 2)
    assert not money_booked()


def test_a_test_subscription_blocks_no_other(apple, phone):
    send_receipt(phone, apple.receipt(apple.buy_in_the_sandbox(MONTHLY, token=str(phone.owner.pk))))
    paid = apple.buy(MONTHLY, token=str(phone.owner.pk))
    send_receipt(phone, apple.receipt(paid))
    rows = Subscription.objects.order_by("created_at").values_list("is_test", "is_current", "surplus_at")
    assert list(rows) == [(True, False, None), (False, True, None)]
    assert not subscriptions.unsettled().exists()


def test_a_subscription_can_be_bought_on_the_web_beside_a_test_one(apple, phone, settings):
    send_receipt(phone, apple.receipt(apple.buy_in_the_sandbox(MONTHLY, token=str(phone.owner.pk))))
    with selling(settings) as fake:
        page = buy(phone, "corrosion_yearly")
        fake.pay(order_of(page).provider_ref)
        deliver_events(fake)
    assert phone.get("/subscriptions/status").json()["plan"] == "yearly"


def test_a_refunded_and_reversed_test_moves_credits_only(apple, phone):
    ref = apple.buy_in_the_sandbox(OSMOSIS, token=str(phone.owner.pk))
    send_receipt(phone, apple.receipt(ref))
    for _ in range(2):
        apple.refund(ref)
        deliver(*[apple.notification("REFUND", ref)] * 2)
        assert (Order.objects.get().status, phone.credits()) == ("refunded", (0, 0))
        apple.reverse_refund(ref)
        deliver(*[apple.notification("REFUND_REVERSED", ref)] * 2)
        assert (Order.objects.get().status, phone.credits()) == ("paid", (1, 0))
    assert (LedgerTransaction.objects.filter(kind=EntryKind.CREDIT_REVOKE).count(), money_booked()) == (2, False)


def test_an_equal_id_in_sandbox_and_production_is_two_purchases(apple, phone):
    """Each environment numbers its transactions separately."""
    paid = apple.buy(OSMOSIS, token=str(phone.owner.pk))
    send_receipt(phone, apple.receipt(paid))
    apple.transactions[paid]["environment"] = "Sandbox"
    assert body_of(send_receipt(phone, apple.receipt(paid))) == VALID
    assert sorted(Order.objects.values_list("provider_ref", "is_test")) == [(paid, False), (f"sandbox:{paid}", True)]


@pytest.mark.parametrize("allowed", ["off", "5f0c2c5e-6a0b-4f0e-9b55-0c8a3e1d2f4b"])
def test_an_owner_without_permission_gets_no_test_purchase(apple, phone, settings, allowed):
    settings.APP_STORE_SANDBOX = allowed
    ref = apple.buy_in_the_sandbox(OSMOSIS, token=str(phone.owner.pk))
    assert body_of(send_receipt(phone, apple.receipt(ref))) == INVALID
    deliver(apple.notification("ONE_TIME_CHARGE", ref))
    assert nothing_happened()
    event = ProviderEvent.objects.get()
    assert (event.state, event.verdict) == ("done", "JWS, OCSP, sandbox, a test that is not granted")
    settings.APP_STORE_SANDBOX = f"{allowed},{phone.owner.pk}"
    assert body_of(send_receipt(phone, apple.receipt(ref))) == VALID


def test_earlier_test_purchases_are_refunded_though_tests_are_off(apple, phone, settings):
    ref = apple.buy_in_the_sandbox(OSMOSIS, token=str(phone.owner.pk))
    send_receipt(phone, apple.receipt(ref))
    settings.APP_STORE_SANDBOX = "off"
    apple.refund(ref)
    deliver(apple.notification("REFUND", ref))
    assert (Order.objects.get().status, phone.credits()) == ("refunded", (0, 0))


def test_a_test_of_an_unknown_owner_is_not_reported_to_staff(apple):
    deliver(
        apple.notification(
            "ONE_TIME_CHARGE", apple.buy_in_the_sandbox(OSMOSIS, token="5f0c2c5e-6a0b-4f0e-9b55-0c8a3e1d2f4b")
        )
    )
    assert ProviderEvent.objects.get().state == "done"


def test_a_test_purchase_of_another_account_is_invalid(apple, phone, stranger):
    ref = apple.buy_in_the_sandbox(OSMOSIS, token=str(phone.owner.pk))
    assert body_of(send_receipt(Phone.of(stranger), apple.receipt(ref))) == INVALID
    assert nothing_happened()


def test_reconciliation_ignores_test_purchases(apple, phone):
    ref = apple.buy_in_the_sandbox(OSMOSIS, token=str(phone.owner.pk))
    send_receipt(phone, apple.receipt(ref))
    del apple.transactions[ref]  # the sandbox forgets
    assert not reconcile(Provider.APP_STORE, Order.objects.get().paid_at.date()).exists()
