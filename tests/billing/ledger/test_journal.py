"""Test that the books balance and only grow, in every role and by every statement."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from billing.ledger import journal
from billing.ledger.journal import CREDIT, Transfer
from billing.models import LedgerEntry, LedgerTransaction, OrderEvent, Product
from billing.vocabulary import Account, EntryKind
from testing.database_role import APPLICATION, as_owner, connected_as
from tests.billing.buying import paid_order
from tests.maretech.test_serve import eventually

pytestmark = pytest.mark.django_db
GRANT = [Transfer(1, CREDIT, Account.CREDITS_ISSUED, Account.CREDITS_AVAILABLE)]


def booked(owner, source: str = "test:1") -> LedgerTransaction:
    assert journal.post(EntryKind.CREDIT_GRANT, source=source, owner=owner, transfers=GRANT)
    return LedgerTransaction.objects.get(source=source)


def write(owner, *amounts: tuple[int, str], seal: bool = True) -> None:
    made = LedgerTransaction(pk=uuid4(), kind=EntryKind.CREDIT_GRANT, source="by hand", owner=owner)
    for amount, unit in amounts:
        LedgerEntry.objects.create(transaction=made, account=Account.CASH, unit=unit, amount=amount)
    if seal:
        made.save(force_insert=True)


def test_entries_can_be_read_as_balances(owner, stranger):
    booked(owner)
    found = journal.balances_of_owner(owner, unit=CREDIT)
    assert (found[Account.CREDITS_AVAILABLE], found[Account.CREDITS_ISSUED], found[Account.CASH]) == (1, -1, 0)
    assert not any(journal.balances_of_owner(stranger, unit=CREDIT).values())
    assert not any(journal.balances_of_owner(owner, unit="EUR").values())


def test_a_source_is_posted_once_for_each_kind(owner):
    booked(owner)
    assert not journal.post(EntryKind.CREDIT_GRANT, source="test:1", owner=owner, transfers=GRANT)
    assert journal.post(EntryKind.CREDIT_REVOKE, source="test:1", owner=owner, transfers=GRANT)
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
def test_an_unbalanced_transaction_is_refused(owner, amounts):
    with pytest.raises(DatabaseError, match="balances per unit"), transaction.atomic():
        write(owner, *amounts)


@pytest.mark.parametrize(("amount", "unit"), [(0, "EUR"), (1, "eur"), (1, "EURO"), (1, "")])
def test_the_database_refuses_an_invalid_entry(owner, amount, unit):
    with pytest.raises(IntegrityError), transaction.atomic():
        write(owner, (amount, unit), (-amount, unit))


@pytest.mark.django_db(transaction=True)
def test_entries_without_their_transaction_are_refused_at_commit(owner):
    with pytest.raises(IntegrityError), transaction.atomic():
        write(owner, (1, "EUR"), (-1, "EUR"), seal=False)
    assert not LedgerEntry.objects.exists()


def test_no_entry_can_be_added_later(owner):
    sealed = booked(owner)
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic():
        LedgerEntry.objects.create(transaction=sealed, account=Account.CASH, unit="EUR", amount=1)


@pytest.mark.parametrize("model", [LedgerEntry, LedgerTransaction, OrderEvent])
def test_rows_of_the_books_cannot_be_changed_or_deleted(owner, model):
    paid_order(owner)
    table = model._meta.db_table
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with as_owner() as cursor, pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            cursor.execute(statement)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("model", [LedgerEntry, LedgerTransaction, OrderEvent])
def test_tables_of_the_books_cannot_be_emptied(model):
    with as_owner() as cursor, pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")


def test_a_version_of_a_product_cannot_be_changed():
    with as_owner(), pytest.raises(DatabaseError, match="new version"), transaction.atomic():
        Product.objects.update(price_minor=1)


ONE_WRITER = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
ADD = "INSERT INTO billing_ledgerentry (transaction_id, account, unit, amount) VALUES (%s, 'cash', 'EUR', %s)"


@contextmanager
def a_seal_under_way(owner) -> Iterator[UUID]:
    """Write entries and their seal without a commit; both exist at the end."""
    made = LedgerTransaction(pk=uuid4(), kind=EntryKind.CREDIT_GRANT, source="race", owner=owner)
    with transaction.atomic():
        for amount in (1, -1):
            LedgerEntry.objects.create(transaction=made, account=Account.CASH, unit="EUR", amount=amount)
        made.save(force_insert=True)
        yield made.pk


@pytest.fixture
def other() -> Iterator[psycopg.Connection]:
    """Another connection in the application's role."""
    with closing(connected_as(APPLICATION)) as own:
        own.autocommit = False
        yield own


@ONE_WRITER
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("amounts", [(777,), (5, -5)], ids=["unbalanced", "balanced"])
def test_another_connection_waits_for_the_seal_and_is_refused(owner, other, amounts):
    def add() -> None:
        for amount in amounts:
            other.execute(ADD, [made, amount])
        other.commit()

    pid = other.info.backend_pid
    with ThreadPoolExecutor(1) as threads:
        with a_seal_under_way(owner) as made:
            adding = threads.submit(add)
            assert eventually(lambda: is_waiting(pid))
        with pytest.raises(psycopg.IntegrityError, match="is sealed"):
            adding.result()
    assert LedgerEntry.objects.filter(transaction=made).count() == 2


@ONE_WRITER
@pytest.mark.django_db(transaction=True)
def test_a_second_writer_of_one_transaction_waits(owner, other):
    with a_seal_under_way(owner) as made:
        other.execute("SET LOCAL lock_timeout = 50")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute(ADD, [made, 1])


@ONE_WRITER
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("isolation", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_connection_with_an_old_snapshot_cannot_add_an_entry(owner, other, isolation):
    """It does not see the seal, however long it waits for it, nor a transaction for its entries."""
    other.execute(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
    other.execute("SELECT 1 FROM billing_ledgertransaction")
    with a_seal_under_way(owner) as made:
        pass
    for amount in (5, -5):
        other.execute(ADD, [made, amount])
    with pytest.raises(psycopg.IntegrityError):
        other.commit()
    assert LedgerEntry.objects.filter(transaction=made).count() == 2


@ONE_WRITER
def test_a_temporary_table_does_not_bypass_the_seal(owner):
    """Postgres finds temporary tables before all others, and a role that may create one could shadow a table."""
    sealed = booked(owner)
    with as_owner() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE billing_ledgertransaction (id uuid)")
        cursor.execute("CREATE TEMPORARY TABLE billing_ledgerentry (transaction_id uuid, unit text, amount int)")
        with pytest.raises(IntegrityError, match="is sealed"), transaction.atomic():
            cursor.execute(ADD.replace("billing_", "public.billing_"), [sealed.pk, 5])


def is_waiting(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted", [pid])
        return cursor.fetchone() is not None
