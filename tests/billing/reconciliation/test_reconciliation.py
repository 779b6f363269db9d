"""Test the comparison of a provider's day with ours: every fault is found, and a clean day is clean."""

from datetime import timedelta
from random import Random

import pytest
from django.core.management import call_command
from django.utils import timezone

from billing import orders
from billing.errors import FindingSettled
from billing.ledger import journal
from billing.models import Finding, Order, Payout, Reconciliation
from billing.reconciliation import reconcile, resolve
from billing.reconciliation.differences import IN_ORDER
from billing.tasks import reconcile_yesterday
from billing.vocabulary import Account, EntryKind, FindingKind, OrderStatus, Provider
from testing.web_purchases import buy, deliver_events, order_of, selling
from tests.billing.buying import unpaid_order

pytestmark = pytest.mark.django_db
PRICE = 4900


@pytest.fixture
def fake(settings):
    with selling(settings) as fake:
        yield fake


@pytest.fixture
def pages(phone, fake) -> list[dict]:
    """Eight purchases of today."""
    pages = [buy(phone) for _ in range(8)]
    for page in pages:
        fake.pay(order_of(page).provider_ref)
    deliver_events(fake)
    return pages


def today():
    return timezone.now().date()


def differs() -> list[tuple[str, str]]:
    return sorted((row.kind, row.ref) for row in reconcile(Provider.STRIPE, today()))


def busy_day(fake, pages) -> None:
    done = len(fake.events)
    fake.refund(order_of(pages[0]).payment_ref)
    failed = fake.refund(order_of(pages[1]).payment_ref, 900)
    fake.fail_refund(failed["id"])
    for page, won in ((pages[2], True), (pages[3], False)):
        dispute = fake.open_dispute(order_of(page).payment_ref)
        fake.withdraw_funds(dispute["id"])
        if won:
            fake.reinstate_funds(dispute["id"])
        fake.close_dispute(dispute["id"], won=won)
    deliver_events(fake, rng=Random(5), since=done)


def test_a_clean_day_has_no_difference(fake, pages):
    busy_day(fake, pages)
    fake.make_payout(5000)
    assert differs() == []
    run = Reconciliation.objects.get()
    assert run.provider_totals["EUR"] == run.ledger_totals["EUR"] - 5000


def test_a_payment_or_refund_without_an_event_is_missing_here(fake, pages):
    refund = fake.refund(order_of(pages[0]).payment_ref, 900)
    page = order_of(pages[1])
    Order.objects.filter(pk=page.pk).update(payment_ref="pi_forgotten")
    assert differs() == [
        ("missing_here", page.payment_ref),
        ("missing_here", refund["id"]),
        ("missing_there", "pi_forgotten"),
    ]


def test_an_order_or_refund_unknown_to_the_provider_is_missing_there(fake, pages, owner):
    invented = unpaid_order(owner)
    orders.note_page(invented.pk, provider_ref="cs_invented", payment_ref="pi_invented")
    orders.pay(invented.pk, cause="test")
    order = order_of(pages[0])
    orders.refund(order.pk, amount_minor=100, refund_ref="re_invented", cause="test")
    assert differs() == [("missing_there", "pi_invented"), ("missing_there", "re_invented")]


def test_different_amounts_are_found(fake, pages):
    refund = fake.refund(order_of(pages[0]).payment_ref, 900)
    orders.refund(order_of(pages[0]).pk, amount_minor=800, refund_ref=refund["id"], cause="misread")
    _lie_in_the_balance(fake, order_of(pages[1]).payment_ref, amount=PRICE - 1)
    _lie_in_the_balance(fake, order_of(pages[2]).payment_ref, fee=1)
    assert set(differs()) == {
        ("wrong_amount", order_of(pages[1]).payment_ref),
        ("wrong_amount", f"{order_of(pages[2]).payment_ref} fee"),
        ("wrong_amount", refund["id"]),
    }


def _lie_in_the_balance(fake, payment_ref: str, **fields) -> None:
    charge = fake.seen("payment_intent", payment_ref)["latest_charge"]
    fake.lie(fake.seen("charge", charge)["balance_transaction"], **fields)


