"""The first capture policies, and a trigger that refuses to change a result."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from inspections.modes.registry import rules_of

MODES = ("corrosion", "osmosis")
TRIGGERS = {
    "sqlite": (
        """
        CREATE TRIGGER a_result_never_changes BEFORE UPDATE ON inspections_result
        BEGIN SELECT RAISE(ABORT, 'a result never changes'); END;
        """,
    ),
    "postgresql": (
        """
        CREATE FUNCTION refuse_result_update() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'a result never changes' USING ERRCODE = 'integrity_constraint_violation'; END $$
        """,
        """
        CREATE TRIGGER a_result_never_changes BEFORE UPDATE ON inspections_result
        FOR EACH ROW EXECUTE FUNCTION refuse_result_update()
        """,
    ),
}


def add_first_policies(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    policy = apps.get_model("inspections", "CapturePolicy")
    for mode in MODES:
        policy.objects.get_or_create(mode=mode, version=1, defaults=dict(rules_of(mode).first_policy))


def add_triggers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in TRIGGERS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_initial")]
    operations = [
        migrations.RunPython(add_first_policies, migrations.RunPython.noop),
        migrations.RunPython(add_triggers, migrations.RunPython.noop),
    ]
