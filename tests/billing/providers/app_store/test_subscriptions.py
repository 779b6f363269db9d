"""Test App Store subscriptions to corrosion tracking, period by period, as Apple reports them."""

from datetime import datetime

import pytest
import time_machine
from django.utils import timezone

from billing.models import Order, ProviderEvent, Subscription, SubscriptionEvent
from billing.sync import polling
from billing.tasks import sweep_payments
from billing.vocabulary import Provider
from testing.fake_stores.app_store import GRACE_SECONDS, PERIOD_SECONDS, FakeAppStore
from testing.phone import Phone
from tests.billing.providers.app_store.calls import (
    INVALID,
    MONTHLY,
    VALID,
    YEARLY,
    body_of,
    cash,
    deliver,
    send_receipt,
)

pytestmark = pytest.mark.django_db


def subscribed(apple: FakeAppStore, phone: Phone, product: str = MONTHLY) -> str:
    """Buy a subscription and bring its receipt from the phone; return the original transaction's id."""
    original = apple.buy(product, token=str(phone.owner.pk))
    assert body_of(send_receipt(phone, apple.receipt(original))) == VALID
    return original


def subscription_state(phone: Phone) -> tuple[bool, str | None, str]:
    """Return what the owner sees, and what is stored."""
    seen = phone.get("/subscriptions/status").json()
    return seen["active"], seen["plan"], Subscription.objects.get().state


@pytest.mark.parametrize(("product", "plan"), [(MONTHLY, "monthly"), (YEARLY, "yearly")])
def test_a_subscription_gives_access_until_its_period_ends(apple, phone, product: str, plan: str):
    original = subscribed(apple, phone, product)
    assert subscription_state(phone) == (True, plan, "active")
    seen = phone.get("/subscriptions/status").json()["current_period_end"]
    expires = apple.transactions[original]["expiresDate"]
    assert datetime.fromisoformat(seen).timestamp() == pytest.approx(expires / 1000, abs=0.001)
    assert phone.get("/entitlements/corrosion").json()["subscription_active"] is True
    order = Order.objects.get()
    assert (order.provider_ref, order.product.code, order.subscription.provider_ref) == (original, product, original)
    assert order.period_ends_at == order.subscription.ends_at


def test_a_subscription_gives_no_access_to_another_account(apple, phone, stranger):
    receipt = apple.receipt(subscribed(apple, phone))
    other = Phone.of(stranger)
    assert body_of(send_receipt(other, receipt)) == INVALID
    assert other.get("/subscriptions/status").json()["active"] is False
    assert Subscription.objects.get().owner == phone.owner


def test_each_renewal_is_a_new_order(apple, phone):
    original = subscribed(apple, phone)
    renewals = [apple.renew(original) for _ in range(2)]
    deliver(*[apple.notification("DID_RENEW", ref) for ref in renewals] * 2)
    assert set(Order.objects.values_list("provider_ref", "status")) == {(ref, "paid") for ref in (original, *renewals)}
    assert cash(phone.owner) == 3 * 999
    assert Subscription.objects.get().ends_at.timestamp() * 1000 == apple.latest(original)["expiresDate"]


def test_a_notification_alone_grants_a_renewal_to_the_subscriber(apple, phone):
    original = apple.buy(MONTHLY, token=str(phone.owner.pk))
    deliver(apple.notification("DID_RENEW", apple.renew(original)))
    assert subscription_state(phone) == (True, "monthly", "active")


def test_access_continues_in_grace_and_recovery_renews(apple, phone):
    original = subscribed(apple, phone)
    apple.fail_renewal_into_grace(original)
    deliver(apple.notification("DID_FAIL_TO_RENEW", original, subtype="GRACE_PERIOD"))
    assert subscription_state(phone) == (True, "monthly", "grace")
    left = Subscription.objects.get().ends_at - timezone.now()
    assert left.total_seconds() == pytest.approx(GRACE_SECONDS, abs=60)
    deliver(apple.notification("DID_RENEW", apple.renew(original), subtype="BILLING_RECOVERY"))
    assert subscription_state(phone) == (True, "monthly", "active")
    assert cash(phone.owner) == 2 * 999


def test_a_subscription_lapses_after_its_grace_period(apple, phone):
    original = subscribed(apple, phone)
    apple.fail_renewal_into_grace(original)
    deliver(apple.notification("DID_FAIL_TO_RENEW", original, subtype="GRACE_PERIOD"))
    apple.expire(original)
    deliver(apple.notification("GRACE_PERIOD_EXPIRED", original))
    assert subscription_state(phone) == (False, None, "lapsed")


def test_a_cancelled_subscription_ends_with_its_period(apple, phone):
    original = subscribed(apple, phone)
    apple.turn_off_auto_renew(original)
    deliver(apple.notification("DID_CHANGE_RENEWAL_STATUS", original, subtype="AUTO_RENEW_DISABLED"))
    assert subscription_state(phone) == (True, "monthly", "cancelled")
    apple.expire(original)
    deliver(apple.notification("EXPIRED", original, subtype="VOLUNTARY"))
    assert subscription_state(phone) == (False, None, "lapsed")
    states = SubscriptionEvent.objects.order_by("id").values_list("to_state", flat=True)
    assert list(states) == ["active", "cancelled", "lapsed"]


