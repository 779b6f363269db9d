import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """A default that only Python knows: the column is unchanged."""

    dependencies = [("billing", "0017_a_product_says_what_it_grants")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="providerevent",
                    name="due_at",
                    field=models.DateTimeField(default=django.utils.timezone.now),
                )
            ]
        )
    ]
