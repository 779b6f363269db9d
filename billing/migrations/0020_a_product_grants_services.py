"""Products that are services of the apps above, and what they grant.

A generated column does not change: it is dropped and added again, in one transaction, on a table of a few rows. The
release before sells none of these products, and reads `service` as neither a credit nor a subscription.
SQLite rebuilds the table: its triggers are lifted before, and set again after.
"""

from importlib import import_module

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q

former = import_module("billing.migrations.0016_quantities_tests_and_conversions")

CODES = ["osmosis_inspection", "corrosion_monthly", "corrosion_yearly", "dossier_by_post", "appointment"]
SERVICES = ("dossier_by_post", "appointment")
# code, price in minor units; 0 if the price comes with each order
FIRST = (("dossier_by_post", 1490), ("appointment", 0))


def add_first_services(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    product = apps.get_model("billing", "Product")
    for code, price_minor in FIRST:
        values = {"plan": "", "price_minor": price_minor, "currency": "EUR", "cancel_within_hours": 0}
        product.objects.get_or_create(code=code, version=1, defaults=values | {"on_sale": True})


def replaced(name: str, condition: Q) -> list[migrations.operations.base.Operation]:
    constraint = models.CheckConstraint(condition=condition, name=name)
    return [
        migrations.RemoveConstraint(model_name="product", name=name),
        migrations.AddConstraint(model_name="product", constraint=constraint),
    ]


class Migration(migrations.Migration):
    dependencies = [("billing", "0019_plain_labels")]
    operations = [
        migrations.RunPython(former.lift_triggers, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="product",
            name="code",
            field=models.CharField(choices=[(code, code.replace("_", " ").title()) for code in CODES], max_length=32),
        ),
        migrations.AlterField(
            model_name="product",
            name="price_minor",
            field=models.PositiveIntegerField(help_text="0 if the price comes with each order."),
        ),
        *replaced("a_product_is_known", Q(code__in=CODES)),
        *replaced(
            "a_product_has_a_price",
            (Q(price_minor__gte=1) & ~Q(code__in=("appointment",))) | Q(code__in=("appointment",), price_minor=0),
        ),
        *replaced(
            "a_product_has_its_own_plan",
            Q(code="osmosis_inspection", plan="")
            | Q(code="corrosion_monthly", plan="monthly")
            | Q(code="corrosion_yearly", plan="yearly")
            | Q(code__in=SERVICES, plan=""),
        ),
        migrations.RemoveField(model_name="product", name="grants"),
        migrations.AddField(
            model_name="product",
            name="grants",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(code__in=SERVICES, then=models.Value("service")),
                    models.When(plan="", then=models.Value("inspection_credit")),
                    default=models.Value("subscription"),
                ),
                output_field=models.CharField(
                    choices=[
                        ("inspection_credit", "Inspection Credit"),
                        ("subscription", "Subscription"),
                        ("service", "Service"),
                    ],
                    max_length=20,
                ),
            ),
        ),
        migrations.RunPython(former.set_triggers, migrations.RunPython.noop),
        migrations.RunPython(add_first_services, migrations.RunPython.noop),
    ]
