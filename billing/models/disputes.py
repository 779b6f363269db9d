"""Payments that a buyer's bank contests, and the steps that staff take."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from billing.models.orders import Order
from billing.vocabulary import DisputeState, Provider


class Dispute(models.Model):
    """One dispute with its deadlines. Only `disputes.cases` writes it; `billing.orders` posts its effect."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="disputes")
    provider = models.CharField(max_length=16, choices=Provider.choices())
    provider_ref = models.CharField(max_length=500)
    state = models.CharField(max_length=8, choices=DisputeState.choices(), default=DisputeState.OPEN)
    is_inquiry = models.BooleanField(
        default=False, db_default=False, help_text="A question from the bank: it takes no money."
    )
    reason = models.CharField(max_length=100, blank=True, help_text="The reason that the provider gives.")
    amount_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    opened_at = models.DateTimeField(auto_now_add=True)
    acknowledge_by = models.DateTimeField()
    triage_by = models.DateTimeField()
    resolve_by = models.DateTimeField(help_text="The provider's deadline for evidence, where it has one.")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    triaged_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(
        null=True, blank=True, help_text="Staff submitted evidence then, or gave the dispute up."
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="disputes_to_handle"
    )
    is_escalated = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["state", "resolve_by"])]
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_ref"], name="a_dispute_is_kept_once"),
            models.CheckConstraint(condition=~Q(provider_ref=""), name="a_dispute_has_its_providers_name"),
            models.CheckConstraint(condition=Q(amount_minor__gte=1), name="a_dispute_is_about_something"),
            models.CheckConstraint(
                condition=Q(state=DisputeState.OPEN, closed_at=None)
                | Q(state__in=[DisputeState.WON, DisputeState.LOST], closed_at__isnull=False),
                name="a_closed_dispute_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Dispute {self.provider_ref}"


class DisputeStep(models.Model):
    """One step and its result. Rows are append-only; staff is null for an automatic step."""

    id = models.BigAutoField(primary_key=True)
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="steps")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=32)
    note = models.CharField(max_length=1000)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(note=""), name="a_step_says_what_was_done")]

    def __str__(self) -> str:
        return self.what


class DisputeExplanation(models.Model):
    """What the owner of a disputed payment explains to staff. Append-only; empty once erased."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="explanations")
    text = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"explanation of {self.created_at:%Y-%m-%d}"
