"""Subscriptions, with the last state from their providers."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from billing.vocabulary import Plan, Provider, SubscriptionState


class Subscription(models.Model):
    """One subscription with one provider. Only `billing.entitlements.subscriptions` writes it.

    `provider_ref` is the provider's reference. It belongs to one owner at a time: a store knows its own customers, and
    a customer may subscribe again from another account of ours. `billing.entitlements.paid_periods` decides what it
    gives access to, which depends on its payment and on the provider's state.

    One of an owner's live subscriptions is `is_current`; each other one has `surplus_at` while it is live.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="subscriptions")
    provider = models.CharField(max_length=16, choices=Provider.choices())
    provider_ref = models.CharField(max_length=500)
    plan = models.CharField(max_length=8, choices=Plan.choices())
    state = models.CharField(max_length=16, choices=SubscriptionState.choices())
    is_test = models.BooleanField(
        "test",
        default=False,
        db_default=False,
        help_text="A test purchase in its store: it gives access without money.",
    )
    ends_at = models.DateTimeField(help_text="Access ends then, unless it is renewed.")
    asked_at = models.DateTimeField(
        help_text="Time of the provider query that gave this state. A later query replaces it."
    )
    is_current = models.BooleanField(default=False, db_default=False, help_text="The owner's one live subscription.")
    surplus_at = models.DateTimeField(null=True, blank=True, help_text="Since then it is live beside the current one.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "ends_at"]), models.Index(fields=["state", "ends_at"])]
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_ref"], name="a_subscription_belongs_to_one_owner"),
            models.UniqueConstraint(
                fields=["owner"], condition=Q(is_current=True), name="an_owner_has_one_current_subscription"
            ),
            models.CheckConstraint(condition=~Q(provider_ref=""), name="a_subscription_has_its_providers_name"),
            models.CheckConstraint(condition=Q(provider__in=Provider.values()), name="a_subscription_has_a_provider"),
            models.CheckConstraint(condition=Q(plan__in=Plan.values()), name="a_subscription_has_a_plan"),
            models.CheckConstraint(
                condition=Q(state__in=SubscriptionState.values()), name="a_subscription_has_a_known_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} subscription from {self.provider}"


class SubscriptionEvent(models.Model):
    """One change of a subscription. Rows are append-only."""

    id = models.BigAutoField(primary_key=True)
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="events")
    from_state = models.CharField(max_length=16, choices=SubscriptionState.choices(), blank=True)
    to_state = models.CharField(max_length=16, choices=SubscriptionState.choices())
    ends_at = models.DateTimeField()
    cause = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(cause=""), name="a_subscription_changes_for_a_cause")]

    def __str__(self) -> str:
        return f"{self.from_state or 'new'} → {self.to_state}"
