"""Test orders: each state by an allowed step, with a cause and its bookings, each exactly once."""

from datetime import timedelta
from itertools import product as pairs
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing import orders
from billing.catalogue.products import product_in_force
from billing.errors import BadTransition, RefundTooHigh
from billing.ledger import inspection_credits, journal
from billing.models import LedgerTransaction, Order
from billing.orders.transitions import move
from billing.vocabulary import Account, EntryKind, OrderStatus, ProductCode, Provider
from testing.phone import Phone
from tests.billing.buying import paid_order
from tests.concurrency import at_once
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
CREATED, PENDING, PAID, FULFILLED, FAILED, EXPIRED, CANCELLED, REFUNDED, DISPUTED, LOST = OrderStatus


def new_order(owner, provider: Provider = Provider.MOCK) -> Order:
    product = product_in_force(ProductCode.OSMOSIS_INSPECTION)
    return orders.open_order(owner=owner, product=product, provider=provider, cause="test")


def money(order: Order) -> dict[Account, int]:
    found = {account: journal.posted_amount(*EntryKind, order=order, account=account) for account in Account}
    return {account: amount for account, amount in found.items() if amount}


def refund(order: Order, amount: int, ref: str = "r1") -> bool:
    return orders.refund(order.pk, amount_minor=amount, refund_ref=ref, cause="test")


def status(order: Order) -> str:
    order.refresh_from_db()
    return order.status


def use_credit(owner) -> None:
    inspection = uuid4()
    inspection_credits.hold(owner=owner, inspection_id=inspection)
    assert orders.spend_credit(owner=owner, inspection_id=inspection)


@pytest.mark.parametrize(("before", "after"), list(pairs(OrderStatus, OrderStatus)))
def test_an_order_takes_only_allowed_steps(owner, before, after):
    order = new_order(owner)
    Order.objects.filter(pk=order.pk).update(status=before, paid_at=timezone.now())
    order.refresh_from_db()
    if after in orders.TRANSITIONS[before]:
        move(order, after, cause="test")
        assert status(order) == after
    else:
        with pytest.raises(BadTransition):
            move(order, after, cause="test")
        assert (status(order), order.events.count()) == (before, 1)


def test_a_payment_is_booked_and_granted_once(owner):
    order = new_order(owner)
    assert orders.pay(order.pk, cause="first")
    assert not orders.pay(order.pk, cause="again")
    assert status(order) == PAID
    assert money(order) == {Account.CASH: 4900, Account.DEFERRED_REVENUE: -4900}
    assert inspection_credits.balance_of(owner).available == 1
    assert [event.cause for event in order.events.all()] == ["test", "first"]


@pytest.mark.parametrize("closed", [FAILED, EXPIRED, CANCELLED])
def test_a_late_payment_pays_an_expired_order(owner, closed):
    order = new_order(owner)
    assert orders.close_unpaid(order.pk, to=closed, cause="given up")
    assert not orders.close_unpaid(order.pk, to=closed, cause="again")
    assert inspection_credits.balance_of(owner).available == 0
    assert orders.pay(order.pk, cause="the provider says so")
    assert not orders.close_unpaid(order.pk, to=closed, cause="late")
    assert (status(order), inspection_credits.balance_of(owner).available) == (PAID, 1)


def test_a_delivered_inspection_earns_revenue_of_the_oldest_order(owner):
    first, second = paid_order(owner), paid_order(owner)
    use_credit(owner)
    assert (status(first), status(second)) == (FULFILLED, PAID)
    assert money(first) == {Account.CASH: 4900, Account.REVENUE: -4900}
    assert money(second) == {Account.CASH: 4900, Account.DEFERRED_REVENUE: -4900}


def test_an_inspection_without_a_credit_earns_no_revenue(owner):
    order = paid_order(owner)
    assert not orders.spend_credit(owner=owner, inspection_id=uuid4())
    assert status(order) == PAID


def test_a_refund_revokes_the_credit(owner):
    order = paid_order(owner)
    assert refund(order, 4900)
    assert not refund(order, 4900)
    assert (status(order), money(order)) == (REFUNDED, {})
    assert inspection_credits.balance_of(owner).available == 0


def test_a_refund_after_use_is_a_debt_settled_by_the_next_purchase(owner):
    order = paid_order(owner)
    use_credit(owner)
    assert refund(order, 4900)
    assert money(order) == {Account.REVENUE: -4900, Account.REFUNDS: 4900}
    assert inspection_credits.balance_of(owner).available == -1
    settling = paid_order(owner)
    assert inspection_credits.balance_of(owner).available == 0
    assert (status(settling), money(settling)) == (FULFILLED, {Account.CASH: 4900, Account.REVENUE: -4900})


