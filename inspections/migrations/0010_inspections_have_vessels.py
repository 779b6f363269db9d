import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The release before writes rows without a vessel."""

    dependencies = [("inspections", "0009_fair_turns_are_found_at_once"), ("vessels", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="inspection",
            name="vessel",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="inspections",
                to="vessels.vessel",
            ),
        ),
    ]
