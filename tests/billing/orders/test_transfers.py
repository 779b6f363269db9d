"""Test credits that one owner pays to another: which ones, how they are posted, and what earns the money."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts.models import User
from billing import orders
from billing.entitlements import entitlements
from billing.errors import CreditsMissing
from billing.ledger import inspection_credits, integrity, journal
from billing.models import LedgerEntry, LedgerTransaction, Order
from billing.vocabulary import Account, EntryKind, OrderStatus, ProductCode, Provider
from tests.billing.buying import paid_order
from tests.concurrency import MeetingPoint, at_once

pytestmark = pytest.mark.django_db
PAST_REFUND = timedelta(hours=49)


def buy(owner: User, *, ago: timedelta = PAST_REFUND, is_test: bool = False) -> Order:
    """Buy one credit, by default past its refund window."""
    purchase = orders.Purchase(Provider.APP_STORE, str(uuid4()), ProductCode.OSMOSIS_INSPECTION, is_test=is_test)
    order = orders.record_purchase(owner=owner, purchase=purchase, cause="test")
    Order.objects.filter(pk=order.pk).update(paid_at=timezone.now() - ago)
    return order


def pay(payer: User, payee: User, count: int = 1, source: str = "handover:1") -> None:
    orders.pay_credits(payer=payer.pk, payee=payee.pk, count=count, source=source, cause="a handover")


def give_back(payer: User, payee: User, count: int = 1) -> None:
    orders.return_credits(payer=payer.pk, payee=payee.pk, count=count, source="handover:1/reversed", cause="reversed")


def use_a_credit(owner: User) -> None:
    inspection = uuid4()
    inspection_credits.hold(owner=owner, inspection_id=inspection)
    assert orders.spend_credit(owner=owner, inspection_id=inspection)


def available(*owners: User) -> tuple[int, ...]:
    return tuple(inspection_credits.balance_of(owner).available for owner in owners)


def earned() -> int:
    return -sum(LedgerEntry.objects.filter(account=Account.REVENUE).values_list("amount", flat=True))


def price() -> int:
    return Order.objects.exclude(price_minor=0).first().price_minor


def test_a_transfer_is_one_journal_entry_per_owner_joined_by_the_clearing_account(owner, stranger):
    buy(owner)
    pay(owner, stranger)
    assert available(owner, stranger) == (0, 1)
    moved = LedgerTransaction.objects.filter(source="handover:1").order_by("booked_at")
    assert [(row.kind, row.owner, {(entry.account, entry.amount) for entry in row.entries.all()}) for row in moved] == [
        (EntryKind.CREDIT_TRANSFER_OUT, owner, {("credits_available", -1), ("credits_clearing", 1)}),
        (EntryKind.CREDIT_TRANSFER_IN, stranger, {("credits_clearing", -1), ("credits_available", 1)}),
    ]
    assert not any(journal.totals().values())
    assert list(integrity.faults_of_books()) == []


def test_half_a_transfer_is_a_fault_of_the_books(owner):
    transfer = journal.Transfer(2, journal.CREDIT, Account.CREDITS_AVAILABLE, Account.CREDITS_CLEARING)
    journal.post(EntryKind.CREDIT_TRANSFER_OUT, source="handover:9", owner=owner, transfers=[transfer])
    assert list(integrity.faults_of_books()) == ["handover:9 leaves 2 credits between two owners"]


def test_one_source_moves_credits_once(owner, stranger):
    buy(owner), buy(owner)
    pay(owner, stranger)
    pay(owner, stranger)
    assert available(owner, stranger) == (1, 1)


@pytest.mark.parametrize(
    ("ago", "is_test", "expected"),
    [(PAST_REFUND, False, 1), (timedelta(hours=47), False, 0), (PAST_REFUND, True, 0)],
    ids=["past its window", "within its window", "a test"],
)
def test_only_credits_past_their_refund_window_pass_on(owner, stranger, ago, is_test, expected):
    buy(owner, ago=ago, is_test=is_test)
    assert orders.transferable_credits(owner) == expected
    if not expected:
        with pytest.raises(CreditsMissing):
            pay(owner, stranger)
        assert available(owner, stranger) == (1, 0)


def test_a_credit_passes_on_once_its_window_is_over(owner):
    paid_order(owner)
    assert orders.transferable_credits(owner) == 0
    with time_machine.travel(timezone.now() + PAST_REFUND):
        assert orders.transferable_credits(owner) == 1


def test_a_contested_payment_gives_nothing_to_pass_on(owner):
    order = buy(owner)
    orders.open_dispute(order.pk, dispute_ref="d", withdrawn_minor=0, cause="a question", is_inquiry=True)
    assert (available(owner), orders.transferable_credits(owner)) == ((1,), 0)


def test_held_credits_are_those_of_the_oldest_orders(owner):
    buy(owner)
    buy(owner, ago=timedelta(hours=1))
    inspection_credits.hold(owner=owner, inspection_id=uuid4())
    assert (available(owner), orders.transferable_credits(owner)) == ((1,), 0)


def test_a_received_credit_can_pass_on_at_once(owner, stranger):
    buy(owner)
    pay(owner, stranger)
    assert orders.transferable_credits(stranger) == 1
    pay(stranger, owner, source="handover:2")
    assert available(owner, stranger) == (1, 0)


def test_a_transfer_delivers_the_unit_and_the_receiver_earns_nothing_again(owner, stranger):
    order = buy(owner)
    pay(owner, stranger)
    order.refresh_from_db()
    assert (order.status, earned()) == (OrderStatus.FULFILLED, price())
    use_a_credit(stranger)
    assert (available(owner, stranger), earned()) == ((0, 0), price())


def test_a_transfer_delivers_no_test_and_no_recent_purchase(owner, stranger):
    trial, old, recent = buy(owner, ago=3 * PAST_REFUND, is_test=True), buy(owner), buy(owner, ago=timedelta(hours=1))
    pay(owner, stranger)
    states = [Order.objects.get(pk=order.pk).status for order in (trial, old, recent)]
    assert states == [OrderStatus.PAID, OrderStatus.FULFILLED, OrderStatus.PAID]
    assert (available(owner), orders.transferable_credits(owner)) == ((2,), 0)


def test_received_credits_are_used_before_bought_ones(owner, stranger):
    buy(owner)
    own = buy(stranger)
    pay(owner, stranger)
    use_a_credit(stranger)
    assert Order.objects.get(pk=own.pk).status == OrderStatus.PAID
    use_a_credit(stranger)
    assert (Order.objects.get(pk=own.pk).status, earned()) == (OrderStatus.FULFILLED, 2 * price())


def test_a_refund_after_a_transfer_is_the_payers_debt(owner, stranger):
    order = buy(owner)
    pay(owner, stranger)
    orders.refund(order.pk, amount_minor=None, refund_ref="1", cause="the store refunded")
    assert available(owner, stranger) == (-1, 1)
    assert not any(journal.totals().values())


def test_returned_credits_can_be_used_and_pass_on_again(owner, stranger):
    buy(owner)
    pay(owner, stranger)
    give_back(stranger, owner)
    assert (available(owner, stranger), orders.transferable_credits(owner)) == ((1, 0), 1)
    use_a_credit(owner)
    assert earned() == price()
    assert list(integrity.faults_of_books()) == []


def test_a_return_of_used_credits_is_a_debt(owner, stranger):
    buy(owner)
    pay(owner, stranger)
    use_a_credit(stranger)
    give_back(stranger, owner)
    assert available(owner, stranger) == (1, -1)
    buy(stranger)
    assert (available(stranger), orders.transferable_credits(stranger)) == ((0,), 0)


def test_a_return_of_used_credits_takes_bought_ones_first(owner, stranger):
    buy(owner)
    own = buy(stranger)
    pay(owner, stranger)
    use_a_credit(stranger)
    give_back(stranger, owner)
    assert available(owner, stranger) == (1, 0)
    assert Order.objects.get(pk=own.pk).status == OrderStatus.FULFILLED


@pytest.mark.django_db(transaction=True)
def test_parallel_payments_spend_no_credit_twice(owner, stranger):
    buy(owner), buy(owner)
    sources = iter(f"handover:{number}" for number in range(6))
    answers = at_once(6, lambda: pay(owner, stranger, source=next(sources)))
    assert answers.count("NOT_ELIGIBLE") == 4
    assert available(owner, stranger) == (0, 2)


@pytest.mark.django_db(transaction=True)
def test_payments_in_both_directions_do_not_deadlock(owner, stranger):
    for _ in range(4):
        buy(owner), buy(stranger)
    payments = iter([(owner, stranger), (stranger, owner)] * 4)
    numbers = iter(range(8))
    at_once(8, lambda: pay(*next(payments), source=f"handover:{next(numbers)}"))
    assert available(owner, stranger) == (4, 4)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite runs one IMMEDIATE transaction at a time")
def test_parallel_payments_without_the_lock_spend_a_credit_twice(owner, stranger, monkeypatch):
    """The control of the tests above."""
    buy(owner)
    monkeypatch.setattr(entitlements, "lock_all", lambda *_: None)
    monkeypatch.setattr("billing.orders.transfers.earn_delivered", lambda *_, **__: None)
    checked = orders.transferable_credits
    gate = MeetingPoint(2)
    monkeypatch.setattr("billing.orders.transfers.transferable_credits", gate.after(checked))
    sources = iter(("handover:1", "handover:2"))
    at_once(2, lambda: pay(owner, stranger, source=next(sources)))
    assert available(owner, stranger) == (-1, 2)
