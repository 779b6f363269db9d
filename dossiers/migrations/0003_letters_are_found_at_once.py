"""Builds the indexes of letters, and reads the rows from before 0002, without blocking writers."""

from django.db import migrations, models

from maretech.common.database.online import AddIndexOnline, ValidateCheckOnline


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("dossiers", "0002_letters")]
    operations = [
        AddIndexOnline(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(channel="post", status__in=["created", "paid", "submitted", "in_transit"]),
                fields=["due_at"],
                name="letters_under_way",
            ),
        ),
        AddIndexOnline(
            model_name="delivery",
            index=models.Index(
                condition=~models.Q(provider_ref=""), fields=["provider_ref"], name="letters_of_a_service"
            ),
        ),
        ValidateCheckOnline(model_name="delivery", name="a_dossier_is_sent_to_one_recipient"),
    ]
