"""Reads the entries from before 0021, without blocking writers."""

from django.db import migrations

from maretech.common.database.online import ValidateCheckOnline


class Migration(migrations.Migration):
    dependencies = [("billing", "0021_services_and_payees")]
    operations = [
        ValidateCheckOnline(model_name="ledgerentry", name="an_entry_is_of_a_known_account"),
        ValidateCheckOnline(model_name="ledgertransaction", name="a_booking_is_of_a_known_kind"),
    ]