def test_an_expired_order_that_was_paid_there_is_in_the_wrong_state(phone, fake):
    page = buy(phone)
    fake.pay(order_of(page).provider_ref)
    payment = fake.seen("checkout.session", order_of(page).provider_ref)["payment_intent"]
    orders.note_page(order_of(page).pk, provider_ref="", payment_ref=payment)
    orders.close_unpaid(order_of(page).pk, to=OrderStatus.EXPIRED, cause="given up")
    assert differs() == [("wrong_state", payment)]


def test_an_open_dispute_that_is_decided_there_is_in_the_wrong_state(fake, pages):
    dispute = fake.open_dispute(order_of(pages[0]).payment_ref)
    fake.withdraw_funds(dispute["id"])
    deliver_events(fake)
    fake.close_dispute(dispute["id"], won=False)
    assert differs() == [("wrong_state", dispute["id"])]


def test_a_later_match_settles_a_difference_and_staff_decisions_stay(fake, pages, stranger):
    late = fake.refund(order_of(pages[0]).payment_ref, 900)
    lost = fake.refund(order_of(pages[1]).payment_ref, 900)
    assert len(differs()) == len(differs()) == 2
    resolve(Finding.objects.get(ref=lost["id"]).pk, staff=stranger, resolution="booked by hand")
    with pytest.raises(FindingSettled):
        resolve(Finding.objects.get(ref=lost["id"]).pk, staff=stranger, resolution="again")
    deliver_events(fake)
    assert differs() == []
    ended = Finding.objects.get(ref=late["id"])
    assert (ended.settled_by, ended.resolution) == (None, "In order when the day was compared again.")
    assert Finding.objects.get(ref=lost["id"]).resolution == "booked by hand"


def test_payouts_are_stored_and_booked_and_reversed_when_they_fail(fake, pages):
    sent, failed = fake.make_payout(5000), fake.make_payout(3000)
    assert differs() == []
    assert set(Payout.objects.values_list("state", flat=True)) == {"scheduled"}
    assert _bank() == 8000
    fake.advance_payout(sent["id"], "in_transit")
    fake.advance_payout(failed["id"], "failed")
    reconcile(Provider.STRIPE, today())
    assert Payout.objects.get(provider_ref=sent["id"]).state == "paid"
    assert Payout.objects.get(provider_ref=failed["id"]).state == "failed"
    assert _bank() == 5000
    fake.advance_payout(sent["id"], "paid")
    reconcile(Provider.STRIPE, today())
    assert Payout.objects.get(provider_ref=sent["id"]).state == "settled"


def _bank() -> int:
    return sum(
        journal.moved(kind, source=f"payout:{row.provider_ref}", account=Account.BANK, unit=row.currency)
        for row in Payout.objects.all()
        for kind in (EntryKind.PAYOUT, EntryKind.PAYOUT_FAILURE)
    )


def test_the_command_lists_the_open_differences(fake, pages, capsys):
    call_command("reconcile", "--provider", "stripe", "--day", today().isoformat())
    assert "0 open differences" in capsys.readouterr().out
    refund = fake.refund(order_of(pages[0]).payment_ref, 900)
    with pytest.raises(SystemExit):
        call_command("reconcile", "--provider", "stripe", "--day", today().isoformat())
    text = capsys.readouterr().out
    assert refund["id"] in text
    assert FindingKind.NOT_IN_LEDGER in text


def test_each_night_compares_the_two_previous_days(fake):
    reconcile_yesterday()
    days = [today() - timedelta(days=days) for days in (1, 2)]
    assert list(Reconciliation.objects.values_list("day", flat=True)) == days


def test_nothing_is_compared_without_a_provider(settings):
    settings.STRIPE_SECRET_KEY = ""
    reconcile_yesterday()
    assert not Reconciliation.objects.exists()


def test_days_of_an_outage_are_compared_afterwards(fake):
    reconcile(Provider.STRIPE, today() - timedelta(days=6))
    fake.down = True
    reconcile_yesterday()
    assert Reconciliation.objects.count() == 1
    fake.down = False
    reconcile_yesterday()
    assert Reconciliation.objects.count() == 6


def test_a_difference_that_returns_is_open_again(fake, pages):
    refund = fake.refund(order_of(pages[0]).payment_ref, 900)
    assert len(differs()) == 1
    fake.lie(refund["id"], status="pending")
    row = Finding.objects.get()
    Finding.objects.filter(pk=row.pk).update(settled_at=timezone.now(), resolution=IN_ORDER)
    assert differs() == [("missing_here", refund["id"])]
