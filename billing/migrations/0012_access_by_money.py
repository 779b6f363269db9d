"""What a subscription needs so that money decides: which is the owner's one, and what only an inquiry is about.

Columns that the release before does not write: what it writes meanwhile is settled by the next sweep.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0011_an_address_leaves_a_dispute")]

    operations = [
        migrations.AddField(
            model_name="dispute",
            name="is_inquiry",
            field=models.BooleanField(
                db_default=False, default=False, help_text="A question: no money is taken for it."
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="begins_subscription",
            field=models.BooleanField(
                db_default=False, default=False, help_text="A payment page on which a subscription is bought."
            ),
        ),
        migrations.AlterField(
            model_name="order",
            name="refund_asked_at",
            field=models.DateTimeField(blank=True, help_text="When it was called off.", null=True),
        ),
        migrations.AddField(
            model_name="subscription",
            name="is_current",
            field=models.BooleanField(db_default=False, default=False, help_text="The owner's one live subscription."),
        ),
        migrations.AddField(
            model_name="subscription",
            name="surplus_at",
            field=models.DateTimeField(
                blank=True, help_text="Since when it is live beside the current one.", null=True
            ),
        ),
    ]
