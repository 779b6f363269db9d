"""Results of the reconciliation with the providers' records, for staff to settle."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from billing.vocabulary import FindingKind, PayoutState, Provider


class Reconciliation(models.Model):
    """The latest comparison of one day with one provider. Totals are per currency, in minor units."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.CharField(max_length=16, choices=Provider.choices())
    day = models.DateField()
    compared_at = models.DateTimeField()
    provider_totals = models.JSONField(default=dict)
    ledger_totals = models.JSONField(default=dict)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["provider", "day"], name="a_day_is_compared_in_one_row")]

    def __str__(self) -> str:
        return f"{self.provider} {self.day}"


class Finding(models.Model):
    """One reconciliation difference. Repeated comparisons store it once; staff close it by giving the cause."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.CharField(max_length=16, choices=Provider.choices())
    day = models.DateField()
    kind = models.CharField(max_length=16, choices=FindingKind.choices())
    ref = models.CharField(max_length=200, help_text="The provider's reference.")
    expected_minor = models.BigIntegerField(null=True, help_text="In the ledger.")
    found_minor = models.BigIntegerField(null=True, help_text="At the provider.")
    currency = models.CharField(max_length=3, blank=True)
    detail = models.CharField(max_length=300)
    found_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolution = models.CharField(max_length=1000, blank=True)

    class Meta:
        verbose_name = "reconciliation difference"
        indexes = [models.Index(fields=["settled_at", "day"])]
        constraints = [
            models.UniqueConstraint(fields=["provider", "kind", "ref"], name="a_finding_is_kept_once"),
            models.CheckConstraint(condition=Q(kind__in=FindingKind.values()), name="a_finding_is_of_a_known_kind"),
            models.CheckConstraint(
                condition=Q(settled_at=None, resolution="") | (Q(settled_at__isnull=False) & ~Q(resolution="")),
                name="a_settled_finding_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class Payout(models.Model):
    """A transfer of money from a provider to the bank. Only `billing.reconciliation` writes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.CharField(max_length=16, choices=Provider.choices())
    provider_ref = models.CharField(max_length=200)
    state = models.CharField(max_length=16, choices=PayoutState.choices())
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    arrives_on = models.DateField()
    created_at = models.DateTimeField(help_text="At the provider.")
    seen_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-arrives_on"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_ref"], name="a_payout_is_kept_once"),
            models.CheckConstraint(condition=Q(state__in=PayoutState.values()), name="a_payout_has_a_known_state"),
        ]

    def __str__(self) -> str:
        return f"Payout {self.provider_ref}"
