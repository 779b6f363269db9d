"""Test that a refund of a service always ends: with the money back once, or with staff who know why not."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing import orders
from billing.catalogue.products import product_in_force
from billing.ledger import journal
from billing.models import Order, RefundRequest
from billing.provider_registry import stripe
from billing.services.selling import fulfil_service, refund_service, service_money
from billing.sync import requested_refunds
from billing.tasks import sweep_payments
from billing.vocabulary import OrderStatus, RefundRequestState
from notifications.models import Notification
from testing.deliverer import PRICE, again, buy_service, order_service
from testing.web_purchases import deliver_events

pytestmark = pytest.mark.django_db
OPEN, DONE, DROPPED, FAILED = RefundRequestState


def later(**delta: float):
    return time_machine.travel(timezone.now() + timedelta(**delta))


def refunded(fake, order: Order) -> int:
    return fake.seen("charge", fake.seen("payment_intent", order.payment_ref)["latest_charge"])["amount_refunded"]


def states(order: Order) -> list[str]:
    return list(order.refund_requests.order_by("requested_at").values_list("state", flat=True))


def balanced() -> bool:
    return not any(journal.totals().values())


@pytest.mark.parametrize("is_delivered", [False, True])
def test_a_full_refund_ends_once_whatever_is_repeated(owner, fake, app, is_delivered):
    order = buy_service(owner, fake)
    if is_delivered:
        fulfil_service(order.pk, cause="delivered")
    for _ in range(3):
        assert refund_service(order.pk, cause="cancelled")
        sweep_payments()
        deliver_events(fake)
    assert (again(order).status, states(order), refunded(fake, order)) == (OrderStatus.REFUNDED, [DONE], PRICE)
    assert app.words_of(order)[-1] == "money_back"
    assert service_money(order.pk).refundable_minor == 0
    assert balanced()


def test_parts_are_refunded_for_each_cause_and_never_more_than_is_left(owner, fake, app):
    order = buy_service(owner, fake)
    assert refund_service(order.pk, cause="first", amount_minor=5000)
    assert refund_service(order.pk, cause="second", amount_minor=PRICE)  # all that is left
    assert not refund_service(order.pk, cause="third", amount_minor=1)
    assert [request.amount_minor for request in order.refund_requests.order_by("requested_at")] == [5000, PRICE - 5000]
    sweep_payments()
    assert (again(order).status, states(order), refunded(fake, order)) == (OrderStatus.REFUNDED, [DONE, DONE], PRICE)
    with pytest.raises(ValueError, match="refund of 0"):
        refund_service(order.pk, cause="fourth", amount_minor=0)


def test_a_part_leaves_the_service_paid(owner, fake, app):
    order = buy_service(owner, fake)
    refund_service(order.pk, cause="a part", amount_minor=5000)
    sweep_payments()
    assert (again(order).status, refunded(fake, order)) == (OrderStatus.PAID, 5000)
    assert app.words_of(order) == ["paid"]
    assert fulfil_service(order.pk, cause="delivered")


def test_a_service_whose_money_is_about_to_go_back_is_not_delivered(owner, fake, app):
    order = buy_service(owner, fake)
    refund_service(order.pk, cause="cancelled")
    assert not fulfil_service(order.pk, cause="delivered")
    assert again(order).status == OrderStatus.PAID


def test_nothing_is_requested_of_an_order_without_money(owner, fake, app):
    order = order_service(owner)
    assert not refund_service(order.pk, cause="cancelled")
    assert not RefundRequest.objects.exists()


@pytest.mark.parametrize("how", ["down", "answer lost", "slow"])
def test_an_outage_postpones_a_refund_and_does_not_repeat_it(owner, fake, app, settings, how):
    order = buy_service(owner, fake)
    refund_service(order.pk, cause="cancelled", amount_minor=5000)
    if how == "down":
        fake.down = True
    elif how == "answer lost":
        fake.fail_next(20, status=500, after_effect=True)
    else:
        settings.STRIPE_TIMEOUT_SECONDS, fake.delay_seconds = 0.2, 1.0
        stripe.cache_clear()
    sweep_payments()
    fake.down, fake.delay_seconds = False, 0.0
    fake.failures.clear()
    assert states(order) == [OPEN]
    for minutes in (10, 1500, 3000):  # the provider forgets a key after a day
        with later(minutes=minutes):
            sweep_payments()
    assert (states(order), refunded(fake, order)) == ([DONE], 5000)


def test_a_refund_made_in_the_attempt_that_died_is_found_and_not_made_again(owner, fake, app, monkeypatch):
    order = buy_service(owner, fake)
    refund_service(order.pk, cause="cancelled", amount_minor=5000)
    provider = stripe()

    class Died(BaseException):
        """The process was killed after the provider had made the refund."""

    made = provider.refund

    def refund_and_die(*args, **kwargs):
        made(*args, **kwargs)
        raise Died

    monkeypatch.setattr(provider, "refund", refund_and_die)
    with pytest.raises(Died):
        requested_refunds.carry_out(order.refund_requests.get().pk)
    monkeypatch.setattr(provider, "refund", made)
    with later(days=2):
        sweep_payments()
    assert (states(order), refunded(fake, order)) == ([DONE], 5000)


def test_without_the_requests_id_a_lost_answer_refunds_twice(owner, fake, app, monkeypatch):
    """The control: the refund does not carry its request."""
    order = buy_service(owner, fake)
    refund_service(order.pk, cause="cancelled", amount_minor=5000)
    provider = stripe()
    made = provider.refund

    def without_id(*args, **kwargs):
        made(*args, **{**kwargs, "request_id": ""})

    monkeypatch.setattr(provider, "refund", without_id)
    sweep_payments()
    assert states(order) == [OPEN]
    with later(days=2):
        sweep_payments()
    assert refunded(fake, order) == 10_000


def test_a_refund_waits_for_the_bank_and_is_dropped_if_the_bank_takes_the_money(owner, fake, app):
    order = buy_service(owner, fake)
    refund_service(order.pk, cause="cancelled")
    dispute = fake.open_dispute(order.payment_ref)["id"]
    fake.withdraw_funds(dispute)
    deliver_events(fake)
    sweep_payments()
    assert states(order) == [OPEN]
    fake.close_dispute(dispute, won=False)
    deliver_events(fake)
    with later(days=2):
        sweep_payments()
    assert (states(order), again(order).status, refunded(fake, order)) == ([DROPPED], OrderStatus.LOST, 0)


def test_a_refund_goes_on_after_a_dispute_is_won(owner, fake, app):
    order = buy_service(owner, fake)
    refund_service(order.pk, cause="cancelled")
    dispute = fake.open_dispute(order.payment_ref)["id"]
    sweep_payments()  # the dispute is known from the refund's own look at the payment
    assert (states(order), again(order).status) == ([OPEN], OrderStatus.DISPUTED)
    fake.close_dispute(dispute, won=True)
    fake.world.get("dispute", dispute)["is_charge_refundable"] = True
    deliver_events(fake)
    with later(days=2):
        sweep_payments()
    assert (states(order), again(order).status) == ([DONE], OrderStatus.REFUNDED)


def test_a_refusal_is_shown_to_staff_once_and_tried_again(owner, fake, app, monkeypatch):
    order = buy_service(owner, fake)
    refund_service(order.pk, cause="cancelled")
    charge = fake.world.get("charge", fake.seen("payment_intent", order.payment_ref)["latest_charge"])
    charge["amount_refunded"], held = PRICE, charge["amount_refunded"]  # the provider says that nothing is left
    for days in (0, 2, 4):
        with later(days=days):
            sweep_payments()
    assert states(order) == [OPEN]
    assert order.refund_requests.get().error == "charge_already_refunded"
    assert Notification.objects.filter(kind="refund_failed").count() == 1
    charge["amount_refunded"] = held
    with later(days=8):
        sweep_payments()
    assert states(order) == [DONE]


def test_a_refund_that_comes_back_fails_and_staff_may_request_it_again(owner, fake, app):
    order = buy_service(owner, fake)
    refund_service(order.pk, cause="cancelled")
    sweep_payments()
    made = fake.world.where("refund")[0]["id"]
    fake.fail_refund(made)
    deliver_events(fake)
    request = order.refund_requests.get()
    assert (request.state, request.refund_ref, again(order).status) == (FAILED, made, OrderStatus.PAID)
    assert app.words_of(order) == ["paid", "money_back", "restored"]
    sweep_payments()
    assert states(order) == [FAILED]
    assert orders.request_again(request.pk)
    assert orders.request_again(request.pk)  # the same one
    sweep_payments()
    assert (states(order), again(order).status) == ([FAILED, DONE], OrderStatus.REFUNDED)
    assert not orders.request_again(order.refund_requests.latest("requested_at").pk)


def test_money_that_came_back_waits_for_staff_and_is_returned_once(owner, fake, app):
    order = buy_service(owner, fake)
    refund_service(order.pk, cause="a part", amount_minor=15_000)
    sweep_payments()
    fake.fail_refund(fake.world.where("refund")[0]["id"])
    deliver_events(fake)
    failed = order.refund_requests.get()
    assert service_money(order.pk).refundable_minor == PRICE - 15_000
    assert refund_service(order.pk, cause="the rest")
    assert orders.request_again(failed.pk)
    assert orders.request_again(failed.pk)
    assert sorted(order.refund_requests.filter(state=OPEN).values_list("amount_minor", flat=True)) == [
        PRICE - 15_000,
        15_000,
    ]
    sweep_payments()
    assert refunded(fake, again(order)) == PRICE


def test_a_worker_claims_an_open_request_once_and_a_failed_one_never(owner, fake, app):
    order = buy_service(owner, fake)
    refund_service(order.pk, cause="a part", amount_minor=15_000)
    request = order.refund_requests.get()
    assert RefundRequest.claim(request.pk) is not None
    assert RefundRequest.claim(request.pk) is None
    with later(days=1):
        sweep_payments()
        fake.fail_refund(fake.world.where("refund")[0]["id"])
        deliver_events(fake)
    with later(days=9):
        assert states(order) == [FAILED]
        assert RefundRequest.claim(request.pk) is None
        assert not RefundRequest.due().exists()


def test_staff_close_a_refund_that_the_owner_got_in_another_way(owner, fake, app):
    order = buy_service(owner, fake)
    refund_service(order.pk, cause="a part", amount_minor=15_000)
    request = order.refund_requests.get()
    assert not orders.close_failed(request.pk)
    sweep_payments()
    fake.fail_refund(fake.world.where("refund")[0]["id"])
    deliver_events(fake)
    assert orders.close_failed(request.pk)
    assert not orders.request_again(request.pk)
    deliver_events(fake)
    sweep_payments()
    assert (states(order), service_money(order.pk).refundable_minor) == ([DROPPED], PRICE)


def test_a_refund_of_a_bank_debit_is_made_once_while_it_is_underway(owner, fake, app):
    order = order_service(owner)
    fake.pay(order.provider_ref, "bank_debit")
    fake.settle_debit(order.provider_ref)
    deliver_events(fake)
    refund_service(order.pk, cause="cancelled", amount_minor=5000)
    for days in (0, 1, 3):
        with later(days=days):
            sweep_payments()
    (made,) = fake.world.where("refund")
    assert states(order) == [OPEN]
    fake.settle_refund(made["id"])
    deliver_events(fake)
    assert (states(order), refunded(fake, again(order))) == ([DONE], 5000)


def test_money_that_staff_returned_by_hand_ends_the_request(owner, fake, app):
    order = buy_service(owner, fake)
    refund_service(order.pk, cause="cancelled")
    fake.refund(order.payment_ref)
    sweep_payments()
    assert (states(order), refunded(fake, order)) == ([DROPPED], PRICE)


def test_a_payment_whose_provider_keeps_no_money_is_refunded_in_the_books(owner, app):
    order = orders.open_order(
        owner=owner,
        product=product_in_force("appointment"),
        provider="mock",
        cause="test",
        price=(PRICE, "EUR"),
    )
    orders.pay(order.pk, cause="test")
    refund_service(order.pk, cause="cancelled")
    sweep_payments()
    assert (again(order).status, states(order)) == (OrderStatus.REFUNDED, [DONE])


@pytest.mark.parametrize(
    "values",
    [
        {"amount_minor": 0},
        {"cause": ""},
        {"state": DONE},
        {"state": DONE, "ended_at": "2026-01-01T00:00:00Z"},
        {"state": OPEN, "ended_at": "2026-01-01T00:00:00Z"},
    ],
)
def test_the_database_refuses_a_request_that_makes_no_sense(owner, fake, app, values):
    order = order_service(owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        RefundRequest.objects.create(order=order, **({"amount_minor": 1, "cause": "x"} | values))
