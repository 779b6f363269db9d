"""Test App Store refunds and their reversals: each moves the books exactly once, however often it is delivered."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from billing import orders
from billing.entitlements import entitlements
from billing.ledger import inspection_credits
from billing.models import LedgerTransaction, Order
from billing.provider_registry import stores
from billing.providers.base import Refunded
from billing.sync import receipts
from billing.vocabulary import EntryKind, Provider
from testing.fake_stores.app_store import send
from tests.billing.providers.app_store.calls import (
    MONTHLY,
    OSMOSIS,
    YEARLY,
    body_of,
    cash,
    deliver,
    post,
    send_receipt,
    work,
)
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def bought(apple, phone) -> str:
    """Return the transaction of a granted inspection."""
    ref = apple.buy(OSMOSIS, token=str(phone.owner.pk))
    send_receipt(phone, apple.receipt(ref))
    assert phone.credits() == (1, 0)
    return ref


def status() -> str:
    return Order.objects.get().status


def moved(kind: EntryKind) -> int:
    return LedgerTransaction.objects.filter(kind=kind).count()


def use_a_credit(owner) -> None:
    inspection = uuid4()
    with transaction.atomic():
        entitlements.lock(owner)
        inspection_credits.hold(owner=owner, inspection_id=inspection)
        orders.spend_credit(owner=owner, inspection_id=inspection)


def test_refund_reversal_and_second_refund_are_each_booked_once(apple, phone, bought):
    first = apple.transactions[bought]["purchaseDate"] + 1000
    told_so_far = []
    for change, kind, expected in [
        (lambda: apple.refund(bought, at=first), "REFUND", ("refunded", (0, 0), 0)),
        (lambda: apple.reverse_refund(bought), "REFUND_REVERSED", ("paid", (1, 0), 4999)),
        (lambda: apple.refund(bought, at=first + 1000), "REFUND", ("refunded", (0, 0), 0)),
        (lambda: apple.reverse_refund(bought), "REFUND_REVERSED", ("paid", (1, 0), 4999)),
    ]:
        change()
        told_so_far.append(apple.notification(kind, bought))
        deliver(told_so_far[-1], told_so_far[-1], apple.notification(kind, bought), *told_so_far)
        send_receipt(phone, apple.receipt(bought))
        assert (status(), phone.credits(), cash(phone.owner)) == expected
    assert (moved(EntryKind.REFUND), moved(EntryKind.REFUND_REVERSAL)) == (2, 2)


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_notifications_does_not_matter(apple, phone, bought, seed: int):
    apple.refund(bought)
    bodies = [apple.notification("CONSUMPTION_REQUEST", bought), apple.notification("REFUND", bought)]
    apple.reverse_refund(bought)
    bodies.append(apple.notification("REFUND_REVERSED", bought))
    apple.refund(bought, at=apple.transactions[bought]["purchaseDate"] + 5000)
    bodies.append(apple.notification("REFUND", bought))
    assert {answer.status_code for answer in send(bodies, post, times=3, seed=seed)} == {200}
    work()
    assert (status(), phone.credits(), cash(phone.owner)) == ("refunded", (0, 0), 0)
    assert (moved(EntryKind.REFUND), moved(EntryKind.REFUND_REVERSAL)) == (1, 0)


def test_a_refund_of_a_used_credit_is_a_debt(apple, phone, bought):
    use_a_credit(phone.owner)
    assert status() == "fulfilled"
    apple.refund(bought)
    deliver(apple.notification("REFUND", bought))
    assert (status(), phone.credits(), cash(phone.owner)) == ("refunded", (-1, 0), 0)
    apple.reverse_refund(bought)
    deliver(apple.notification("REFUND_REVERSED", bought))
    assert (status(), phone.credits(), cash(phone.owner)) == ("fulfilled", (0, 0), 4999)


def test_a_refund_before_anything_was_granted_leaves_nothing_to_use(apple, phone):
    ref = apple.buy(OSMOSIS, token=str(phone.owner.pk))
    apple.refund(ref)
    deliver(apple.notification("REFUND", ref))
    assert (status(), phone.credits(), cash(phone.owner)) == ("refunded", (0, 0), 0)


def test_the_answer_to_an_earlier_query_changes_nothing(apple, phone, bought):
    """The query preceded the reversal, and its answer is stored after that of a later query."""
    apple.refund(bought)
    asked_at, before = timezone.now(), stores()[Provider.APP_STORE].purchase(bought)
    apple.reverse_refund(bought)
    deliver(apple.notification("REFUND_REVERSED", bought))
    receipts._record(phone.owner, receipts.Receipt(Provider.APP_STORE, before, asked_at), cause="late")
    assert (status(), phone.credits(), moved(EntryKind.REFUND)) == ("paid", (1, 0), 0)


def test_a_stale_answer_with_a_later_query_time_would_count(apple, phone, bought):
    """The control: the same answer, with a later query time."""
    apple.refund(bought)
    before = stores()[Provider.APP_STORE].purchase(bought)
    apple.reverse_refund(bought)
    deliver(apple.notification("REFUND_REVERSED", bought))
    receipts._record(phone.owner, receipts.Receipt(Provider.APP_STORE, before, timezone.now()), cause="late")
    assert (status(), phone.credits()) == ("refunded", (0, 0))


def test_a_partial_refund_leaves_the_rest(apple, phone):
    ref = apple.buy(YEARLY, token=str(phone.owner.pk))
    apple.refund(ref, revocationType="REFUND_PRORATED", revocationPercentage=50_000)
    deliver(*[apple.notification("REFUND", ref)] * 2, apple.notification("REFUND", ref))
    assert (status(), cash(phone.owner)) == ("paid", 4999 + 1)
    apple.reverse_refund(ref)
    deliver(apple.notification("REFUND_REVERSED", ref))
    assert (status(), cash(phone.owner)) == ("paid", 9999)


def test_a_refunded_period_ends_access_and_a_reversal_restores_it(apple, phone):
    ref = apple.buy(MONTHLY, token=str(phone.owner.pk))
    deliver(apple.notification("SUBSCRIBED", ref, subtype="INITIAL_BUY"))
    apple.refund(ref)
    deliver(apple.notification("REFUND", ref))
    assert phone.get("/subscriptions/status").json()["active"] is False
    assert (status(), cash(phone.owner)) == ("refunded", 0)
    apple.reverse_refund(ref)
    deliver(apple.notification("REFUND_REVERSED", ref))
    assert phone.get("/subscriptions/status").json()["active"] is True
    assert (status(), cash(phone.owner)) == ("paid", 999)


def test_a_store_with_incomplete_refund_lists_reverses_none(phone, owner):
    """Google reports voided purchases for thirty days only: silence afterwards is no reversal."""
    purchase = orders.Purchase(Provider.PLAY_STORE, "token", OSMOSIS)
    order = orders.record_purchase(owner=owner, purchase=purchase, cause="test")
    asked_at = timezone.now()
    for day, told_refunds in enumerate([(Refunded(ref="voided", amount_minor=0),), ()]):
        orders.settle_refunds(
            order.pk, reported=told_refunds, is_all=False, asked_at=asked_at + timedelta(days=day), cause="test"
        )
    assert (status(), phone.credits()) == ("refunded", (0, 0))


@pytest.mark.django_db(transaction=True)
def test_parallel_notifications_of_a_refund_book_it_once(apple, owner):
    ref = apple.buy(OSMOSIS, token=str(owner.pk))
    deliver(apple.notification("ONE_TIME_CHARGE", ref))
    apple.refund(ref)
    body = apple.notification("REFUND", ref)

    def deliver_and_process() -> None:
        assert body_of(post(body)) == {"received": True}
        work()
        receipts.sync_purchase(Provider.APP_STORE, ref)

    at_once(8, deliver_and_process)
    assert (status(), moved(EntryKind.REFUND), moved(EntryKind.CREDIT_REVOKE), cash(owner)) == ("refunded", 1, 1, 0)
