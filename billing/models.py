"""What an owner may use, and what they paid for it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from billing.choices import CreditKind, Plan, Store


class Entitlement(models.Model):
    """One row per owner. It is also the row that serialises everything that opens, takes or gives an allowance."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True)
    mock_osmosis_paid = models.BooleanField(default=False, help_text="A standing test pass for osmosis.")
    mock_subscription_active = models.BooleanField(default=False, help_text="A standing test corrosion subscription.")
    mock_plan = models.CharField(max_length=8, choices=Plan, blank=True)
    corrosion_free_used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(mock_subscription_active=False, mock_plan="")
                | Q(mock_subscription_active=True, mock_plan__in=Plan.values),
                name="an_active_subscription_has_a_plan",
            )
        ]

    def __str__(self) -> str:
        return f"Entitlement of {self.user_id}"


class StoreReceipt(models.Model):
    """A verified purchase in an app store. Its transaction belongs to whoever brought it first, for ever."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="store_receipts")
    verified_by = models.CharField(max_length=16)
    store = models.CharField(max_length=16, choices=Store)
    transaction_id = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["verified_by", "transaction_id"], name="one_receipt_per_store_transaction"),
            models.CheckConstraint(condition=~Q(transaction_id=""), name="a_receipt_names_its_transaction"),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.transaction_id}"


class CreditEntry(models.Model):
    """One movement of one osmosis credit. Rows are only ever added; `source` says what moved it.

    Available = grants - holds + given back; held = holds - spent - given back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="credit_entries")
    kind = models.CharField(max_length=16, choices=CreditKind)
    source = models.UUIDField(help_text="The receipt that granted it, or the inspection that took it.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "credit entries"
        indexes = [models.Index(fields=["owner", "kind"])]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CreditKind.values), name="credit_kind_is_known"),
            models.UniqueConstraint(
                fields=["source"], condition=Q(kind=CreditKind.GRANT), name="a_source_grants_one_credit"
            ),
            models.UniqueConstraint(
                fields=["source"], condition=Q(kind=CreditKind.HOLD), name="an_inspection_holds_one_credit"
            ),
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(kind__in=[CreditKind.SPEND, CreditKind.GIVE_BACK]),
                name="a_held_credit_is_settled_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source}"
