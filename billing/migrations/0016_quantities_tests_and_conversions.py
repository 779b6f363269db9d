"""Several of a product in one order, test purchases of the stores, and money that is settled in another currency.

Tables of the books change here, and SQLite rebuilds them: their triggers are lifted before, and set again after.
"""

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_lifted: list[str] = []


def lift_triggers(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _lifted.clear()
    if schema_editor.connection.vendor == "sqlite":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'billing\\_%' ESCAPE '\\'"
            )
            for name, statement in cursor.fetchall():
                _lifted.append(statement)
                cursor.execute(f"DROP TRIGGER {name}")


def set_triggers(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _lifted:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0015_entries_wait_for_the_seal"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(lift_triggers, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name="ledgerentry",
            name="an_entry_is_of_a_known_account",
        ),
        migrations.RemoveConstraint(
            model_name="ledgertransaction",
            name="a_booking_is_of_a_known_kind",
        ),
        migrations.AddField(
            model_name="order",
            name="delivered",
            field=models.PositiveIntegerField(db_default=0, default=0, help_text="How many of them were used."),
        ),
        migrations.AddField(
            model_name="order",
            name="is_test",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="A test purchase of its store: it costs and books no money.",
                verbose_name="test",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="quantity",
            field=models.PositiveIntegerField(db_default=1, default=1, help_text="How many of the product."),
        ),
        migrations.AddField(
            model_name="subscription",
            name="is_test",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="A test purchase of its store: it gives access for no money.",
                verbose_name="test",
            ),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="account",
            field=models.CharField(
                choices=[
                    ("cash", "cash at the providers"),
                    ("bank", "cash in the bank"),
                    ("unearned", "received, not yet earned"),
                    ("revenue", "Revenue"),
                    ("refunds", "refunds of what was earned"),
                    ("disputed", "withdrawn by a dispute"),
                    ("losses", "Losses"),
                    ("fees", "fees of the providers"),
                    ("exchange", "exchanged between currencies"),
                    ("credits_issued", "Credits Issued"),
                    ("credits_available", "Credits Available"),
                    ("credits_held", "Credits Held"),
                    ("credits_spent", "Credits Spent"),
                ],
                max_length=24,
            ),
        ),
        migrations.AlterField(
            model_name="ledgertransaction",
            name="kind",
            field=models.CharField(
                choices=[
                    ("payment_hold", "payment hold: received, not yet earned"),
                    ("release", "release: earned"),
                    ("refund", "Refund"),
                    ("refund_reversal", "Refund Reversal"),
                    ("dispute_open", "Dispute Open"),
                    ("dispute_close", "Dispute Close"),
                    ("loss_booking", "Loss Booking"),
                    ("provider_fee", "Provider Fee"),
                    ("conversion", "conversion: settled in another currency"),
                    ("payout", "Payout"),
                    ("payout_failure", "Payout Failure"),
                    ("credit_grant", "Credit Grant"),
                    ("credit_revoke", "Credit Revoke"),
                    ("credit_hold", "Credit Hold"),
                    ("credit_spend", "Credit Spend"),
                    ("credit_give_back", "Credit Give Back"),
                ],
                max_length=24,
            ),
        ),
        migrations.AlterField(
            model_name="order",
            name="price_minor",
            field=models.PositiveIntegerField(help_text="Of all of them together."),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "account__in",
                        [
                            "cash",
                            "bank",
                            "unearned",
                            "revenue",
                            "refunds",
                            "disputed",
                            "losses",
                            "fees",
                            "exchange",
                            "credits_issued",
                            "credits_available",
                            "credits_held",
                            "credits_spent",
                        ],
                    )
                ),
                name="an_entry_is_of_a_known_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgertransaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "payment_hold",
                            "release",
                            "refund",
                            "refund_reversal",
                            "dispute_open",
                            "dispute_close",
                            "loss_booking",
                            "provider_fee",
                            "conversion",
                            "payout",
                            "payout_failure",
                            "credit_grant",
                            "credit_revoke",
                            "credit_hold",
                            "credit_spend",
                            "credit_give_back",
                        ],
                    )
                ),
                name="a_booking_is_of_a_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 1)), name="an_order_is_of_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("delivered__lte", models.F("quantity"))),
                name="no_more_is_delivered_than_was_bought",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_test", False), ("price_minor", 0), _connector="OR"),
                name="a_test_purchase_costs_nothing",
            ),
        ),
        migrations.RunPython(set_triggers, migrations.RunPython.noop),
    ]
