from django.db import migrations, models

from maretech.common.database.online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inspections", "0010_inspections_have_vessels")]
    operations = [
        AddIndexOnline(
            model_name="inspection",
            index=models.Index(
                models.F("vessel"),
                models.F("mode"),
                models.OrderBy(models.F("created_at"), descending=True),
                name="inspections_of_a_vessel",
            ),
        ),
        AddIndexOnline(
            model_name="inspection",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True), ("vessel__isnull", True)),
                fields=["created_at"],
                name="inspections_without_vessel",
            ),
        ),
    ]
