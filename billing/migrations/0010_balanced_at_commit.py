"""The books balance at commit too, even with concurrent writers (Postgres).

The trigger that seals a transaction does not see entries that another connection has not committed, nor do those see
the seal. So each entry is counted again when it is committed. SQLite has one writer at a time, and needs nothing.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FUNCTION = """
    CREATE FUNCTION refuse_unbalanced_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS (
            SELECT 1 FROM billing_ledgerentry WHERE transaction_id = NEW.transaction_id
            GROUP BY unit HAVING sum(amount) <> 0
        ) THEN
            RAISE EXCEPTION 'a ledger transaction balances per unit' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$
"""
TRIGGER = """
    CREATE CONSTRAINT TRIGGER a_transaction_balances_at_commit AFTER INSERT ON billing_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced_commit()
"""


def add_trigger(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION)
        schema_editor.execute(TRIGGER)


class Migration(migrations.Migration):
    dependencies = [("billing", "0009_order_asked_at")]
    operations = [migrations.RunPython(add_trigger, migrations.RunPython.noop)]
