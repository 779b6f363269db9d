"""The release before deletes vessels, and knows no handovers: the database empties the references of finished ones.

A vessel in a handover that is under way stays: that release's deletion fails, and the one of an erasure is repeated.
"""

from django.db import migrations, models
from django.db.models import Q

from maretech.common.database.online import AddCheckOnline, FollowDeletionInDatabase


class Migration(migrations.Migration):
    dependencies = [("vessels", "0002_handovers")]
    operations = [
        AddCheckOnline(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=~Q(status__in=("initiated", "pending_codes", "disputed")) | Q(vessel__isnull=False),
                name="a_vessel_stays_while_it_is_in_a_handover",
            ),
        ),
        FollowDeletionInDatabase(model_name="handover", name="vessel", rule="SET NULL"),
    ]
