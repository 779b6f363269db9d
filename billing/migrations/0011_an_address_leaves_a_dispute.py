"""The log of a dispute never changes, but that the address of somebody who is erased is taken out of a note."""

from typing import Final

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE: Final = "billing_disputestep"
TEXT: Final = "the log of a dispute never changes"
# What `accounts.privacy.register.scrub` leaves in its place.
IS_ANOTHER_CHANGE: Final = (
    "(OLD.id, OLD.dispute_id, COALESCE(CAST(OLD.staff_id AS text), ''), OLD.what, OLD.at) <> "
    "(NEW.id, NEW.dispute_id, COALESCE(CAST(NEW.staff_id AS text), ''), NEW.what, NEW.at) "
    "OR NEW.note NOT LIKE '%[erased]%'"
)
STATEMENTS: Final = {
    "sqlite": [
        f"DROP TRIGGER {TABLE}_no_update",
        (
            f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{TEXT}') WHERE {IS_ANOTHER_CHANGE}; END"
        ),
    ],
    "postgresql": [
        f"DROP TRIGGER {TABLE}_stays ON {TABLE}",
        (
            f"CREATE TRIGGER {TABLE}_is_not_deleted BEFORE DELETE ON {TABLE} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_{TABLE}_change()"
        ),
        (
            f"CREATE TRIGGER {TABLE}_stays BEFORE UPDATE ON {TABLE} "
            f"FOR EACH ROW WHEN ({IS_ANOTHER_CHANGE}) EXECUTE FUNCTION refuse_{TABLE}_change()"
        ),
    ],
}


def let_an_address_go(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in STATEMENTS[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)  # a % is a %


class Migration(migrations.Migration):
    dependencies = [("billing", "0010_balanced_at_commit")]
    operations = [migrations.RunPython(let_an_address_go, migrations.RunPython.noop)]
