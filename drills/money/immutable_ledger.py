"""Try to falsify the books by direct SQL, on two connections at once, and in the application's own role.

Every attempt must be refused. There are three kinds of attack, each with a guard of its own:

- statements that the seals of the database refuse in any role;
- statements by which the application's role would lift a seal, or change what a missing seal no longer protects;
- pairs of connections, in which one adds to the transaction that the other is sealing.

SQLite has neither roles nor two writers. Control: attack by attack, its guard is removed: the triggers are dropped, the
owner's role is used, or the lock is removed from the trigger. Everything is rolled back.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final
from uuid import uuid4

import psycopg
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from billing import orders
from billing.catalogue.products import product_in_force
from billing.models import LedgerEntry, LedgerTransaction
from billing.vocabulary import ProductCode, Provider
from drills.harness.runner import DrillContext, Result, main
from maretech import database_role
from testing.database_role import as_owner, connected_as

ENTRIES, TRANSACTIONS, HISTORY = "billing_ledgerentry", "billing_ledgertransaction", "billing_orderevent"
ENTRY: Final = f"INSERT INTO {ENTRIES} (transaction_id, account, unit, amount) VALUES (%s, %s, %s, %s)"  # noqa: S608
SEAL: Final = f"INSERT INTO {TRANSACTIONS} (id, kind, source, booked_at) VALUES (%s, %s, %s, %s)"  # noqa: S608
_NOW: Final = "2026-01-01 00:00:00+00:00"
Statements = Sequence[tuple[str, Sequence[Any]]]
seal_locks = import_module("billing.migrations.0015_entries_wait_for_the_seal")


@dataclass(frozen=True)
class Attack:
    """`succeeds` runs the attack, with its guard or (the control) without, and leaves nothing behind."""

    name: str
    succeeds: Callable[[bool], bool]


def disable_guard() -> AbstractContextManager[object]:
    return nullcontext()  # each attack has its own, see above


def drill(context: DrillContext) -> Result:
    times = 1 if context.small else 20
    _post_entries()
    succeeded: dict[str, bool] = {}
    with _attacks() as attacks:
        for _ in range(times):
            for attack in attacks:
                succeeded[attack.name] = attack.succeeds(context.control) or succeeded.get(attack.name, False)
    taken = sorted(name for name, success in succeeded.items() if success)
    figure = f"{len(succeeded) - len(taken)} of {len(succeeded)} refused"
    figure += f" (taken: {', '.join(taken)})" if taken else ""
    return Result(f"{len(succeeded)} attacks × {times}", figure, "all refused", not taken, succeeded)


@contextmanager
def _attacks() -> Iterator[list[Attack]]:
    if connection.vendor == "sqlite":
        yield list(_on_seals())
        return
    with _application() as role:
        yield [*_on_seals(), *_by_the_application(role), *_by_two_connections(role)]


@contextmanager
def _application() -> Iterator[str]:
    """Create a role with the application's rights, for this drill alone."""
    role = f"maretech_drill_{os.getpid()}_{uuid4().hex[:6]}"
    with as_owner() as cursor:
        cursor.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{role}'")
        database_role.grant(role)
        try:
            yield role
        finally:
            cursor.execute(f"DROP OWNED BY {role}")
            cursor.execute(f"DROP ROLE {role}")


# --- Statements that a seal refuses ---
def _on_seals() -> Iterator[Attack]:
    balances, sealed = ("a_transaction_balances", TRANSACTIONS), ("a_transaction_is_sealed", ENTRIES)
    at_commit = [] if connection.vendor == "sqlite" else [("a_transaction_balances_at_commit", ENTRIES)]
    yield _sealed("unbalanced", _transaction((100, "EUR"), (-99, "EUR")), balances, *at_commit)
    yield _sealed("balanced over two units", _transaction((1, "EUR"), (-1, "INSPECTION")), balances, *at_commit)
    yield _sealed("single entry", _transaction((100, "EUR")), balances, *at_commit)
    yield _sealed("no entry", _transaction(), balances)
    posted = _id(LedgerTransaction.objects.values_list("pk", flat=True)[0])
    yield _sealed("entry added later", [_entry(posted, 1)], sealed, *at_commit)
    yield _sealed("two entries added later", [_entry(posted, 1), _entry(posted, -1)], sealed)
    yield _sealed("update an amount", [(f"UPDATE {ENTRIES} SET amount = -amount", [])], *_guards(ENTRIES, "update"))  # noqa: S608
    for table in (ENTRIES, TRANSACTIONS, HISTORY):
        yield _sealed(f"update {table}", [(f"UPDATE {table} SET id = id", [])], *_guards(table, "update"))  # noqa: S608
    for table in (ENTRIES, HISTORY):
        yield _sealed(f"delete {table}", [(f"DELETE FROM {table}", [])], *_guards(table, "delete"))  # noqa: S608
    if connection.vendor == "postgresql":
        yield from _on_seals_of_postgres(posted)


