"""Reads the rows from before 0007, without blocking writers."""

from django.db import migrations

from maretech.common.database.online import ValidateCheckOnline

CHECKS = (
    ("notification", "a_notification_has_a_known_kind"),
    ("notification", "exactly_what_is_for_staff_has_no_recipient"),
    ("preference", "a_preference_has_a_known_kind"),
    ("preference", "what_must_be_known_is_not_switched"),
)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0007_appointments_decided")]
    operations = [ValidateCheckOnline(model_name=model, name=name) for model, name in CHECKS]
