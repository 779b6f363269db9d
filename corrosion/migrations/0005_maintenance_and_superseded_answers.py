import uuid
from datetime import date

import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TRENDS = ["improving", "stable", "worsening"]
TRIGGERS = {
    "sqlite": (
        """
        CREATE TRIGGER a_superseded_answer_never_changes BEFORE UPDATE ON corrosion_supersededanswer
        BEGIN SELECT RAISE(ABORT, 'a superseded answer never changes'); END;
        """,
    ),
    "postgresql": (
        """
        CREATE FUNCTION refuse_superseded_answer_update() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
            RAISE EXCEPTION 'a superseded answer never changes' USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """,
        """
        CREATE TRIGGER a_superseded_answer_never_changes BEFORE UPDATE ON corrosion_supersededanswer
        FOR EACH ROW EXECUTE FUNCTION refuse_superseded_answer_update()
        """,
    ),
}


def add_trigger(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in TRIGGERS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def remove_trigger(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_postgres = schema_editor.connection.vendor == "postgresql"
    on_table = " ON corrosion_supersededanswer" if is_postgres else ""
    schema_editor.execute(f"DROP TRIGGER a_superseded_answer_never_changes{on_table}")
    if is_postgres:
        schema_editor.execute("DROP FUNCTION refuse_superseded_answer_update")


class Migration(migrations.Migration):
    dependencies = [
        ("corrosion", "0004_plain_labels"),
        ("inspections", "0012_vessels_of_earlier_inspections"),
        ("vessels", "0001_initial"),
    ]
    operations = [
        migrations.AddField(
            model_name="comparison",
            name="in_timeline",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="comparison",
            name="revision",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.CreateModel(
            name="Maintenance",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("blasted", "Blasted"),
                            ("painted", "Painted"),
                            ("anodes", "Anodes replaced"),
                            ("cleaned", "Cleaned"),
                        ],
                        max_length=16,
                    ),
                ),
                ("performed_on", models.DateField()),
                ("points", models.JSONField(blank=True, default=list)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "vessel",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="maintenance",
                        to="vessels.vessel",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "maintenance",
                "ordering": ["performed_on", "created_at", "id"],
                "indexes": [models.Index(fields=["vessel", "performed_on"], name="maintenance_of_a_vessel")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(kind__in=["blasted", "painted", "anodes", "cleaned"]),
                        name="the_kind_of_maintenance_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(performed_on__gte=date(1900, 1, 1)),
                        name="maintenance_was_done_in_our_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupersededAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule_version", models.CharField(max_length=32)),
                ("model_version", models.CharField(blank=True, max_length=120)),
                ("comparable", models.BooleanField()),
                (
                    "trend",
                    models.CharField(choices=[(trend, trend) for trend in TRENDS], max_length=16, null=True),
                ),
                ("reasons", models.JSONField(default=list)),
                ("points", models.JSONField(default=list)),
                ("explanation", models.TextField(blank=True)),
                ("computed_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("model", "Another model"),
                            ("rule", "Another rule"),
                            ("maintenance", "Maintenance"),
                            ("staff", "Staff"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "comparison",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="superseded",
                        to="corrosion.comparison",
                    ),
                ),
            ],
            options={
                "ordering": ["-superseded_at", "-id"],
                "indexes": [models.Index(fields=["comparison", "-superseded_at"], name="superseded_of_a_comparison")],
                "constraints": [
                    models.UniqueConstraint(fields=["comparison", "computed_at"], name="an_answer_is_superseded_once"),
                    models.CheckConstraint(
                        condition=models.Q(cause__in=["model", "rule", "maintenance", "staff"]),
                        name="the_cause_of_superseding_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(comparable=False, trend__isnull=True),
                            models.Q(comparable=True, trend__isnull=False, trend__in=TRENDS),
                            _connector="OR",
                        ),
                        name="exactly_the_comparable_had_a_trend",
                    ),
                ],
            },
        ),
        migrations.RunPython(add_trigger, remove_trigger),
    ]
