from django.db import migrations, models

from maretech.common.database.online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inspections", "0008_fair_turns")]
    operations = [
        AddIndexOnline(
            model_name="inferencejob",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "running"])),
                fields=["turn", "queued_at"],
                name="jobs_in_turn",
            ),
        ),
        AddIndexOnline(
            model_name="mediaasset",
            index=models.Index(
                condition=models.Q(("check_turn__isnull", False), ("state", "uploaded")),
                fields=["check_turn", "uploaded_at"],
                name="photos_in_turn",
            ),
        ),
        AddIndexOnline(
            model_name="mediaasset",
            index=models.Index(
                condition=models.Q(("check_lease__isnull", False)),
                fields=["check_lease_until"],
                name="photos_being_checked",
            ),
        ),
    ]