def test_resubscribing_restores_the_same_subscription(apple, phone):
    original = subscribed(apple, phone)
    apple.expire(original)
    deliver(apple.notification("EXPIRED", original, subtype="VOLUNTARY"))
    deliver(apple.notification("SUBSCRIBED", apple.renew(original, productId=YEARLY), subtype="RESUBSCRIBE"))
    assert subscription_state(phone) == (True, "yearly", "active")


def test_resubscribing_from_another_account_moves_the_subscription(apple, phone, stranger):
    other, original = Phone.of(stranger), subscribed(apple, phone)
    apple.expire(original)
    deliver(apple.notification("EXPIRED", original, subtype="VOLUNTARY"))
    again = apple.renew(original, appAccountToken=str(stranger.pk))
    deliver(apple.notification("SUBSCRIBED", again, subtype="RESUBSCRIBE"))
    assert subscription_state(other) == (True, "monthly", "active")
    assert phone.get("/subscriptions/status").json()["active"] is False
    assert (cash(phone.owner), cash(stranger)) == (999, 999)


def test_an_old_receipt_does_not_move_a_subscription_back(apple, phone, stranger):
    other, original = Phone.of(stranger), subscribed(apple, phone)
    apple.expire(original)
    apple.renew(original, appAccountToken=str(stranger.pk))
    assert body_of(send_receipt(other, apple.receipt(apple.latest(original)["transactionId"]))) == VALID
    assert body_of(send_receipt(phone, apple.receipt(original))) == VALID  # it was theirs, and is granted already
    assert subscription_state(other) == (True, "monthly", "active")
    assert phone.get("/subscriptions/status").json()["active"] is False
    assert (cash(phone.owner), cash(stranger)) == (999, 999)


def test_a_refund_to_the_former_owner_is_booked(apple, phone, stranger):
    original = subscribed(apple, phone)
    apple.expire(original)
    deliver(apple.notification("SUBSCRIBED", apple.renew(original, appAccountToken=str(stranger.pk))))
    apple.refund(original)
    deliver(apple.notification("REFUND", original))
    assert (cash(phone.owner), cash(stranger)) == (0, 999)
    assert Subscription.objects.get().owner == stranger


def test_an_unknown_plan_waits_for_staff(apple, phone):
    original = subscribed(apple, phone)
    deliver(apple.notification("DID_CHANGE_RENEWAL_PREF", apple.renew(original, productId="corrosion_weekly")))
    assert subscription_state(phone) == (True, "monthly", "active")
    deliver(apple.notification("REFUND", original))
    event = ProviderEvent.objects.get(kind="REFUND")
    assert (event.state, "a plan that is not ours" in event.error) == ("waiting", True)


def test_a_revoked_family_share_lapses(apple, phone):
    original = apple.buy(YEARLY, token=str(phone.owner.pk), inAppOwnershipType="FAMILY_SHARED")
    deliver(apple.notification("SUBSCRIBED", original))
    assert subscription_state(phone) == (True, "yearly", "active")
    apple.revoke(original)
    deliver(apple.notification("REVOKE", original))
    assert subscription_state(phone) == (False, None, "lapsed")
    assert cash(phone.owner) == 0


def test_notifications_in_any_order_give_the_same_state(apple, phone):
    original = subscribed(apple, phone)
    bodies = [apple.notification("DID_RENEW", apple.renew(original))]
    apple.turn_off_auto_renew(original)
    bodies.append(apple.notification("DID_CHANGE_RENEWAL_STATUS", apple.latest(original)["transactionId"]))
    deliver(*reversed(bodies), *bodies)
    assert subscription_state(phone) == (True, "monthly", "cancelled")
    assert cash(phone.owner) == 2 * 999


def test_polling_finds_a_renewal_without_a_notification(apple, phone):
    original = subscribed(apple, phone)
    with time_machine.travel(timezone.now().timestamp() + PERIOD_SECONDS[MONTHLY] + 60):
        renewal = apple.renew(original)
        sweep_payments()
        assert Subscription.objects.get().state == "active"
        assert Subscription.objects.get().ends_at > timezone.now()
        assert set(Order.objects.values_list("provider_ref", "status")) == {
            (original, "fulfilled"),
            (renewal, "paid"),
        }


def test_an_unrenewed_subscription_lapses_without_a_notification(apple, phone):
    subscribed(apple, phone)
    with time_machine.travel(timezone.now().timestamp() + PERIOD_SECONDS[MONTHLY] + 60):
        sweep_payments()
        assert Subscription.objects.get().state == "lapsed"
        assert not polling.overdue_subscriptions().exists()


def test_a_refund_of_an_older_period_keeps_the_subscription(apple, phone):
    original = subscribed(apple, phone)
    deliver(apple.notification("DID_RENEW", apple.renew(original)))
    apple.refund(original)
    deliver(apple.notification("REFUND", original))
    assert subscription_state(phone) == (True, "monthly", "active")
    assert dict(Order.objects.values_list("provider_ref", "status"))[original] == "refunded"
    assert cash(phone.owner) == 999


def test_nothing_is_written_while_the_status_is_unknown(apple, phone):
    original = apple.buy(MONTHLY, token=str(phone.owner.pk))
    receipt, renewal = apple.receipt(original), apple.renewals.pop(original)
    assert send_receipt(phone, receipt).status_code == 503
    assert not Order.objects.filter(provider=Provider.APP_STORE).exists()
    apple.renewals[original] = renewal
    assert body_of(send_receipt(phone, receipt)) == VALID
