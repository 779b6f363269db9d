"""The rules by which a purchase needs a step-up, and the first of them. Staff change them."""

import uuid

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q

FAILED, NEW_DEVICE = "failed_payments", "new_device_and_high_amount"
# currency, amount in minor units. Without a currency: every other one, at any price.
FIRST_AMOUNTS = (("EUR", 50_000), ("GBP", 45_000), ("USD", 55_000), ("", 0))


def add_first_step_up_rules(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    StepUpRule = apps.get_model("billing", "StepUpRule")
    StepUpRule.objects.get_or_create(kind=FAILED, currency="", defaults={"failed_payments": 3, "window_days": 7})
    for currency, amount_minor in FIRST_AMOUNTS:
        values = {"device_age_hours": 24, "amount_minor": amount_minor}
        StepUpRule.objects.get_or_create(kind=NEW_DEVICE, currency=currency, defaults=values)


class Migration(migrations.Migration):
    dependencies = [("billing", "0024_credits_between_owners_hold_for_every_row")]
    operations = [
        migrations.CreateModel(
            name="StepUpRule",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[(FAILED, "several failed payments"), (NEW_DEVICE, "New Device And High Amount")],
                        max_length=32,
                    ),
                ),
                ("is_enabled", models.BooleanField(default=True, verbose_name="enabled")),
                ("failed_payments", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("window_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("device_age_hours", models.PositiveIntegerField(blank=True, null=True)),
                ("amount_minor", models.PositiveIntegerField(blank=True, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "step-up rule",
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "currency"), name="a_step_up_rule_is_written_once"),
                    models.CheckConstraint(
                        condition=Q(
                            kind=FAILED,
                            failed_payments__gte=1,
                            failed_payments__isnull=False,
                            window_days__gte=1,
                            window_days__isnull=False,
                            device_age_hours__isnull=True,
                            amount_minor__isnull=True,
                            currency="",
                        )
                        | Q(
                            kind=NEW_DEVICE,
                            failed_payments__isnull=True,
                            window_days__isnull=True,
                            device_age_hours__gte=1,
                            device_age_hours__isnull=False,
                            amount_minor__isnull=False,
                        ),
                        name="a_step_up_rule_has_the_numbers_of_its_kind",
                    ),
                    models.CheckConstraint(
                        condition=Q(currency="") | Q(currency__regex="^[A-Z]{3}$"),
                        name="a_step_up_rule_has_a_known_currency",
                    ),
                ],
            },
        ),
        migrations.RunPython(add_first_step_up_rules, migrations.RunPython.noop),
    ]
