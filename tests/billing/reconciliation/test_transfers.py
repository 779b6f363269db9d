"""Test that the comparison of a day finds a missing, doubled, changed or returned payout to a payee, and no other."""

from datetime import timedelta

import pytest
import time_machine

from billing.models import Finding, PayeePayout, Reconciliation
from billing.payees.register import register_payee
from billing.reconciliation import reconcile
from billing.vocabulary import Provider
from testing.deliverer import delivering
from testing.factories import UserFactory
from testing.web_purchases import selling
from tests.billing.payees.moments import MONDAY, SHARE, delivered, on_day, pay_out, payout_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY):
        yield


@pytest.fixture
def fake(settings):
    with selling(settings) as fake, delivering():
        yield fake


@pytest.fixture
def payee(db, fake):
    account = fake.connect_account()["id"]
    return register_payee(user=UserFactory.create(), country="DE", currency="EUR", account_ref=account)


@pytest.fixture
def order(owner, fake, payee):
    """An order with a share that was paid out on Tuesday."""
    order = delivered(owner, fake, payee)
    pay_out(fake)
    return order


def differs(days: float = 1) -> list[tuple[str, str]]:
    with on_day(days):
        found = reconcile(Provider.STRIPE, (MONDAY + timedelta(days=days)).date())
        return sorted((row.kind, row.ref) for row in found)


def transfer_of(order) -> str:
    return payout_of(order).provider_ref


def send_by_hand(fake, account: str, **values) -> str:
    """Send money in the dashboard of the provider, or by another program of the account."""
    with on_day(1):
        return fake.send({"amount": 1000, "currency": "eur", "destination": account, **values})["id"]


def test_a_day_with_payouts_has_no_difference_and_its_totals_agree(order):
    assert differs(0) == []
    assert differs(1) == []
    run = Reconciliation.objects.get(day="2026-11-17")
    assert run.provider_totals == run.ledger_totals == {"EUR": -SHARE}


def test_a_payout_that_was_sent_twice_is_found(fake, order):
    payout = payout_of(order)
    named = {"metadata": {"payout_id": str(payout.pk)}, "transfer_group": str(payout.pk)}
    twice = send_by_hand(fake, payout.payee.account_ref, **named)
    assert differs() == [("missing_here", twice)]
    assert payout.provider_ref in Finding.objects.get().detail


def test_a_transfer_to_a_payee_without_a_payout_is_found(fake, payee, order):
    assert differs() == []
    by_hand = send_by_hand(fake, payee.account_ref)
    assert differs() == [("missing_here", by_hand)]


def test_a_transfer_of_another_product_is_left_out(fake, order):
    send_by_hand(fake, fake.connect_account()["id"], metadata={"payout_id": "another"})
    assert differs() == []
    assert Reconciliation.objects.get().provider_totals == {"EUR": -SHARE}


def test_a_payout_that_the_provider_does_not_know_is_found(fake, order):
    transfer = fake.world.things["transfer"].pop(transfer_of(order))
    for line in fake.world.where("balance_transaction", source=transfer["id"]):
        del fake.world.things["balance_transaction"][line["id"]]
    assert differs() == [("missing_there", transfer["id"])]


def test_a_payout_of_another_amount_is_found(fake, order):
    fake.lie(fake.world.where("balance_transaction", source=transfer_of(order))[0]["id"], amount=-SHARE - 1)
    assert differs() == [("wrong_amount", transfer_of(order))]


def test_a_transfer_that_was_taken_back_is_noted_and_no_difference(fake, order):
    ref = transfer_of(order)
    with on_day(2):
        fake.reverse_transfer(ref)
    assert payout_of(order).state == "settled"
    assert differs(2) == []
    assert payout_of(order).state == "failed"
    run = Reconciliation.objects.get(day="2026-11-18")
    assert run.provider_totals == run.ledger_totals == {"EUR": SHARE}


def test_a_part_that_was_taken_back_is_a_difference(fake, order):
    with on_day(2):
        fake.reverse_transfer(transfer_of(order), 1000)
    assert differs(2) == [("wrong_state", transfer_of(order))]
    assert PayeePayout.objects.get().state == "settled"
