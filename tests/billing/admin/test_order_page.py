"""Test that staff can find orders and payments and read their explanation."""

from datetime import UTC, datetime

import pytest

from billing import orders
from billing.catalogue.currencies import signed_amount
from billing.catalogue.products import add_version
from billing.ledger import journal
from billing.ledger.journal import Transfer
from billing.models import LedgerEntry, Order
from billing.sync import checkout
from billing.vocabulary import Account, EntryKind, Provider
from testing.web_purchases import selling
from tests.billing.admin.states import HOSTILE, bought, bought_on_the_web, dispute
from tests.inspections.support.test_commands import run

pytestmark = pytest.mark.django_db
LIST = "/admin/billing/order/"


def seen(client, order) -> str:
    answer = client.get(f"{LIST}{order.pk}/change/")
    assert answer.status_code == 200
    return answer.content.decode()


def found(client, **query) -> set[Order]:
    return set(client.get(LIST, query).context["cl"].queryset)


def test_a_search_finds_a_payment_by_its_reference_and_day(support, owner, stranger, settings):
    with selling(settings) as fake:
        order = bought_on_the_web(owner, fake)
    bought(stranger)
    for name in (order.payment_ref, order.provider_ref, str(order.pk), owner.email):
        assert found(support, q=name) == {order}
    Order.objects.filter(pk=order.pk).update(paid_at=datetime(2026, 5, 3, 23, 59, tzinfo=UTC))
    assert found(support, paid_at__year="2026", paid_at__month="5", paid_at__day="3") == {order}
    assert found(support, provider="stripe") == {order}


def test_a_filter_finds_orders_that_wait_for_the_provider(support, owner, settings):
    with selling(settings) as fake:
        paid = bought_on_the_web(owner, fake)
        product = paid.product
        waiting = orders.open_order(owner=owner, product=product, provider=Provider.STRIPE, cause="test")
        checkout.get_or_open_page(waiting)
    assert found(support, waits="yes") == {waiting}
    assert found(support, waits="no") == {paid}
    assert found(support, waits="perhaps") == {paid, waiting}


def test_the_page_shows_disputes_history_and_ledger(support, owner):
    case = dispute(owner)
    text = seen(support, case.order)
    for part in (case.provider_ref, "49.00 EUR", "dispute_open", "What staff did", "refund asked at", "look at"):
        assert part.lower() in text.lower()


def test_hostile_text_of_a_provider_is_escaped(support, owner):
    order = bought(owner, ref=HOSTILE)
    for text in (seen(support, order), support.get(LIST).content.decode()):
        assert HOSTILE not in text
        assert "&lt;script&gt;" in text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (4801, "EUR", "+48.01 EUR"),
        (-4900, "EUR", "-49.00 EUR"),
        (7000, "JPY", "+7000 JPY"),
        (-1, "KWD", "-0.001 KWD"),
        (1, journal.CREDIT, "+1 credit"),
        (-12, journal.CREDIT, "-12 credits"),
    ],
)
def test_amounts_are_formatted_with_sign_and_unit(value, unit, text):
    assert signed_amount(value, unit) == text


def test_print_ledger_formats_amounts(owner):
    order = bought(owner)
    journal.post(
        EntryKind.PROVIDER_FEE,
        source="test",
        owner=owner,
        order=order,
        transfers=[Transfer(99, "EUR", Account.CASH, Account.FEES)],
    )
    add_version("osmosis_inspection", {"currency": "JPY", "price_minor": 7000})
    bought(owner)
    printed = run("print_ledger", owner.email)
    for text in ("+49.00 EUR", "-49.00 EUR", "+0.99 EUR", "+7000 JPY", "+1 credit", "cash +48.01", "cash +7000,"):
        assert text in printed, printed
    assert "sum 0.00" in printed
    assert "INSPECTION" not in printed.replace("balance INSPECTION", "")


def test_the_title_of_a_posting_formats_its_amount(boss, owner):
    journal.post(
        EntryKind.PROVIDER_FEE, source="test", owner=owner, transfers=[Transfer(99, "EUR", Account.CASH, Account.FEES)]
    )
    entry = LedgerEntry.objects.get(account=Account.FEES)
    page = boss.get(f"/admin/billing/ledgerentry/{entry.pk}/change/").content.decode()
    assert "fees +0.99 EUR" in page
    assert "+99 EUR" not in page
