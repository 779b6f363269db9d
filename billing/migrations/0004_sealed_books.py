"""Triggers that seal the books.

Entries are written first; the row of their transaction comes last and is refused unless there are two entries or more
that sum to zero per unit. From then on neither can be changed, added to or deleted; an entry whose transaction never
comes is refused by the foreign key at commit. Events of orders are kept, versions of products never change.

Where SQLite does less: it has no TRUNCATE to refuse; and changing one of these tables in a later migration makes
Django rebuild it, which drops its triggers there: such a migration has to add them again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ENTRIES, TRANSACTIONS = "billing_ledgerentry", "billing_ledgertransaction"
SEALED = {
    ENTRIES: "a ledger entry never changes",
    TRANSACTIONS: "a ledger transaction never changes",
    "billing_orderevent": "the history of an order never changes",
}
PRODUCTS, PRODUCT_STAYS = "billing_product", "a product is changed by a new version"
UNBALANCED = f"""
    (SELECT count(*) FROM {ENTRIES} WHERE transaction_id = NEW.id) < 2
    OR EXISTS (SELECT 1 FROM {ENTRIES} WHERE transaction_id = NEW.id GROUP BY unit HAVING sum(amount) <> 0)
"""  # noqa: S608 - of the names above
LATE = f"EXISTS (SELECT 1 FROM {TRANSACTIONS} WHERE id = NEW.transaction_id)"  # noqa: S608
NOT_BALANCED, TOO_LATE = "a ledger transaction balances per unit", "a ledger transaction is sealed"


def _sqlite() -> list[str]:
    triggers = [
        _refusing("a_transaction_balances", f"INSERT ON {TRANSACTIONS}", NOT_BALANCED, UNBALANCED),
        _refusing("a_transaction_is_sealed", f"INSERT ON {ENTRIES}", TOO_LATE, LATE),
        _refusing("a_product_stays", f"UPDATE ON {PRODUCTS}", PRODUCT_STAYS),
    ]
    return triggers + [statement for table, text in SEALED.items() for statement in _sqlite_sealing(table, text)]


def _sqlite_sealing(table: str, text: str) -> list[str]:
    return [_refusing(f"{table}_no_{event.lower()}", f"{event} ON {table}", text) for event in ("UPDATE", "DELETE")]


def _refusing(name: str, event: str, text: str, when: str = "1") -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} BEGIN SELECT RAISE(ABORT, '{text}') WHERE {when}; END"


def _postgresql() -> list[str]:
    statements = [
        _function("refuse_unbalanced_transaction", NOT_BALANCED, UNBALANCED),
        _trigger("a_transaction_balances", f"INSERT ON {TRANSACTIONS}", "refuse_unbalanced_transaction"),
        _function("refuse_late_entry", TOO_LATE, LATE),
        _trigger("a_transaction_is_sealed", f"INSERT ON {ENTRIES}", "refuse_late_entry"),
        _function("refuse_product_change", PRODUCT_STAYS),
        _trigger("a_product_stays", f"UPDATE ON {PRODUCTS}", "refuse_product_change"),
    ]
    return statements + [statement for table, text in SEALED.items() for statement in _postgresql_sealing(table, text)]


def _postgresql_sealing(table: str, text: str) -> list[str]:
    called = f"refuse_{table}_change"
    return [
        _function(called, text),
        _trigger(f"{table}_stays", f"UPDATE OR DELETE ON {table}", called),
        _trigger(f"{table}_is_not_emptied", f"TRUNCATE ON {table}", called, per="STATEMENT"),
    ]


def _function(name: str, text: str, when: str = "true") -> str:
    return f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF {when} THEN RAISE EXCEPTION '{text}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
            RETURN NEW;
        END $$
    """


def _trigger(name: str, event: str, called: str, per: str = "ROW") -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH {per} EXECUTE FUNCTION {called}()"


TRIGGERS = {"sqlite": _sqlite, "postgresql": _postgresql}
SEALING = {"sqlite": _sqlite_sealing, "postgresql": _postgresql_sealing}


def add_triggers(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in TRIGGERS[schema_editor.connection.vendor]():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_ledger_and_orders")]
    operations = [migrations.RunPython(add_triggers, migrations.RunPython.noop)]
