"""Test settlement in another currency than the buyer's payment: every amount stays in its own unit.

Other projects mixed the buyer's currency with the account's (antiwork/gumroad PR 6453), stored a dispute fee in USD as
yen (Automattic/woocommerce-payments PR 11327), and expected one balance transaction per dispute where international
cards have several (alphagov/pay-connector PR 5011).
"""

from random import Random

import pytest
from django.utils import timezone

from billing.ledger import journal
from billing.models import LedgerEntry, Reconciliation
from billing.reconciliation import reconcile
from billing.vocabulary import Account, EntryKind, Provider
from testing.web_purchases import buy, deliver_events, order_of, selling

pytestmark = pytest.mark.django_db
RATE = 4.25


@pytest.fixture
def fake(settings):
    with selling(settings) as fake:
        fake.settle_in("pln", rate=RATE)
        yield fake


@pytest.fixture
def order(fake, phone):
    """49.00 EUR, settled as 208.25 PLN less 4.21 PLN."""
    page = buy(phone)
    fake.pay(order_of(page).provider_ref)
    deliver_events(fake)
    return order_of(page)


def booked(order, kind: str, account: str) -> set[tuple[str, int]]:
    rows = LedgerEntry.objects.filter(transaction__order=order, transaction__kind=kind, account=account)
    return {(row.unit, row.amount) for row in rows}


def cash() -> dict[str, int]:
    """Return the booked cash at the provider, or on its way."""
    total: dict[str, int] = {}
    for row in LedgerEntry.objects.filter(account=Account.CASH):
        total[row.unit] = total.get(row.unit, 0) + row.amount
    return {unit: amount for unit, amount in total.items() if amount}


def at_stripe(fake) -> dict[str, int]:
    total: dict[str, int] = {}
    for row in fake.world.where("balance_transaction"):
        total[row["currency"].upper()] = total.get(row["currency"].upper(), 0) + row["net"]
    return {unit: amount for unit, amount in total.items() if amount}


def differs() -> list[tuple[str, str]]:
    return sorted((row.kind, row.ref) for row in reconcile(Provider.STRIPE, timezone.now().date()))


def dispute(fake, order, *, reinstated: bool = False) -> dict:
    found = fake.open_dispute(order.payment_ref)
    fake.withdraw_funds(found["id"])
    if reinstated:
        fake.reinstate_funds(found["id"])
    return found


def test_a_payment_and_its_fee_are_booked_in_their_own_currencies(fake, order):
    assert booked(order, "payment_hold", "unearned") == {("EUR", -4900)}
    assert booked(order, "provider_fee", "fees") == {("PLN", 421)}
    assert booked(order, "conversion", "exchange") == {("EUR", 4900), ("PLN", -20_825)}
    assert cash() == at_stripe(fake) == {"PLN": 20_825 - 421}


def test_a_dispute_and_its_fee_are_booked_in_their_own_currencies(fake, order):
    dispute(fake, order)
    deliver_events(fake)
    assert booked(order, "dispute_open", "disputed") == {("EUR", 4900)}
    assert booked(order, "provider_fee", "fees") == {("PLN", 421), ("PLN", round(1500 * RATE))}
    assert cash() == at_stripe(fake)


def test_a_dispute_in_another_currency_is_booked_in_that_of_the_payment(fake, order):
    found = dispute(fake, order)
    fake.lie(found["id"], currency="pln", amount=20_825)
    deliver_events(fake)
    assert booked(order, "dispute_open", "disputed") == {("EUR", 4900)}
    assert (order.disputes.get().amount_minor, cash()) == (4900, at_stripe(fake))


@pytest.mark.parametrize("won", [True, False])
def test_changing_rates_leave_no_cash_difference(fake, order, won):
    fake.settle_in("pln", rate=4.31)
    found = dispute(fake, order)
    fake.settle_in("pln", rate=4.29)
    if won:
        fake.reinstate_funds(found["id"])
    fake.close_dispute(found["id"], won=won)
    deliver_events(fake, times=2, rng=Random(3))
    order.refresh_from_db()
    assert (order.status, cash()) == ("paid" if won else "lost", at_stripe(fake))
    assert not any(journal.totals().values())


def test_a_failed_and_a_later_refund_leave_no_cash_difference(fake, order):
    failed = fake.refund(order.payment_ref, 900)
    fake.settle_in("pln", rate=4.4)
    fake.fail_refund(failed["id"])
    fake.refund(order.payment_ref)
    deliver_events(fake, times=2, rng=Random(4))
    order.refresh_from_db()
    assert (order.status, cash()) == ("refunded", at_stripe(fake))


def test_a_clean_day_in_two_currencies_has_no_difference(fake, phone, order):
    fake.close_dispute(dispute(fake, order, reinstated=True)["id"], won=True)
    fake.settle_in("", rate=1)
    page = buy(phone)
    fake.pay(order_of(page).provider_ref)
    fake.refund(fake.seen("checkout.session", order_of(page).provider_ref)["payment_intent"], 900)
    deliver_events(fake)
    fake.make_payout(currency="pln")
    assert differs() == []
    run = Reconciliation.objects.get()
    assert run.ledger_totals["EUR"] == run.provider_totals["EUR"]
    assert set(run.ledger_totals) == {"EUR", "PLN"}
    assert cash() == at_stripe(fake)


def test_a_different_amount_in_the_settled_currency_is_found(fake, order):
    charge = fake.seen("charge", fake.seen("payment_intent", order.payment_ref)["latest_charge"])
    fake.lie(charge["balance_transaction"], amount=20_824, fee=1)
    assert differs() == [("wrong_amount", order.payment_ref), ("wrong_amount", f"{order.payment_ref} fee")]


def test_a_dispute_with_several_lines_is_booked_line_by_line(fake, order):
    """Withdrawn, and later corrected: each later line adds to the first, however often all are delivered."""
    fake.settle_in("", rate=1)
    found = dispute(fake, order)
    deliver_events(fake)
    stored = fake.world.get("dispute", found["id"])
    row = stored["balance_transactions"][0]
    stored["balance_transactions"].append(
        {**row, "id": "txn_correction", "amount": -35, "fee": 200, "net": -235, "created": row["created"] + 1}
    )
    for _ in range(2):
        fake.world.record_event("charge.dispute.updated", stored)
        deliver_events(fake)
    assert booked(order, "dispute_open", "disputed") == {("EUR", 4900), ("EUR", 35)}
    assert booked(order, "provider_fee", "fees") == {("PLN", 421), ("EUR", 1500), ("EUR", 200)}
    fake.close_dispute(found["id"], won=True)
    deliver_events(fake)
    order.refresh_from_db()
    assert order.status == "paid"
    assert journal.posted_amount(*EntryKind, order=order, account=Account.DISPUTE_RECEIVABLE) == 0


def test_a_fee_returned_with_a_dispute_is_booked(fake, order):
    fake.settle_in("", rate=1)
    found = dispute(fake, order, reinstated=True)
    fake.world.get("dispute", found["id"])["balance_transactions"][1].update(fee=-1500, net=6400)
    fake.close_dispute(found["id"], won=True)
    for _ in range(2):
        fake.world.record_event("charge.dispute.updated", fake.world.get("dispute", found["id"]))
        deliver_events(fake)
    assert booked(order, "provider_fee", "fees") == {("PLN", 421), ("EUR", 1500), ("EUR", -1500)}
