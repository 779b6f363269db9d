"""Entitlements of an owner."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from billing.vocabulary import Plan


class UsedFreeInspection(models.Model):
    """Keyed hash of an address that used its free corrosion inspection. It identifies no person and is kept forever."""

    address_hash = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.address_hash


class Entitlement(models.Model):
    """One row per owner. Its lock serialises everything that opens, takes or gives an entitlement."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True)
    mock_osmosis_paid = models.BooleanField(default=False, help_text="A standing test pass for osmosis.")
    mock_subscription_active = models.BooleanField(default=False, help_text="A standing test corrosion subscription.")
    mock_plan = models.CharField(max_length=8, choices=Plan.choices(), blank=True)
    corrosion_free_used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(mock_subscription_active=False, mock_plan="")
                | Q(mock_subscription_active=True, mock_plan__in=Plan.values()),
                name="an_active_subscription_has_a_plan",
            )
        ]

    def __str__(self) -> str:
        return f"Entitlement of {self.user_id}"
