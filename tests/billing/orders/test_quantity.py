"""Test several items in one purchase: paying for three grants three, and each one refunded takes one back.

Apps sell several items of a consumable in one transaction (j3k0/cordova-plugin-purchase 1667). A plugin always reported
the quantity 1 (flutter/flutter 186490).
"""

import pytest

from billing.ledger import journal
from billing.models import LedgerEntry, Order
from billing.vocabulary import Account, EntryKind
from tests.billing.providers.app_store.calls import OSMOSIS, VALID, body_of, cash, deliver, send_receipt
from tests.billing.providers.app_store.test_refunds import use_a_credit
from tests.billing.providers.play_store import calls as play

pytestmark = pytest.mark.django_db
THREE = 3 * 4999


@pytest.fixture
def bought(apple, phone) -> str:
    """Buy three, paid at once."""
    ref = apple.buy(OSMOSIS, token=str(phone.owner.pk), quantity=3, price=3 * 49_990)
    assert body_of(send_receipt(phone, apple.receipt(ref))) == VALID
    return ref


def earned() -> int:
    return -sum(LedgerEntry.objects.filter(account=Account.REVENUE).values_list("amount", flat=True))


def order_state(phone) -> tuple[str, tuple[int, int], int]:
    return Order.objects.get().status, phone.credits(), cash(phone.owner)


def is_balanced() -> bool:
    return not any(journal.totals().values())


def test_a_purchase_of_three_grants_three_credits(phone, bought):
    order = Order.objects.get()
    assert (order.quantity, order.price_minor, phone.credits()) == (3, THREE, (3, 0))


def test_each_used_credit_earns_its_part(phone, bought):
    steps = []
    for _ in range(3):
        use_a_credit(phone.owner)
        steps.append((Order.objects.get().status, Order.objects.get().delivered, earned()))
    assert steps == [("paid", 1, 4999), ("paid", 2, 2 * 4999), ("fulfilled", 3, THREE)]


def test_an_indivisible_amount_is_earned_to_the_last_cent(apple, phone):
    send_receipt(phone, apple.receipt(apple.buy(OSMOSIS, token=str(phone.owner.pk), quantity=3, price=100_000)))
    for _ in range(3):
        use_a_credit(phone.owner)
    assert (earned(), Order.objects.get().status) == (10_000, "fulfilled")


@pytest.mark.parametrize("used", [0, 1, 2])
def test_a_refund_of_two_thirds_revokes_two_credits_until_its_reversal(apple, phone, bought, used):
    for _ in range(used):
        use_a_credit(phone.owner)
    apple.refund(bought, revocationType="REFUND_PRORATED", revocationPercentage=66_666)
    deliver(*[apple.notification("REFUND", bought)] * 3)
    assert order_state(phone) == ("paid" if not used else "fulfilled", (1 - used, 0), THREE - THREE * 66_666 // 100_000)
    apple.reverse_refund(bought)
    deliver(*[apple.notification("REFUND_REVERSED", bought)] * 3)
    assert (phone.credits(), cash(phone.owner), is_balanced()) == ((3 - used, 0), THREE, True)


@pytest.mark.parametrize("used", [0, 1, 3])
def test_a_full_refund_revokes_all_credits(apple, phone, bought, used):
    for _ in range(used):
        use_a_credit(phone.owner)
    apple.refund(bought)
    deliver(apple.notification("REFUND", bought))
    assert (order_state(phone), is_balanced()) == (("refunded", (-used, 0), 0), True)
    apple.reverse_refund(bought)
    deliver(apple.notification("REFUND_REVERSED", bought))
    assert order_state(phone) == ("fulfilled" if used == 3 else "paid", (3 - used, 0), THREE)
    for _ in range(3 - used):
        use_a_credit(phone.owner)
    assert (Order.objects.get().status, earned() + _of_refunds()) == ("fulfilled", THREE)


def _of_refunds() -> int:
    """Return the balance of refunds after a refund of earned money and its reversal: 0."""
    return sum(LedgerEntry.objects.filter(account=Account.REFUNDS).values_list("amount", flat=True))


def test_a_partial_refund_of_one_revokes_no_credit(apple, phone):
    ref = apple.buy(OSMOSIS, token=str(phone.owner.pk))
    send_receipt(phone, apple.receipt(ref))
    apple.refund(ref, revocationType="REFUND_PRORATED", revocationPercentage=99_999)
    deliver(apple.notification("REFUND", ref))
    assert phone.credits() == (1, 0)


def test_refunded_used_credits_are_a_debt_paid_by_the_next_purchase(apple, phone, bought):
    for _ in range(3):
        use_a_credit(phone.owner)
    apple.refund(bought)
    deliver(apple.notification("REFUND", bought))
    send_receipt(phone, apple.receipt(apple.buy(OSMOSIS, token=str(phone.owner.pk), quantity=4, price=4 * 49_990)))
    order = Order.objects.order_by("created_at").last()
    assert (phone.credits(), order.status, order.delivered) == ((1, 0), "paid", 3)


# --- Google Play: all or some of several, by the number that can still be refunded ---
def test_a_google_purchase_of_three_grants_three_credits(google, phone):
    token = google.buy(str(phone.owner.pk), quantity=3)
    assert play.status(play.send_receipt(phone, token)) == "valid"
    order = Order.objects.get()
    assert (order.quantity, order.price_minor, phone.credits()) == (3, 3 * order.product.price_minor, (3, 0))


def test_google_voids_three_items_one_by_one(google, phone):
    token = google.buy(str(phone.owner.pk), quantity=3)
    play.send_receipt(phone, token)
    price, steps = Order.objects.get().price_minor, []
    for left in (2, 1, 0):
        google.void_some(token, left=left)
        play.deliver_pushes(google)
        play.sweep_voided_purchases()
        play.deliver_pushes(google)
        steps.append((Order.objects.get().status, phone.credits()[0], play.money().get(Account.CASH, 0)))
    assert steps == [("paid", 2, price * 2 // 3), ("paid", 1, price - 2 * (price // 3)), ("refunded", 0, 0)]
    assert (play.booked(EntryKind.REFUND), is_balanced()) == (3, True)


@pytest.mark.parametrize("quantity", [0, -1, "two", None])
def test_an_invalid_quantity_counts_as_an_outage(google, phone, quantity):
    token = google.buy(str(phone.owner.pk))
    google.products[token]["body"]["quantity"] = quantity
    assert play.send_receipt(phone, token).status_code == 503
    assert not Order.objects.exists()
