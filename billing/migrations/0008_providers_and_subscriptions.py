"""Providers' events, subscriptions and disputes, and the comparison of their books with ours.

The tables of the books change here, and SQLite rebuilds them: their triggers are lifted before, and set again after.
"""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

sealed_books = import_module("billing.migrations.0004_sealed_books")
ADDED_ONLY = {
    "billing_subscriptionevent": "the history of a subscription never changes",
    "billing_disputestep": "the log of a dispute never changes",
}


def lift_triggers(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'billing\\_%' ESCAPE '\\'"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")


def set_triggers(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    statements = sealed_books.TRIGGERS["sqlite"]() if vendor == "sqlite" else []
    for table, text in ADDED_ONLY.items():
        statements += sealed_books.SEALING[vendor](table, text)
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0007_without_credit_entries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(lift_triggers, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "provider",
                    models.CharField(
                        choices=[
                            ("mock", "Mock"),
                            ("stripe", "Stripe"),
                            ("app_store", "App Store"),
                            ("play_store", "Play Store"),
                            ("staff", "nobody: given by staff"),
                        ],
                        max_length=16,
                    ),
                ),
                ("provider_ref", models.CharField(max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost")], default="open", max_length=8
                    ),
                ),
                ("reason", models.CharField(blank=True, help_text="The provider's word for why.", max_length=100)),
                ("amount_minor", models.PositiveIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
                ("acknowledge_by", models.DateTimeField()),
                ("triage_by", models.DateTimeField()),
                (
                    "resolve_by",
                    models.DateTimeField(help_text="The provider's deadline for evidence, where it has one."),
                ),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("triaged_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, help_text="When evidence was handed in, or given up.", null=True),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("is_escalated", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "resolve_by"], name="billing_dis_state_6f4d62_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "provider_ref"), name="a_dispute_is_kept_once"),
                    models.CheckConstraint(
                        condition=models.Q(("provider_ref", ""), _negated=True), name="a_dispute_has_its_providers_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gte", 1)), name="a_dispute_is_about_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state", "open")),
                            models.Q(("closed_at__isnull", False), ("state__in", ["won", "lost"])),
                            _connector="OR",
                        ),
                        name="a_closed_dispute_has_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DisputeStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("what", models.CharField(max_length=32)),
                ("note", models.CharField(max_length=1000)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("note", ""), _negated=True), name="a_step_says_what_was_done"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "provider",
                    models.CharField(
                        choices=[
                            ("mock", "Mock"),
                            ("stripe", "Stripe"),
                            ("app_store", "App Store"),
                            ("play_store", "Play Store"),
                            ("staff", "nobody: given by staff"),
                        ],
                        max_length=16,
                    ),
                ),
                ("day", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("missing_here", "Missing Here"),
                            ("missing_there", "Missing There"),
                            ("wrong_amount", "Wrong Amount"),
                            ("wrong_state", "Wrong State"),
                        ],
                        max_length=16,
                    ),
                ),
                ("ref", models.CharField(help_text="The provider's name for it.", max_length=200)),
                ("expected_minor", models.BigIntegerField(help_text="In the ledger.", null=True)),
                ("found_minor", models.BigIntegerField(help_text="At the provider.", null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("detail", models.CharField(max_length=300)),
                ("found_at", models.DateTimeField(auto_now_add=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("resolution", models.CharField(blank=True, max_length=1000)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["settled_at", "day"], name="billing_fin_settled_b5dc7b_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "kind", "ref"), name="a_finding_is_kept_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["missing_here", "missing_there", "wrong_amount", "wrong_state"])
                        ),
                        name="a_finding_is_of_a_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolution", ""), ("settled_at", None)),
                            models.Q(("settled_at__isnull", False), models.Q(("resolution", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_settled_finding_says_how",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payout",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "provider",
                    models.CharField(
                        choices=[
                            ("mock", "Mock"),
                            ("stripe", "Stripe"),
                            ("app_store", "App Store"),
                            ("play_store", "Play Store"),
                            ("staff", "nobody: given by staff"),
                        ],
                        max_length=16,
                    ),
                ),
                ("provider_ref", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("scheduled", "Scheduled"),
                            ("paid", "Paid"),
                            ("settled", "Settled"),
                            ("failed", "Failed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("arrives_on", models.DateField()),
                ("created_at", models.DateTimeField(help_text="At the provider.")),
                ("seen_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ["-arrives_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "provider_ref"), name="a_payout_is_kept_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["scheduled", "paid", "settled", "failed"])),
                        name="a_payout_has_a_known_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProviderEvent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "provider",
                    models.CharField(
                        choices=[
                            ("mock", "Mock"),
                            ("stripe", "Stripe"),
                            ("app_store", "App Store"),
                            ("play_store", "Play Store"),
                            ("staff", "nobody: given by staff"),
                        ],
                        max_length=16,
                    ),
                ),
                ("event_id", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=100)),
                (
                    "about",
                    models.CharField(
                        blank=True, help_text="What to look at: a checkout, a payment, ...", max_length=16
                    ),
                ),
                ("ref", models.CharField(blank=True, help_text="The provider's name for that.", max_length=500)),
                ("body", models.BinaryField()),
                ("headers", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("done", "Done"), ("dead", "Dead")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("verdict", models.CharField(help_text="How it was verified.", max_length=100)),
                ("error", models.TextField(blank=True)),
                ("received_at", models.DateTimeField(auto_now_add=True)),
                ("due_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "due_at"], name="billing_pro_state_2cf6e9_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "event_id"), name="an_event_is_kept_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "done", "dead"])),
                        name="an_event_has_a_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("event_id", ""), _negated=True), name="an_event_has_an_id"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", False), ("state", "done")),
                            models.Q(("done_at", None), ("state__in", ["waiting", "dead"])),
                            _connector="OR",
                        ),
                        name="what_is_done_has_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "provider",
                    models.CharField(
                        choices=[
                            ("mock", "Mock"),
                            ("stripe", "Stripe"),
                            ("app_store", "App Store"),
                            ("play_store", "Play Store"),
                            ("staff", "nobody: given by staff"),
                        ],
                        max_length=16,
                    ),
                ),
                ("day", models.DateField()),
                ("compared_at", models.DateTimeField()),
                ("provider_totals", models.JSONField(default=dict)),
                ("ledger_totals", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ["-day"],
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "day"), name="a_day_is_compared_in_one_row"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "provider",
                    models.CharField(
                        choices=[
                            ("mock", "Mock"),
                            ("stripe", "Stripe"),
                            ("app_store", "App Store"),
                            ("play_store", "Play Store"),
                            ("staff", "nobody: given by staff"),
                        ],
                        max_length=16,
                    ),
                ),
                ("provider_ref", models.CharField(max_length=500)),
                ("plan", models.CharField(choices=[("monthly", "Monthly"), ("yearly", "Yearly")], max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("grace", "Grace"),
                            ("cancelled", "cancelled at period end"),
                            ("lapsed", "Lapsed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("ends_at", models.DateTimeField(help_text="When access ends, unless it is renewed.")),
                (
                    "asked_at",
                    models.DateTimeField(help_text="When the provider was asked: what was asked later counts."),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "ends_at"], name="billing_sub_state_192d4b_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("provider_ref", ""), _negated=True),
                        name="a_subscription_has_its_providers_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("provider__in", ["mock", "stripe", "app_store", "play_store", "staff"])),
                        name="a_subscription_has_a_provider",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("plan__in", ["monthly", "yearly"])), name="a_subscription_has_a_plan"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["active", "grace", "cancelled", "lapsed"])),
                        name="a_subscription_has_a_known_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubscriptionEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "from_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("active", "Active"),
                            ("grace", "Grace"),
                            ("cancelled", "cancelled at period end"),
                            ("lapsed", "Lapsed"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("grace", "Grace"),
                            ("cancelled", "cancelled at period end"),
                            ("lapsed", "Lapsed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("ends_at", models.DateTimeField()),
                ("cause", models.CharField(max_length=200)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="ledgerentry",
            name="an_entry_is_of_a_known_account",
        ),
        migrations.RemoveConstraint(
            model_name="ledgertransaction",
            name="a_booking_is_of_a_known_kind",
        ),
        migrations.RemoveConstraint(
            model_name="order",
            name="an_order_has_a_known_provider",
        ),
        migrations.AddField(
            model_name="order",
            name="look_at",
            field=models.DateTimeField(blank=True, help_text="When the provider is to be asked again.", null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="payment_ref",
            field=models.CharField(blank=True, help_text="The provider's name for the payment.", max_length=200),
        ),
        migrations.AddField(
            model_name="order",
            name="period_ends_at",
            field=models.DateTimeField(blank=True, help_text="Of the subscription's period it paid.", null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="refund_asked_at",
            field=models.DateTimeField(blank=True, help_text="When the owner called it off.", null=True),
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
            model_name="ledgertransaction",
            name="source",
            field=models.CharField(help_text="What made it so: an order, an inspection, a refund.", max_length=300),
        ),
        migrations.AlterField(
            model_name="order",
            name="provider",
            field=models.CharField(
                choices=[
                    ("mock", "Mock"),
                    ("stripe", "Stripe"),
                    ("app_store", "App Store"),
                    ("play_store", "Play Store"),
                    ("staff", "nobody: given by staff"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="order",
            name="provider_ref",
            field=models.CharField(blank=True, max_length=500),
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
            model_name="ledgertransaction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["dispute_close", "loss_booking"])),
                fields=("source",),
                name="a_dispute_is_closed_one_way",
            ),
        ),
        migrations.AddField(
            model_name="dispute",
            name="assignee",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="disputes_to_handle",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="dispute",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="disputes", to="billing.order"
            ),
        ),
        migrations.AddField(
            model_name="disputestep",
            name="dispute",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="billing.dispute"
            ),
        ),
        migrations.AddField(
            model_name="disputestep",
            name="staff",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="settled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="subscriptions", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="subscription",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="orders",
                to="billing.subscription",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["look_at"], name="billing_ord_look_at_d2e18d_idx"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["provider", "payment_ref"], name="billing_ord_provide_319ad7_idx"),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("provider__in", ["mock", "stripe", "app_store", "play_store", "staff"])),
                name="an_order_has_a_known_provider",
            ),
        ),
        migrations.AddField(
            model_name="subscriptionevent",
            name="subscription",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="events", to="billing.subscription"
            ),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(fields=["owner", "ends_at"], name="billing_sub_owner_i_7c03af_idx"),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                fields=("provider", "provider_ref"), name="a_subscription_belongs_to_one_owner"
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriptionevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("cause", ""), _negated=True), name="a_subscription_changes_for_a_cause"
            ),
        ),
        migrations.RunPython(set_triggers, migrations.RunPython.noop),
    ]