def test_a_reversed_refund_earns_revenue_of_a_delivery_meanwhile(owner):
    order, inspection = paid_order(owner), uuid4()
    inspection_credits.hold(owner=owner, inspection_id=inspection)
    assert refund(order, 4900)
    assert orders.spend_credit(owner=owner, inspection_id=inspection)
    orders.reverse_refund(order.pk, refund_ref="r1", cause="test")
    assert (status(order), money(order)) == (FULFILLED, {Account.CASH: 4900, Account.REVENUE: -4900})
    assert inspection_credits.balance_of(owner) == inspection_credits.Balance(0, 0)


def test_a_partial_refund_is_at_most_the_rest(owner):
    order = paid_order(owner)
    assert refund(order, 900)
    assert (status(order), orders.refundable(order), inspection_credits.balance_of(owner).available) == (PAID, 4000, 1)
    for amount in (0, -1, 4001):
        with pytest.raises(RefundTooHigh):
            refund(order, amount, "r2")
    use_credit(owner)
    assert money(order) == {Account.CASH: 4000, Account.REVENUE: -4000}
    assert refund(order, 4000, "r2")
    assert (status(order), orders.refundable(order)) == (REFUNDED, 0)
    assert money(order) == {Account.REVENUE: -4000, Account.REFUNDS: 4000}


def test_an_unpaid_order_is_not_refunded(owner):
    with pytest.raises(BadTransition):
        refund(new_order(owner), 4900)


def test_an_owner_can_cancel_an_unpaid_order(phone, owner):
    order = new_order(owner)
    for _ in range(2):
        response = phone.post(f"/orders/{order.pk}/cancel")
        assert (response.status_code, response.json()["status"], response.json()["cancellable"]) == (
            200,
            "cancelled",
            False,
        )
    assert order.events.count() == 2


def test_an_owner_can_cancel_an_unused_order_once_within_its_hours(phone, owner):
    order = paid_order(owner)
    assert phone.get(f"/orders/{order.pk}").json()["cancellable"] is True
    for _ in range(2):
        body = phone.post(f"/orders/{order.pk}/cancel").json()
        assert [row["status"] for row in body["history"]] == ["created", "paid", "refunded"]
    assert phone.credits() == (0, 0)
    assert LedgerTransaction.objects.filter(kind=EntryKind.REFUND).count() == 1


def test_an_order_cannot_be_cancelled_after_its_hours(phone, owner):
    order = paid_order(owner)
    with time_machine.travel(order.paid_at + timedelta(hours=48, minutes=1)):
        later = Phone.of(owner)
        assert later.get(f"/orders/{order.pk}").json()["cancellable"] is False
        refused(later.post(f"/orders/{order.pk}/cancel"), 409, "ORDER_NOT_CANCELLABLE")
    assert status(order) == PAID


def test_an_order_in_use_or_used_cannot_be_cancelled(phone, owner):
    order = paid_order(owner)
    inspection = uuid4()
    inspection_credits.hold(owner=owner, inspection_id=inspection)
    refused(phone.post(f"/orders/{order.pk}/cancel"), 409, "ORDER_NOT_CANCELLABLE")
    orders.spend_credit(owner=owner, inspection_id=inspection)
    refused(phone.post(f"/orders/{order.pk}/cancel"), 409, "ORDER_NOT_CANCELLABLE")


def test_an_order_of_a_store_cannot_be_cancelled_here(phone, owner):
    order = paid_order(owner, provider=Provider.APP_STORE)
    refused(phone.post(f"/orders/{order.pk}/cancel"), 409, "ORDER_NOT_CANCELLABLE")


def test_a_refund_by_staff_is_not_a_cancellation(phone, owner):
    order = paid_order(owner)
    refund(order, 4900)
    refused(phone.post(f"/orders/{order.pk}/cancel"), 409, "ORDER_NOT_CANCELLABLE")


def test_orders_are_visible_to_their_owner_only(owner, stranger, client):
    order, other = paid_order(owner), Phone.of(stranger)
    assert other.get("/orders").json()["results"] == []
    refused(other.get(f"/orders/{order.pk}"), 404, "NOT_FOUND")
    refused(other.post(f"/orders/{order.pk}/cancel"), 404, "NOT_FOUND")
    for answer in (client.get("/v1/orders"), client.post(f"/v1/orders/{order.pk}/cancel")):
        refused(answer, 401, "AUTHENTICATION_REQUIRED")
    assert status(order) == PAID


