"""What is on sale at first. Staff change it by new versions."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# code, plan, price in minor units, hours to cancel while unused
FIRST = (
    ("osmosis_inspection", "", 4900, 48),
    ("corrosion_monthly", "monthly", 990, 48),
    ("corrosion_yearly", "yearly", 9900, 48),
)


def add_first_products(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    product = apps.get_model("billing", "Product")
    for code, plan, price_minor, hours in FIRST:
        values = {"plan": plan, "price_minor": price_minor, "currency": "EUR", "cancel_within_hours": hours}
        product.objects.get_or_create(code=code, version=1, defaults=values | {"on_sale": True})


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_sealed_books")]
    operations = [migrations.RunPython(add_first_products, migrations.RunPython.noop)]
