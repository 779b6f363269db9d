from django.db import migrations, models

PROVIDERS = [
    ("mock", "Mock"),
    ("stripe", "Stripe"),
    ("app_store", "App Store"),
    ("play_store", "Play Store"),
    ("staff", "staff, without payment"),
]


class Migration(migrations.Migration):
    """Labels, help texts and the names of menus: no table, column or stored value changes."""

    dependencies = [("billing", "0018_durable_work")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelOptions(name="finding", options={"verbose_name": "reconciliation difference"}),
                migrations.AlterModelOptions(name="ledgerentry", options={"verbose_name": "posting"}),
                migrations.AlterModelOptions(
                    name="ledgertransaction",
                    options={"verbose_name": "journal entry", "verbose_name_plural": "journal entries"},
                ),
                migrations.AlterModelOptions(name="providerevent", options={"verbose_name": "webhook event"}),
                migrations.AlterField(
                    model_name="providerevent",
                    name="provider",
                    field=models.CharField(max_length=16, choices=PROVIDERS),
                ),
                migrations.AlterField(
                    model_name="providerevent",
                    name="about",
                    field=models.CharField(
                        max_length=16,
                        blank=True,
                        help_text="The kind of object to query: checkout, payment, and so on.",
                    ),
                ),
                migrations.AlterField(
                    model_name="providerevent",
                    name="ref",
                    field=models.CharField(
                        max_length=500, blank=True, help_text="The provider's reference of that object."
                    ),
                ),
                migrations.AlterField(
                    model_name="providerevent",
                    name="state",
                    field=models.CharField(
                        max_length=8,
                        choices=[("waiting", "Waiting"), ("done", "Done"), ("dead", "dead letter")],
                        default="waiting",
                    ),
                ),
                migrations.AlterField(
                    model_name="providerevent",
                    name="verdict",
                    field=models.CharField(max_length=100, help_text="How it was verified, and the outcome."),
                ),
                migrations.AlterField(
                    model_name="ledgertransaction",
                    name="kind",
                    field=models.CharField(
                        max_length=24,
                        choices=[
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
                            ("credit_grant", "Credit Grant"),
                            ("credit_revoke", "Credit Revoke"),
                            ("credit_hold", "Credit Hold"),
                            ("credit_spend", "Credit Spend"),
                            ("credit_give_back", "Credit Give Back"),
                        ],
                    ),
                ),
                migrations.AlterField(
                    model_name="ledgertransaction",
                    name="source",
                    field=models.CharField(max_length=300, help_text="Its cause: an order, an inspection or a refund."),
                ),
                migrations.AlterField(
                    model_name="ledgerentry",
                    name="account",
                    field=models.CharField(
                        max_length=24,
                        choices=[
                            ("cash", "cash at the providers"),
                            ("bank", "cash in the bank"),
                            ("unearned", "received, not yet earned"),
                            ("revenue", "Revenue"),
                            ("refunds", "refunds of what was earned"),
                            ("disputed", "withdrawn by a dispute"),
                            ("losses", "chargeback losses"),
                            ("fees", "fees of the providers"),
                            ("exchange", "exchanged between currencies"),
                            ("credits_issued", "Credits Issued"),
                            ("credits_available", "Credits Available"),
                            ("credits_held", "Credits Held"),
                            ("credits_spent", "Credits Spent"),
                        ],
                    ),
                ),
                migrations.AlterField(
                    model_name="ledgerentry",
                    name="unit",
                    field=models.CharField(max_length=10, help_text="A currency, or INSPECTION for credits."),
                ),
                migrations.AlterField(
                    model_name="reconciliation",
                    name="provider",
                    field=models.CharField(max_length=16, choices=PROVIDERS),
                ),
                migrations.AlterField(
                    model_name="finding",
                    name="provider",
                    field=models.CharField(max_length=16, choices=PROVIDERS),
                ),
                migrations.AlterField(
                    model_name="finding",
                    name="kind",
                    field=models.CharField(
                        max_length=16,
                        choices=[
                            ("missing_here", "missing in the ledger"),
                            ("missing_there", "missing at the provider"),
                            ("wrong_amount", "Wrong Amount"),
                            ("wrong_state", "Wrong State"),
                        ],
                    ),
                ),
                migrations.AlterField(
                    model_name="finding",
                    name="ref",
                    field=models.CharField(max_length=200, help_text="The provider's reference."),
                ),
                migrations.AlterField(
                    model_name="payout",
                    name="provider",
                    field=models.CharField(max_length=16, choices=PROVIDERS),
                ),
                migrations.AlterField(
                    model_name="order",
                    name="quantity",
                    field=models.PositiveIntegerField(default=1, db_default=1, help_text="Units bought."),
                ),
                migrations.AlterField(
                    model_name="order",
                    name="delivered",
                    field=models.PositiveIntegerField(default=0, db_default=0, help_text="Units used."),
                ),
                migrations.AlterField(
                    model_name="order",
                    name="price_minor",
                    field=models.PositiveIntegerField(help_text="Total of all units, in minor units of the currency."),
                ),
                migrations.AlterField(
                    model_name="order",
                    name="provider",
                    field=models.CharField(max_length=16, choices=PROVIDERS),
                ),
                migrations.AlterField(
                    model_name="order",
                    name="payment_ref",
                    field=models.CharField(
                        max_length=200, blank=True, help_text="The provider's reference of the payment."
                    ),
                ),
                migrations.AlterField(
                    model_name="order",
                    name="period_ends_at",
                    field=models.DateTimeField(
                        null=True, blank=True, help_text="End of the subscription period that it paid."
                    ),
                ),
                migrations.AlterField(
                    model_name="order",
                    name="begins_subscription",
                    field=models.BooleanField(
                        default=False, db_default=False, help_text="Its payment page sells a subscription."
                    ),
                ),
                migrations.AlterField(
                    model_name="order",
                    name="is_test",
                    field=models.BooleanField(
                        "test",
                        default=False,
                        db_default=False,
                        help_text="A test purchase in its store: no money was paid or posted.",
                    ),
                ),
                migrations.AlterField(
                    model_name="order",
                    name="look_at",
                    field=models.DateTimeField(null=True, blank=True, help_text="Next query of the provider."),
                ),
                migrations.AlterField(
                    model_name="order",
                    name="asked_at",
                    field=models.DateTimeField(
                        null=True,
                        blank=True,
                        help_text="Time of the store query that gave this state. A later query replaces it.",
                    ),
                ),
                migrations.AlterField(
                    model_name="order",
                    name="refund_asked_at",
                    field=models.DateTimeField(
                        null=True, blank=True, help_text="Time of the cancellation. A refund follows."
                    ),
                ),
                migrations.AlterField(
                    model_name="subscription",
                    name="provider",
                    field=models.CharField(max_length=16, choices=PROVIDERS),
                ),
                migrations.AlterField(
                    model_name="subscription",
                    name="is_test",
                    field=models.BooleanField(
                        "test",
                        default=False,
                        db_default=False,
                        help_text="A test purchase in its store: it gives access without money.",
                    ),
                ),
                migrations.AlterField(
                    model_name="subscription",
                    name="ends_at",
                    field=models.DateTimeField(help_text="Access ends then, unless it is renewed."),
                ),
                migrations.AlterField(
                    model_name="subscription",
                    name="asked_at",
                    field=models.DateTimeField(
                        help_text="Time of the provider query that gave this state. A later query replaces it."
                    ),
                ),
                migrations.AlterField(
                    model_name="subscription",
                    name="surplus_at",
                    field=models.DateTimeField(
                        null=True, blank=True, help_text="Since then it is live beside the current one."
                    ),
                ),
                migrations.AlterField(
                    model_name="dispute",
                    name="provider",
                    field=models.CharField(max_length=16, choices=PROVIDERS),
                ),
                migrations.AlterField(
                    model_name="dispute",
                    name="is_inquiry",
                    field=models.BooleanField(
                        default=False, db_default=False, help_text="A question from the bank: it takes no money."
                    ),
                ),
                migrations.AlterField(
                    model_name="dispute",
                    name="reason",
                    field=models.CharField(max_length=100, blank=True, help_text="The reason that the provider gives."),
                ),
                migrations.AlterField(
                    model_name="dispute",
                    name="answered_at",
                    field=models.DateTimeField(
                        null=True, blank=True, help_text="Staff submitted evidence then, or gave the dispute up."
                    ),
                ),
                migrations.AlterField(
                    model_name="product",
                    name="plan",
                    field=models.CharField(
                        max_length=8,
                        choices=[("monthly", "Monthly"), ("yearly", "Yearly")],
                        blank=True,
                        help_text="Period of a subscription.",
                    ),
                ),
                migrations.AlterField(
                    model_name="product",
                    name="cancel_within_hours",
                    field=models.PositiveIntegerField(
                        help_text="Hours after payment in which an unused purchase can be cancelled; 0 for never."
                    ),
                ),
            ]
        )
    ]
