from django.db import migrations, models

from maretech.common.database.online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inspections", "0005_missing_objects_and_handed_back_attempts")]
    operations = [
        AddIndexOnline(
            model_name="inferencejob",
            index=models.Index(
                condition=models.Q(("finished_at__isnull", False)), fields=["finished_at"], name="jobs_by_their_end"
            ),
        ),
        AddIndexOnline(
            model_name="jobattempt",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", False)), fields=["ended_at"], name="attempts_by_their_end"
            ),
        ),
    ]