def _on_seals_of_postgres(posted: str) -> Iterator[Attack]:
    yield _sealed("entries of no transaction", _transaction((100, "EUR"), (-100, "EUR"))[:-1], lifted=_foreign_key())
    empty = [(f"{table}_is_not_emptied", table) for table in (ENTRIES, TRANSACTIONS, HISTORY)]
    for table, guards in ((ENTRIES, empty[:1]), (TRANSACTIONS, empty[:2]), (HISTORY, empty[2:])):
        yield _sealed(f"truncate {table}", [(f"TRUNCATE {table} CASCADE", [])], *guards)
    everything: Statements = [(f"DELETE FROM {TRANSACTIONS}", [])]  # noqa: S608
    yield _sealed(f"delete {TRANSACTIONS}", everything, *_guards(TRANSACTIONS, "delete"), lifted=_foreign_key())
    copies: Statements = [
        (f"CREATE TEMPORARY TABLE {table} (LIKE public.{table})", []) for table in (ENTRIES, TRANSACTIONS)
    ]
    deceived = [
        (sql.replace("INTO ", "INTO public."), values) for sql, values in (_entry(posted, 5), _entry(posted, -5))
    ]
    unnamed = ["ALTER FUNCTION refuse_late_entry() RESET search_path"]
    yield _sealed("temporary tables before the books", [*copies, *deceived], lifted=unnamed)


def _guards(table: str, event: str) -> list[tuple[str, str]]:
    name = f"{table}_no_{event}" if connection.vendor == "sqlite" else f"{table}_stays"
    return [(name, table)]


def _foreign_key() -> list[str]:
    with as_owner() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'f' AND confrelid = %s::regclass", [TRANSACTIONS]
        )
        return [f"ALTER TABLE {ENTRIES} DROP CONSTRAINT {name}" for (name,) in cursor.fetchall()]


def _sealed(name: str, statements: Statements, *triggers: tuple[str, str], lifted: Sequence[str] = ()) -> Attack:
    on = "" if connection.vendor == "sqlite" else " ON {1}"
    without = [f"DROP TRIGGER {{0}}{on}".format(*trigger) for trigger in triggers] + list(lifted)
    return Attack(name, lambda control: _is_accepted([*((sql, []) for sql in without if control), *statements]))


def _is_accepted(statements: Statements) -> bool:
    """Return whether the statement is accepted. It is rolled back; checks deferred to the commit run at once."""
    try:
        with as_owner() as cursor, transaction.atomic():
            for sql, values in statements:
                cursor.execute(sql, values or None)
            connection.check_constraints()
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


# --- What the application's role would do ---
_DISARMED: Final = "CREATE OR REPLACE FUNCTION {0}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
LIFTING: Final = {
    "disable a trigger": f"ALTER TABLE {ENTRIES} DISABLE TRIGGER a_transaction_is_sealed",
    "disable all triggers": f"ALTER TABLE {TRANSACTIONS} DISABLE TRIGGER ALL",
    "drop a trigger": f"DROP TRIGGER a_transaction_is_sealed ON {ENTRIES}",
    "drop a function": "DROP FUNCTION refuse_late_entry() CASCADE",
    "replace a function": _DISARMED.format("refuse_late_entry"),
    "a trigger of its own": f"CREATE TRIGGER mine BEFORE INSERT ON {ENTRIES} EXECUTE FUNCTION refuse_late_entry()",
    "a rule": f"CREATE RULE mine AS ON INSERT TO {ENTRIES} DO INSTEAD NOTHING",
    "drop a constraint": f"ALTER TABLE {ENTRIES} DROP CONSTRAINT an_entry_moves_something",
    "drop the table": f"DROP TABLE {ENTRIES} CASCADE",
    "rename the table": f"ALTER TABLE {ENTRIES} RENAME TO others",
    "replica": "SET session_replication_role = replica",
    "become the owner": "SET ROLE {owner}",
    "a temporary table": f"CREATE TEMPORARY TABLE {TRANSACTIONS} (id uuid)",
    "a schema of its own": "CREATE SCHEMA mine",
    "a table of its own": "CREATE TABLE mine (id int)",
    "forget a migration": "DELETE FROM django_migrations",
}


def _by_the_application(role: str) -> Iterator[Attack]:
    for name, statement in LIFTING.items():
        yield Attack(f"application: {name}", _lifting(role, statement))
    for table in (ENTRIES, TRANSACTIONS, HISTORY):
        for event, sql in (("update", f"UPDATE {table} SET id = id"), ("delete", f"DELETE FROM {table}")):  # noqa: S608
            yield Attack(
                f"application: {event} {table} without its trigger", _unsealed(role, sql, table, f"{table}_stays")
            )
        emptied = f"{table}_is_not_emptied"
        yield Attack(
            f"application: truncate {table} without its trigger", _unsealed(role, f"TRUNCATE {table}", table, emptied)
        )


def _lifting(role: str, statement: str) -> Callable[[bool], bool]:
    """Run as the application, or without that guard as the owner."""

    def succeeds(control: bool) -> bool:  # noqa: FBT001
        owner = _owner()
        if control:
            return _is_accepted([(statement.format(owner=owner), [])])
        with closing(connected_as(role)) as own:
            try:
                with own.transaction(force_rollback=True):
                    own.execute(statement.format(owner=owner))
            except psycopg.Error:
                return False
        return True

    return succeeds


