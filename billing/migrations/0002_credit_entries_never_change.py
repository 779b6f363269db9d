"""A trigger that refuses to change a credit entry; deleting one is refused on Postgres only, until the ledger comes."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TRIGGERS = {
    "sqlite": (
        """
        CREATE TRIGGER a_credit_entry_never_changes BEFORE UPDATE ON billing_creditentry
        BEGIN SELECT RAISE(ABORT, 'a credit entry never changes'); END;
        """,
    ),
    "postgresql": (
        """
        CREATE FUNCTION refuse_credit_entry_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'a credit entry never changes' USING ERRCODE = 'integrity_constraint_violation'; END $$
        """,
        """
        CREATE TRIGGER a_credit_entry_never_changes BEFORE UPDATE OR DELETE ON billing_creditentry
        FOR EACH ROW EXECUTE FUNCTION refuse_credit_entry_change()
        """,
    ),
}


def add_triggers(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in TRIGGERS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]
    operations = [migrations.RunPython(add_triggers, migrations.RunPython.noop)]
