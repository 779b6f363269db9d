from django.db import migrations, models

from maretech.common.database.online import AddIndexOnline

OF_TIMELINES = models.Q(("in_timeline", True), ("state", "done"))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("corrosion", "0005_maintenance_and_superseded_answers")]
    operations = [
        AddIndexOnline(
            model_name="comparison",
            index=models.Index(condition=OF_TIMELINES, fields=["model_version"], name="timelines_by_model"),
        ),
        AddIndexOnline(
            model_name="comparison",
            index=models.Index(condition=OF_TIMELINES, fields=["rule_version"], name="timelines_by_rule"),
        ),
    ]
