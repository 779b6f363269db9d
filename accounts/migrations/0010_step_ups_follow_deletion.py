"""The release before deletes sessions of erased accounts, and knows no step-ups: the database deletes those."""

from django.db import migrations

from maretech.common.database.online import FollowDeletionInDatabase


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_step_ups")]
    operations = [FollowDeletionInDatabase(model_name="stepup", name="session", rule="CASCADE")]
