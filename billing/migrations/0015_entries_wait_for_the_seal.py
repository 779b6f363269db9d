"""Refuse entries of a transaction that another connection is sealing; ignore a caller's temporary tables.

An entry could not see a seal that was not committed yet, so another connection could add entries that balanced among
themselves. Now the writer of an entry holds a lock on the id of its transaction until it commits; the next one waits,
and then sees the seal. One that looks at an older snapshot sees no seal, and is refused by the foreign key, which does
not see the transaction either.

The functions name the schema of the tables: a temporary table of the same name would be found before them.
SQLite has one writer at a time, and needs nothing.
"""

from importlib import import_module
from typing import Final

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

sealed_books = import_module("billing.migrations.0004_sealed_books")
ENTRIES, TRANSACTIONS = "billing_ledgerentry", "billing_ledgertransaction"
NOT_BALANCED, TOO_LATE = sealed_books.NOT_BALANCED, sealed_books.TOO_LATE
_REFUSE: Final = "RAISE EXCEPTION '{text}' USING ERRCODE = 'integrity_constraint_violation'"
_LOCK: Final = "PERFORM pg_advisory_xact_lock(hashtextextended({id}::text, 0));"
_FUNCTION: Final = """
    CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, {schema}, pg_temp AS $$ BEGIN
        {before}
        IF {when} THEN {refuse}; END IF;
        RETURN {returned};
    END $$
"""
_UNBALANCED_AT_COMMIT: Final = f"""
    EXISTS (SELECT 1 FROM {ENTRIES} WHERE transaction_id = NEW.transaction_id GROUP BY unit HAVING sum(amount) <> 0)
"""  # noqa: S608 - of the names above


def functions(schema: str) -> list[str]:
    return [
        _function("refuse_late_entry", TOO_LATE, sealed_books.LATE, schema, _LOCK.format(id="NEW.transaction_id")),
        _function(
            "refuse_unbalanced_transaction", NOT_BALANCED, sealed_books.UNBALANCED, schema, _LOCK.format(id="NEW.id")
        ),
        _function("refuse_unbalanced_commit", NOT_BALANCED, _UNBALANCED_AT_COMMIT, schema, returned="NULL"),
    ]


def _function(name: str, text: str, when: str, schema: str, before: str = "", *, returned: str = "NEW") -> str:
    return _FUNCTION.format(
        name=name, schema=schema, before=before, when=when, refuse=_REFUSE.format(text=text), returned=returned
    )


def replace_functions(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        [schema] = cursor.fetchone() or [""]
    for statement in functions(schema):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("billing", "0014_used_free_inspections")]
    operations = [migrations.RunPython(replace_functions, migrations.RunPython.noop)]
