"""Direct SQL, as the application's own user of the database: what would falsify the books is refused.

On SQLite too, but for TRUNCATE, which it has not. Control: without the triggers of the database.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Final
from uuid import uuid4

from django.db import DatabaseError, connection, transaction

from accounts.models import User
from billing import orders
from billing.catalogue import product_in_force
from billing.choices import ProductCode, Provider
from billing.models import LedgerTransaction
from drills.harness import Result, Stage, main
from tests.books import unsealed

TABLES: Final = ("billing_ledgerentry", "billing_ledgertransaction", "billing_orderevent")
ENTRY: Final = "INSERT INTO billing_ledgerentry (transaction_id, account, unit, amount) VALUES (%s, %s, %s, %s)"
SEAL: Final = "INSERT INTO billing_ledgertransaction (id, kind, source, booked_at) VALUES (%s, %s, %s, %s)"
_NOW: Final = "2026-01-01 00:00:00+00:00"
Statements = list[tuple[str, list[Any]]]


def without_guard() -> AbstractContextManager[object]:
    lifted: AbstractContextManager[object] = unsealed()
    return lifted


def drill(stage: Stage) -> Result:
    times = 1 if stage.small else 100
    _some_books()
    attacks = [attack for _ in range(times) for attack in _attacks()]
    passed = sorted({name for name, statements in attacks if not _is_refused(statements)})
    figure = f"{len(attacks) if not passed else 'not all'} refused" + (
        f" (taken: {', '.join(passed)})" if passed else ""
    )
    return Result(f"{len(attacks) // times} kinds × {times}", figure, "all refused", not passed)


def _attacks() -> Iterator[tuple[str, Statements]]:
    yield "unbalanced", _transaction((100, "EUR"), (-99, "EUR"))
    yield "balanced over two units", _transaction((1, "EUR"), (-1, "INSPECTION"))
    yield "single entry", _transaction((100, "EUR"))
    yield "no entry", _transaction()
    yield "entries of no transaction", _transaction((100, "EUR"), (-100, "EUR"))[:-1]
    sealed = LedgerTransaction.objects.values_list("pk", flat=True)[0]
    yield "entry added later", [(ENTRY, [_id(sealed), "cash", "EUR", 1])]
    both: Statements = [(ENTRY, [_id(sealed), "cash", "EUR", amount]) for amount in (1, -1)]
    yield "two entries added later", both
    for table in TABLES:
        yield f"update {table}", [(f"UPDATE {table} SET id = id", [])]  # noqa: S608 - of names that stand above
        yield f"delete {table}", [(f"DELETE FROM {table}", [])]  # noqa: S608
        if connection.vendor != "sqlite":
            yield f"truncate {table}", [(f"TRUNCATE {table} CASCADE", [])]
    yield "update an amount", [("UPDATE billing_ledgerentry SET amount = amount + 1", [])]
    yield "replace a source", [("UPDATE billing_ledgertransaction SET source = 'other'", [])]


def _transaction(*amounts: tuple[int, str]) -> Statements:
    made = _id(uuid4())
    entries: Statements = [(ENTRY, [made, "cash", unit, amount]) for amount, unit in amounts]
    return [*entries, (SEAL, [made, "payout", f"by hand {made}", _NOW])]


def _id(value: object) -> str:
    return str(value).replace("-", "") if connection.vendor == "sqlite" else str(value)


def _is_refused(statements: Statements) -> bool:
    """Whatever is taken is rolled back; what only the commit would refuse is asked to be checked before."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, values in statements:
                cursor.execute(sql, values)
            connection.check_constraints()
            transaction.set_rollback(True)
    except DatabaseError:
        return True
    return False


def _some_books() -> None:
    owner = User.objects.create_user(f"{uuid4().hex}@example.org")
    purchase = orders.Purchase(Provider.MOCK, uuid4().hex, ProductCode.OSMOSIS_INSPECTION)
    orders.record_purchase(owner=owner, purchase=purchase, cause="drill")
    orders.open_order(
        owner=owner, product=product_in_force(ProductCode.OSMOSIS_INSPECTION), provider=Provider.STRIPE, cause="drill"
    )


if __name__ == "__main__":
    main(drill, without_guard, served=False)
