"""Of two answers of a store about an order, the one that was requested later counts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0008_providers_and_subscriptions")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="asked_at",
            field=models.DateTimeField(
                blank=True, help_text="When its store was asked: what was asked later counts.", null=True
            ),
        ),
    ]
