"""Refunds that we owe, payees with their shares and payouts, and what the ledger calls their money.

What the release before writes stays valid. SQLite rebuilds the tables of the books: their triggers are lifted before,
and set again after.
"""

import uuid
from importlib import import_module

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

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
]
PROVIDERS = [
    ("mock", "Mock"),
    ("stripe", "Stripe"),
    ("app_store", "App Store"),
    ("play_store", "Play Store"),
    ("staff", "staff, without payment"),
]
PAYOUT_STATES = ["scheduled", "sending", "paid", "settled", "failed", "cancelled"]
REFUND_STATES = ["open", "done", "dropped", "failed"]


def titled(values: list[str]) -> list[tuple[str, str]]:
    return [(value, value.title()) for value in values]


def key_of_row() -> models.UUIDField:
    return models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)


def reference(to: str, related_name: str, kind: type = models.ForeignKey) -> models.ForeignKey:
    return kind(on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=to)


def durable() -> list[tuple[str, models.Field]]:
    return [
        ("attempts", models.PositiveIntegerField(default=0)),
        ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
    ]


def known(
    model: str, field: str, name: str, values: list[tuple[str, str]]
) -> list[migrations.operations.base.Operation]:
    """Replace the check of a ledger table, for what is written from now on."""
    condition = Q(**{f"{field}__in": [value for value, _ in values]})
    return [
        migrations.RemoveConstraint(model_name=model, name=name),
        migrations.AlterField(model_name=model, name=field, field=models.CharField(choices=values, max_length=24)),
        AddCheckOnline(model_name=model, constraint=models.CheckConstraint(condition=condition, name=name)),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0020_a_product_grants_services"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(former.lift_triggers, migrations.RunPython.noop),
        *known("ledgerentry", "account", "an_entry_is_of_a_known_account", ACCOUNTS),
        *known("ledgertransaction", "kind", "a_booking_is_of_a_known_kind", KINDS),
        migrations.RunPython(former.set_triggers, migrations.RunPython.noop),
        migrations.AddField(
            model_name="order",
            name="accepted_at",
            field=models.DateTimeField(
                blank=True, help_text="Of a service: the app that gives it has taken the payment.", null=True
            ),
        ),
        migrations.CreateModel(
            name="RefundRequest",
            fields=[
                *durable(),
                ("id", key_of_row()),
                ("order", reference("billing.order", "refund_requests")),
                ("amount_minor", models.PositiveIntegerField()),
                (
                    "cause",
                    models.CharField(help_text="A second request for the same cause has no effect.", max_length=200),
                ),
                (
                    "state",
                    models.CharField(choices=titled(REFUND_STATES), db_index=True, default="open", max_length=8),
                ),
                (
                    "refund_ref",
                    models.CharField(blank=True, help_text="The provider's reference of the refund.", max_length=200),
                ),
                (
                    "error",
                    models.CharField(blank=True, help_text="Why the provider refused it last.", max_length=300),
                ),
                ("requested_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(amount_minor__gte=1), name="a_refund_request_is_about_money"),
                    models.CheckConstraint(condition=~Q(cause=""), name="a_refund_is_requested_for_a_cause"),
                    models.UniqueConstraint(fields=("order", "cause"), name="a_cause_refunds_an_order_once"),
                    models.CheckConstraint(
                        condition=Q(state="open", ended_at=None)
                        | Q(state__in=["done", "dropped", "failed"], ended_at__isnull=False),
                        name="a_refund_request_that_ended_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=["done", "failed"]) | ~Q(refund_ref=""),
                        name="a_refund_that_was_made_has_its_providers_name",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Payee",
            fields=[
                ("id", key_of_row()),
                ("user", reference(settings.AUTH_USER_MODEL, "payee", models.OneToOneField)),
                (
                    "country",
                    models.CharField(help_text="Two letters, such as DE. Its business days count.", max_length=2),
                ),
                ("currency", models.CharField(max_length=3)),
                ("provider", models.CharField(choices=PROVIDERS, max_length=16)),
                (
                    "account_ref",
                    models.CharField(blank=True, help_text="The payee's account at the provider.", max_length=100),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="a_payee_has_a_country"),
                    models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="a_payee_has_a_currency"),
                    models.CheckConstraint(
                        condition=Q(provider__in=[value for value, _ in PROVIDERS]),
                        name="a_payee_has_a_known_provider",
                    ),
                    models.UniqueConstraint(
                        condition=~Q(account_ref=""),
                        fields=("provider", "account_ref"),
                        name="an_account_belongs_to_one_payee",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="PayeeShare",
            fields=[
                ("id", key_of_row()),
                ("order", reference("billing.order", "share", models.OneToOneField)),
                ("payee", reference("billing.payee", "shares")),
                (
                    "fee_basis_points",
                    models.PositiveIntegerField(help_text="Our part of the price, in hundredths of a per cent."),
                ),
                (
                    "blocked_at",
                    models.DateTimeField(
                        blank=True, help_text="Since then an open complaint keeps its payout back.", null=True
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(fee_basis_points__lte=10000), name="a_fee_is_a_part_of_the_price"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="PayeePayout",
            fields=[
                *durable(),
                ("id", key_of_row()),
                ("share", reference("billing.payeeshare", "payouts")),
                ("payee", reference("billing.payee", "payouts")),
                (
                    "state",
                    models.CharField(choices=titled(PAYOUT_STATES), db_index=True, default="scheduled", max_length=16),
                ),
                ("amount_minor", models.PositiveIntegerField(help_text="Owed for the order, before debts.")),
                (
                    "netted_minor",
                    models.PositiveIntegerField(default=0, help_text="Kept back for debts of the payee."),
                ),
                ("currency", models.CharField(max_length=3)),
                ("scheduled_for", models.DateField()),
                ("settles_by", models.DateField(help_text="The day by which it should have arrived.")),
                (
                    "provider_ref",
                    models.CharField(blank=True, help_text="The provider's reference of the transfer.", max_length=200),
                ),
                ("reason", models.CharField(blank=True, help_text="Why it failed.", max_length=300)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("paid_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("failed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "payout to a payee",
                "verbose_name_plural": "payouts to payees",
                "indexes": [
                    models.Index(fields=["payee", "created_at", "id"], name="billing_pay_payee_i_dc33af_idx"),
                    models.Index(fields=["paid_at"], name="billing_pay_paid_at_796438_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=PAYOUT_STATES), name="a_payees_payout_has_a_known_state"
                    ),
                    models.CheckConstraint(
                        condition=Q(netted_minor__lte=F("amount_minor")), name="no_more_is_netted_than_is_paid_out"
                    ),
                    models.CheckConstraint(
                        condition=Q(settles_by__gt=F("scheduled_for")), name="a_payout_settles_after_it_was_sent"
                    ),
                    models.UniqueConstraint(
                        condition=Q(state="scheduled"), fields=("share",), name="a_share_has_one_scheduled_payout"
                    ),
                    models.UniqueConstraint(
                        condition=~Q(provider_ref=""), fields=("provider_ref",), name="a_transfer_is_one_payout"
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=("paid", "settled"))
                        | Q(paid_at__isnull=False) & ~Q(provider_ref="")
                        | Q(state="settled", netted_minor=F("amount_minor")),
                        name="what_was_paid_out_names_its_transfer",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="settled", settled_at__isnull=False) | ~Q(state="settled"),
                        name="a_settled_payout_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=(Q(state="failed", failed_at__isnull=False) & ~Q(reason=""))
                        | (~Q(state="failed") & Q(failed_at=None, reason="")),
                        name="exactly_a_failed_payout_says_why",
                    ),
                ],
            },
        ),
    ]
