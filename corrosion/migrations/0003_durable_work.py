import django.utils.timezone
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """`send_at` by the name that it has in every table of durable work. Column and index are unchanged."""

    dependencies = [("corrosion", "0002_judged_again")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(model_name="comparison", name="comparisons_to_send"),
                migrations.AlterField(
                    model_name="comparison",
                    name="send_at",
                    field=models.DateTimeField(
                        db_column="send_at",
                        default=django.utils.timezone.now,
                        help_text="When the worker may be told (again).",
                    ),
                ),
                migrations.RenameField(model_name="comparison", old_name="send_at", new_name="due_at"),
                migrations.AddIndex(
                    model_name="comparison",
                    index=models.Index(condition=Q(state="pending"), fields=["due_at"], name="comparisons_to_send"),
                ),
            ]
        )
    ]