def test_orders_are_listed_newest_first_in_pages(phone, owner):
    bought = [str(paid_order(owner).pk) for _ in range(3)]
    first = phone.get("/orders?page_size=2").json()
    second = phone.get("/orders" + first["next"].split("/orders")[1]).json()
    assert [row["order_id"] for row in first["results"] + second["results"]] == bought[::-1]


@pytest.mark.django_db(transaction=True)
def test_one_of_parallel_cancellations_and_uses_wins(owner):
    order, inspection = paid_order(owner), uuid4()
    phones = [Phone.of(owner) for _ in range(6)]
    cancelling = iter(phones)
    answers = at_once(6, lambda: next(cancelling).post(f"/orders/{order.pk}/cancel"))
    assert {answer.status_code for answer in answers} == {200}
    assert LedgerTransaction.objects.filter(kind=EntryKind.REFUND).count() == 1
    assert inspection_credits.balance_of(owner).available == 0
    assert not inspection_credits.is_held(owner=owner, inspection_id=inspection)


def test_the_database_refuses_an_invalid_order(owner):
    order = paid_order(owner)
    for nonsense in ({"status": "given"}, {"provider": "cash"}, {"paid_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Order.objects.filter(pk=order.pk).update(**nonsense)
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=new_order(owner).pk).update(provider_ref=order.provider_ref)


@pytest.mark.parametrize("lost", ["a", "b"])
@pytest.mark.parametrize("order_of_closing", ["ab", "ba"])
def test_one_lost_dispute_of_two_loses_the_order_in_any_order(owner, lost, order_of_closing):
    order = paid_order(owner)
    for ref in "ab":
        orders.open_dispute(order.pk, dispute_ref=ref, withdrawn_minor=900, cause="test")
    for number, ref in enumerate(order_of_closing):
        assert (status(order), inspection_credits.balance_of(owner).available) == (DISPUTED, 0), number
        orders.close_dispute(order.pk, dispute_ref=ref, is_won=ref != lost, cause="test")
    assert (status(order), inspection_credits.balance_of(owner).available) == (LOST, 0)


def test_the_credit_returns_after_the_last_of_two_won_disputes(owner):
    order = paid_order(owner)
    for ref in "ab":
        orders.open_dispute(order.pk, dispute_ref=ref, withdrawn_minor=900, cause="test")
    for ref, expected in (("a", (DISPUTED, 0)), ("b", (PAID, 1))):
        orders.close_dispute(order.pk, dispute_ref=ref, is_won=True, cause="test")
        assert (status(order), inspection_credits.balance_of(owner).available) == expected


def test_a_reversed_refund_leaves_the_order_disputed_during_a_dispute(owner):
    order = paid_order(owner)
    orders.open_dispute(order.pk, dispute_ref="a", withdrawn_minor=900, cause="test")
    refund(order, 4900)
    orders.reverse_refund(order.pk, refund_ref="r1", cause="test")
    assert (status(order), inspection_credits.balance_of(owner).available) == (DISPUTED, 0)
    orders.close_dispute(order.pk, dispute_ref="a", is_won=True, cause="test")
    assert (status(order), inspection_credits.balance_of(owner).available) == (PAID, 1)


def test_a_reversed_refund_leaves_the_order_lost_after_a_lost_dispute(owner):
    order = paid_order(owner)
    orders.open_dispute(order.pk, dispute_ref="a", withdrawn_minor=900, cause="test")
    refund(order, 4900)
    orders.close_dispute(order.pk, dispute_ref="a", is_won=False, cause="test")
    orders.reverse_refund(order.pk, refund_ref="r1", cause="test")
    assert (status(order), inspection_credits.balance_of(owner).available) == (LOST, 0)


def test_a_cancelled_order_is_still_refunded_after_a_won_dispute(owner):
    order = paid_order(owner)
    assert orders.ask_refund(order.pk)
    orders.open_dispute(order.pk, dispute_ref="a", withdrawn_minor=4900, cause="test")
    orders.close_dispute(order.pk, dispute_ref="a", is_won=True, cause="test")
    assert (status(order), inspection_credits.balance_of(owner).available) == (PAID, 0)
    assert order.look_at is not None
