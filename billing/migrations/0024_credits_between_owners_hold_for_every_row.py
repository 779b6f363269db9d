"""Reads the rows from before 0023, without blocking writers."""

from django.db import migrations

from maretech.common.database.online import ValidateCheckOnline

CHECKS = (
    ("ledgerentry", "an_entry_is_of_a_known_account"),
    ("ledgertransaction", "a_booking_is_of_a_known_kind"),
)


class Migration(migrations.Migration):
    dependencies = [("billing", "0023_credits_between_owners")]
    operations = [ValidateCheckOnline(model_name=model, name=name) for model, name in CHECKS]
