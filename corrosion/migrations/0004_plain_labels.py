import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """Help texts alone. No table changes."""

    dependencies = [("corrosion", "0003_durable_work")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="comparison",
                    name="model_version",
                    field=models.CharField(
                        blank=True,
                        help_text="The model that judged both sides; empty if no pixels were read.",
                        max_length=120,
                    ),
                ),
                migrations.AlterField(
                    model_name="comparison",
                    name="due_at",
                    field=models.DateTimeField(
                        db_column="send_at",
                        default=django.utils.timezone.now,
                        help_text="When the next message to a worker is due.",
                    ),
                ),
            ]
        )
    ]