def _owner() -> str:
    with as_owner() as cursor:
        cursor.execute("SELECT quote_ident(session_user)")
        return str(cursor.fetchone()[0])


def _unsealed(role: str, statement: str, table: str, trigger: str) -> Callable[[bool], bool]:
    """Try with a trigger already missing: the role must still be refused. Foreign keys are no guard here."""

    def succeeds(control: bool) -> bool:  # noqa: FBT001
        missing: Statements = [(f"DROP TRIGGER {trigger} ON {table}", []), *((sql, []) for sql in _foreign_key())]
        return _is_accepted([*missing, *([] if control else [(f"SET LOCAL ROLE {role}", [])]), (statement, [])])

    return succeeds


# --- Two connections ---
def _by_two_connections(role: str) -> Iterator[Attack]:
    unlocked = _without_lock()
    yield Attack("two connections: a pair before the seal commits", _racing(role, (5, -5), unlocked))
    late = [*unlocked, f"DROP TRIGGER a_transaction_balances_at_commit ON {ENTRIES}"]
    yield Attack("two connections: one entry before the seal commits", _racing(role, (777,), late))
    yield Attack("two connections: a pair before the entries", _racing(role, (5, -5), unlocked, first=True))


def _without_lock() -> list[str]:
    """The trigger's function as it was before it had a lock."""
    [late, *_] = seal_locks.functions("public")
    return [late[: late.index("PERFORM")] + late[late.index("IF EXISTS") :]]


def _racing(
    role: str, amounts: Sequence[int], without: Sequence[str], *, first: bool = False
) -> Callable[[bool], bool]:
    def succeeds(control: bool) -> bool:  # noqa: FBT001
        transaction_id = uuid4()
        entry_id = str(transaction_id)
        with (
            _changed(without if control else ()),
            closing(connected_as(role)) as one,
            closing(connected_as(role)) as two,
        ):
            for each in (one, two):
                each.autocommit = False
                each.execute("SET lock_timeout = 100")
                each.commit()
            if first:
                _add(two, entry_id, amounts)
            _try(lambda: _write(one, entry_id))
            if not first:
                _add(two, entry_id, amounts)
            _try(one.commit)
            if two.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
                _add(two, entry_id, amounts)  # the blocked connection retries
            _try(two.commit)
        posted = LedgerEntry.objects.filter(transaction_id=transaction_id).count()
        return posted > len(_FAIR) and LedgerTransaction.objects.filter(pk=transaction_id).exists()

    return succeeds


_FAIR: Final = (100, -100)


def _write(connection: "psycopg.Connection[Any]", entry_id: str) -> None:
    for sql, values in _transaction(*((amount, "EUR") for amount in _FAIR), entry_id=entry_id):
        connection.execute(sql, values)


def _add(connection: "psycopg.Connection[Any]", entry_id: str, amounts: Sequence[int]) -> None:
    def add() -> None:
        for amount in amounts:
            connection.execute(*_entry(entry_id, amount))

    if not _try(add):
        connection.rollback()


def _try(step: Callable[[], object]) -> bool:
    try:
        step()
    except psycopg.Error:
        return False
    return True


@contextmanager
def _changed(statements: Sequence[str]) -> Iterator[None]:
    """Change it for all connections, and restore it."""
    if not statements:
        yield
        return
    with as_owner() as cursor:
        for statement in statements:
            cursor.execute(statement)
        try:
            yield
        finally:
            for statement in seal_locks.functions("public"):
                cursor.execute(statement)
            cursor.execute(f"DROP TRIGGER IF EXISTS a_transaction_balances_at_commit ON {ENTRIES}")
            cursor.execute(import_module("billing.migrations.0010_balanced_at_commit").TRIGGER)


# --- Statements ---
def _transaction(*amounts: tuple[int, str], entry_id: str = "") -> Statements:
    entry_id = entry_id or _id(uuid4())
    entries = [_entry(entry_id, amount, unit) for amount, unit in amounts]
    return [*entries, (SEAL, [entry_id, "payout", f"by hand {entry_id}", _NOW])]


def _entry(of: str, amount: int, unit: str = "EUR") -> tuple[str, list[Any]]:
    return ENTRY, [of, "cash", unit, amount]


def _id(value: object) -> str:
    return str(value).replace("-", "") if connection.vendor == "sqlite" else str(value)


def _post_entries() -> None:
    owner = User.objects.create_user(f"{uuid4().hex}@example.org")
    purchase = orders.Purchase(Provider.MOCK, uuid4().hex, ProductCode.OSMOSIS_INSPECTION)
    orders.record_purchase(owner=owner, purchase=purchase, cause="drill")
    orders.open_order(
        owner=owner, product=product_in_force(ProductCode.OSMOSIS_INSPECTION), provider=Provider.STRIPE, cause="drill"
    )


if __name__ == "__main__":
    main(drill, disable_guard, served=False)
