"""The release before deletes vessels and inspections, and knows no dossiers: the database lets these follow."""

from django.db import migrations

from maretech.common.database.online import FollowDeletionInDatabase


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0003_letters_are_found_at_once")]
    operations = [
        FollowDeletionInDatabase(model_name="dossier", name="vessel", rule="SET NULL"),
        FollowDeletionInDatabase(model_name="dossierinspection", name="inspection", rule="CASCADE"),
    ]
