"""Codes that open a session for some minutes, and the flags with which staff ask for them."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_web_push_subscriptions")]
    operations = [
        migrations.CreateModel(
            name="StepUp",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "channel",
                    models.CharField(choices=[("mail", "Mail"), ("authenticator", "authenticator app")], max_length=16),
                ),
                ("requested_at", models.DateTimeField()),
                ("code_hash", models.CharField(blank=True, max_length=64)),
                ("sent_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="step_ups", to="accounts.session"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="step_ups",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "step-up",
                "indexes": [
                    models.Index(fields=["session", "-requested_at"], name="newest_step_up_of_a_session"),
                    models.Index(
                        condition=Q(channel="mail", sent_at__isnull=True),
                        fields=["requested_at"],
                        name="step_up_codes_not_yet_sent",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(channel="mail")
                        & (
                            Q(code_hash="", expires_at__isnull=True, sent_at__isnull=True, used_at__isnull=True)
                            | (~Q(code_hash="") & Q(expires_at__isnull=False))
                        )
                        | Q(channel="authenticator", code_hash="", sent_at__isnull=True, expires_at__isnull=False),
                        name="only_a_step_up_code_that_was_made_is_sent_or_used",
                    ),
                    models.CheckConstraint(
                        condition=Q(used_at__isnull=True) | Q(tries__gte=1), name="a_step_up_is_used_by_a_try"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StepUpFlag",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("set_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "action",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="step_up_flag",
                        to="accounts.staffaction",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="step_up_flags",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "step-up flag",
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(lifted_at__isnull=True), fields=("user",), name="an_account_has_one_step_up_flag"
                    ),
                    models.CheckConstraint(
                        condition=Q(lifted_at__isnull=True) | Q(lifted_at__gte=F("set_at")),
                        name="a_step_up_flag_is_lifted_after_it_is_set",
                    ),
                ],
            },
        ),
    ]
