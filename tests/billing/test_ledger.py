"""The books balance and only grow, whoever tries otherwise."""

from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from billing import ledger
from billing.choices import Account, Booking
from billing.ledger import CREDIT, Move
from billing.models import LedgerEntry, LedgerTransaction, OrderEvent, Product
from tests.billing.buying import paid_order

pytestmark = pytest.mark.django_db
GRANT = [Move(1, CREDIT, Account.CREDITS_ISSUED, Account.CREDITS_AVAILABLE)]


def booked(owner, source: str = "test:1") -> LedgerTransaction:
    assert ledger.book(Booking.CREDIT_GRANT, source=source, owner=owner, moves=GRANT)
    return LedgerTransaction.objects.get(source=source)


def write(owner, *amounts: tuple[int, str], seal: bool = True) -> None:
    made = LedgerTransaction(pk=uuid4(), kind=Booking.CREDIT_GRANT, source="by hand", owner=owner)
    for amount, unit in amounts:
        LedgerEntry.objects.create(transaction=made, account=Account.CASH, unit=unit, amount=amount)
    if seal:
        made.save(force_insert=True)


def test_what_is_booked_can_be_read_as_balances(owner, stranger):
    booked(owner)
    found = ledger.balances_of_owner(owner, unit=CREDIT)
    assert (found[Account.CREDITS_AVAILABLE], found[Account.CREDITS_ISSUED], found[Account.CASH]) == (1, -1, 0)
    assert not any(ledger.balances_of_owner(stranger, unit=CREDIT).values())
    assert not any(ledger.balances_of_owner(owner, unit="EUR").values())


def test_a_source_is_booked_once_as_each_kind(owner):
    booked(owner)
    assert not ledger.book(Booking.CREDIT_GRANT, source="test:1", owner=owner, moves=GRANT)
    assert ledger.book(Booking.CREDIT_REVOKE, source="test:1", owner=owner, moves=GRANT)
    write(owner, (1, "EUR"), (-1, "EUR"))
    with pytest.raises(IntegrityError), transaction.atomic():
        write(owner, (1, "EUR"), (-1, "EUR"))


@pytest.mark.parametrize(
    "amounts",
    [
        [],
        [(1, "EUR")],
        [(1, "EUR"), (-2, "EUR")],
        [(1, "EUR"), (-1, "USD")],
        [(5, "EUR"), (-5, "EUR"), (1, CREDIT)],
    ],
)
def test_what_does_not_balance_is_refused(owner, amounts):
    with pytest.raises(DatabaseError, match="balances per unit"), transaction.atomic():
        write(owner, *amounts)


@pytest.mark.parametrize(("amount", "unit"), [(0, "EUR"), (1, "eur"), (1, "EURO"), (1, "")])
def test_nonsense_is_no_entry(owner, amount, unit):
    with pytest.raises(IntegrityError), transaction.atomic():
        write(owner, (amount, unit), (-amount, unit))


@pytest.mark.django_db(transaction=True)
def test_entries_without_their_transaction_are_refused_at_commit(owner):
    with pytest.raises(IntegrityError), transaction.atomic():
        write(owner, (1, "EUR"), (-1, "EUR"), seal=False)
    assert not LedgerEntry.objects.exists()


def test_no_entry_is_added_later(owner):
    sealed = booked(owner)
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic():
        LedgerEntry.objects.create(transaction=sealed, account=Account.CASH, unit="EUR", amount=1)


@pytest.mark.parametrize("model", [LedgerEntry, LedgerTransaction, OrderEvent])
def test_what_is_written_is_neither_changed_nor_deleted(owner, model):
    paid_order(owner)
    table = model._meta.db_table
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            connection.cursor().execute(statement)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("model", [LedgerEntry, LedgerTransaction, OrderEvent])
def test_no_table_of_the_books_is_emptied(model):
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        connection.cursor().execute(f"TRUNCATE {model._meta.db_table} CASCADE")


def test_a_version_of_a_product_never_changes():
    with pytest.raises(DatabaseError, match="new version"), transaction.atomic():
        Product.objects.update(price_minor=1)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_an_entry_that_another_connection_slips_in_before_the_seal_is_seen_is_refused_at_commit(owner):
    made = uuid4()
    settings = connection.settings_dict
    other = psycopg.connect(
        host=settings["HOST"], port=settings["PORT"] or 5432, user=settings["USER"], dbname=settings["NAME"]
    )
    with transaction.atomic():
        row = LedgerTransaction(pk=made, kind=Booking.CREDIT_GRANT, source="race", owner=owner)
        for amount in (1, -1):
            LedgerEntry.objects.create(transaction=row, account=Account.CASH, unit="EUR", amount=amount)
        row.save(force_insert=True)
        other.execute(
            "INSERT INTO billing_ledgerentry (transaction_id, account, unit, amount) VALUES (%s, 'cash', 'EUR', 777)",
            [made],
        )
    with pytest.raises(psycopg.IntegrityError):
        other.commit()
    other.close()
    assert LedgerEntry.objects.filter(transaction=made).count() == 2
