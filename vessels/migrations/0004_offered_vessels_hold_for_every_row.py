"""Reads the handovers from before 0003, without blocking writers."""

from django.db import migrations

from maretech.common.database.online import ValidateCheckOnline


class Migration(migrations.Migration):
    dependencies = [("vessels", "0003_handovers_follow_deletion")]
    operations = [ValidateCheckOnline(model_name="handover", name="a_vessel_stays_while_it_is_in_a_handover")]
