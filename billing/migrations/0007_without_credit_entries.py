"""The tables that the ledger and the orders took the place of."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def drop_function(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION refuse_credit_entry_change()")


class Migration(migrations.Migration):
    dependencies = [("billing", "0006_credits_into_the_books")]
    operations = [
        migrations.DeleteModel(name="CreditEntry"),
        migrations.DeleteModel(name="StoreReceipt"),
        migrations.RunPython(drop_function, migrations.RunPython.noop),
    ]
