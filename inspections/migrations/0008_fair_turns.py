from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspections", "0007_pixels_of_a_policy")]
    operations = [
        migrations.AddField(
            model_name="inferencejob",
            name="turn",
            field=models.PositiveBigIntegerField(
                db_default=0, default=0, help_text="Its place among the unfinished jobs."
            ),
        ),
        migrations.AddField(model_name="mediaasset", name="check_lease", field=models.UUIDField(null=True)),
        migrations.AddField(
            model_name="mediaasset",
            name="check_lease_until",
            field=models.DateTimeField(help_text="No worker takes it before.", null=True),
        ),
        migrations.AddField(
            model_name="mediaasset",
            name="check_turn",
            field=models.PositiveBigIntegerField(help_text="Its place among the photos that await a check.", null=True),
        ),
    ]
