"""Credits that pass from one owner to another. What the release before writes stays valid.

Tables of the books change here, and SQLite rebuilds them: their triggers are lifted before, and set again after.
"""

from importlib import import_module

from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models import Q

from maretech.common.database.online import AddCheckOnline

former = import_module("billing.migrations.0016_quantities_tests_and_conversions")

ACCOUNTS = [
    ("cash", "cash at the providers"),
    ("bank", "cash in the bank"),
    ("unearned", "received, not yet earned"),
    ("revenue", "Revenue"),
    ("refunds", "refunds of what was earned"),
    ("disputed", "withdrawn by a dispute"),
    ("losses", "chargeback losses"),
    ("fees", "fees of the providers"),
    ("exchange", "exchanged between currencies"),
    ("payees_owed", "owed to payees"),
    ("payees_debt", "owed by payees"),
    ("payouts_in_transit", "on the way to payees"),
    ("credits_issued", "Credits Issued"),
    ("credits_available", "Credits Available"),
    ("credits_held", "Credits Held"),
    ("credits_spent", "Credits Spent"),
    ("credits_clearing", "credits between two owners"),
]
KINDS = [
    ("payment_hold", "payment captured: not yet earned"),
    ("release", "revenue recognised"),
    ("refund", "Refund"),
    ("refund_reversal", "Refund Reversal"),
    ("dispute_open", "Dispute Open"),
    ("dispute_close", "Dispute Close"),
    ("loss_booking", "Loss Booking"),
    ("provider_fee", "Provider Fee"),
    ("conversion", "conversion: settled in another currency"),
    ("payout", "Payout"),
    ("payout_failure", "Payout Failure"),
    ("payee_share", "payee's share of an order"),
    ("payee_payout", "payout to a payee, asked for"),
    ("payee_payout_failure", "Payee Payout Failure"),
    ("payee_transfer", "payout to a payee, sent"),
    ("payee_transfer_reversal", "Payee Transfer Reversal"),
    ("credit_grant", "Credit Grant"),
    ("credit_revoke", "Credit Revoke"),
    ("credit_hold", "Credit Hold"),
    ("credit_spend", "Credit Spend"),
    ("credit_give_back", "Credit Give Back"),
    ("credit_transfer_out", "credits paid to another owner"),
    ("credit_transfer_in", "credits received from another owner"),
]
CHECKS = (
    ("ledgerentry", "account", ACCOUNTS, "an_entry_is_of_a_known_account"),
    ("ledgertransaction", "kind", KINDS, "a_booking_is_of_a_known_kind"),
)


def replaced(model: str, field: str, choices: list[tuple[str, str]], name: str) -> list[Operation]:
    known = Q(**{f"{field}__in": [value for value, _ in choices]})
    return [
        migrations.AlterField(model_name=model, name=field, field=models.CharField(choices=choices, max_length=24)),
        migrations.RemoveConstraint(model_name=model, name=name),
        AddCheckOnline(model_name=model, constraint=models.CheckConstraint(condition=known, name=name)),
    ]


class Migration(migrations.Migration):
    dependencies = [("billing", "0022_known_entries_hold_for_every_row")]
    operations = [
        migrations.RunPython(former.lift_triggers, migrations.RunPython.noop),
        *(operation for check in CHECKS for operation in replaced(*check)),
        migrations.RunPython(former.set_triggers, migrations.RunPython.noop),
    ]
