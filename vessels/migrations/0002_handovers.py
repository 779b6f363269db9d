import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("vessels", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("vessel_name", models.CharField(blank=True, help_text="When it was offered.", max_length=120)),
                (
                    "to_email",
                    models.EmailField(blank=True, help_text="The address that the seller typed.", max_length=254),
                ),
                ("credits", models.PositiveIntegerField(default=0, help_text="What the buyer pays the seller.")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("initiated", "Initiated"),
                            ("pending_codes", "awaits the second code"),
                            ("completed", "Completed"),
                            ("cancelled", "cancelled by the seller"),
                            ("declined", "declined by the buyer"),
                            ("expired", "Expired"),
                            ("failed", "failed: wrong codes"),
                            ("disputed", "Disputed"),
                            ("reversed", "Reversed"),
                        ],
                        default="initiated",
                        max_length=16,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                (
                    "invited_at",
                    models.DateTimeField(help_text="When an address without an account got its invitation.", null=True),
                ),
                (
                    "ended_at",
                    models.DateTimeField(help_text="When the offer ended without a change of owner.", null=True),
                ),
                ("completed_at", models.DateTimeField(null=True)),
                ("disputed_at", models.DateTimeField(null=True)),
                (
                    "disputed_by",
                    models.CharField(blank=True, choices=[("seller", "Seller"), ("buyer", "Buyer")], max_length=8),
                ),
                ("dispute_reason", models.CharField(blank=True, max_length=1000)),
                ("decided_at", models.DateTimeField(help_text="When the dispute was decided.", null=True)),
                ("moved", models.JSONField(default=dict)),
                ("former_details", models.JSONField(default=dict)),
                (
                    "buyer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers_as_buyer",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers_as_seller",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "vessel",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="handovers",
                        to="vessels.vessel",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "indexes": [
                    models.Index(
                        models.F("seller"),
                        models.OrderBy(models.F("created_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="handovers_of_a_seller",
                    ),
                    models.Index(
                        models.F("buyer"),
                        models.OrderBy(models.F("created_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="handovers_of_a_buyer",
                    ),
                    models.Index(
                        condition=models.Q(("status__in", ("initiated", "pending_codes"))),
                        fields=["expires_at"],
                        name="handovers_to_expire",
                    ),
                    models.Index(
                        condition=models.Q(("buyer__isnull", True), ("status__in", ("initiated", "pending_codes"))),
                        fields=["to_email"],
                        name="offers_to_an_address",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ("initiated", "pending_codes", "disputed"))),
                        fields=("vessel",),
                        name="a_vessel_is_in_one_handover_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("buyer__isnull", True),
                            models.Q(("buyer", models.F("seller")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_buys_from_themselves",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("credits__lte", 1000)), name="a_handover_costs_a_plausible_price"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("completed_at__isnull", True),
                                ("decided_at__isnull", True),
                                ("disputed_at__isnull", True),
                                ("ended_at__isnull", True),
                                ("status__in", ("initiated", "pending_codes")),
                            ),
                            models.Q(
                                ("completed_at__isnull", True),
                                ("decided_at__isnull", True),
                                ("disputed_at__isnull", True),
                                ("ended_at__isnull", False),
                                ("status__in", ("cancelled", "declined", "expired", "failed")),
                            ),
                            models.Q(
                                models.Q(
                                    models.Q(
                                        ("completed_at__isnull", False),
                                        ("decided_at__isnull", True),
                                        ("disputed_at__isnull", True),
                                        ("ended_at__isnull", True),
                                        ("status__in", ["completed"]),
                                    ),
                                    models.Q(
                                        ("completed_at__isnull", False),
                                        ("decided_at__isnull", True),
                                        ("disputed_at__isnull", False),
                                        ("ended_at__isnull", True),
                                        ("status__in", ["disputed"]),
                                    ),
                                    models.Q(
                                        ("completed_at__isnull", False),
                                        ("decided_at__isnull", False),
                                        ("disputed_at__isnull", False),
                                        ("ended_at__isnull", True),
                                        ("status__in", ["completed", "reversed"]),
                                    ),
                                    _connector="OR",
                                ),
                                ("buyer__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="handover_status_tells_its_times",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("dispute_reason", ""), ("disputed_at", None), ("disputed_by", "")),
                            models.Q(("disputed_at__isnull", False), ("disputed_by__in", ["seller", "buyer"])),
                            _connector="OR",
                        ),
                        name="a_dispute_of_a_handover_has_its_party",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoverCode",
            fields=[
                ("attempts", models.PositiveIntegerField(default=0)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("party", models.CharField(choices=[("seller", "Seller"), ("buyer", "Buyer")], max_length=8)),
                ("code_hash", models.CharField(blank=True, max_length=64)),
                ("sent_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0, help_text="Wrong ones.")),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="codes", to="vessels.handover"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at__isnull", True)), fields=["due_at"], name="handover_codes_to_mail"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("handover", "party"), name="one_code_per_party_of_a_handover"),
                    models.CheckConstraint(
                        condition=models.Q(("party__in", ["seller", "buyer"])), name="a_handover_has_two_parties"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code_hash", ""), _negated=True),
                            models.Q(("sent_at", None), ("used_at", None)),
                            _connector="OR",
                        ),
                        name="only_a_handover_code_that_was_made_is_sent_or_used",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoverEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "from_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("initiated", "Initiated"),
                            ("pending_codes", "awaits the second code"),
                            ("completed", "Completed"),
                            ("cancelled", "cancelled by the seller"),
                            ("declined", "declined by the buyer"),
                            ("expired", "Expired"),
                            ("failed", "failed: wrong codes"),
                            ("disputed", "Disputed"),
                            ("reversed", "Reversed"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "to_status",
                    models.CharField(
                        choices=[
                            ("initiated", "Initiated"),
                            ("pending_codes", "awaits the second code"),
                            ("completed", "Completed"),
                            ("cancelled", "cancelled by the seller"),
                            ("declined", "declined by the buyer"),
                            ("expired", "Expired"),
                            ("failed", "failed: wrong codes"),
                            ("disputed", "Disputed"),
                            ("reversed", "Reversed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("cause", models.CharField(max_length=200)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="vessels.handover"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("cause", ""), _negated=True), name="a_handover_changes_for_a_cause"
                    ),
                ],
            },
        ),
    ]
