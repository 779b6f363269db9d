"""A product says what it grants, in a generated column: versions are sealed, so no statement could fill it in.

SQLite rebuilds the table: its triggers are lifted before, and set again after.
"""

from importlib import import_module

from django.db import migrations, models

former = import_module("billing.migrations.0016_quantities_tests_and_conversions")


class Migration(migrations.Migration):
    dependencies = [("billing", "0016_quantities_tests_and_conversions")]
    operations = [
        migrations.RunPython(former.lift_triggers, migrations.RunPython.noop),
        migrations.AddField(
            model_name="product",
            name="grants",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(plan="", then=models.Value("inspection_credit")),
                    default=models.Value("subscription"),
                ),
                output_field=models.CharField(
                    choices=[("inspection_credit", "Inspection Credit"), ("subscription", "Subscription")],
                    max_length=20,
                ),
            ),
        ),
        migrations.RunPython(former.set_triggers, migrations.RunPython.noop),
    ]
