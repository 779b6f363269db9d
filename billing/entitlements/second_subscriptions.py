"""Findings about second subscriptions, stored with the reconciliation differences."""

from typing import Final

from django.utils import timezone

from billing.models import Finding, Subscription
from billing.notices import tell_staff_of_second_subscription
from billing.provider_registry import can
from billing.providers.capabilities import Can
from billing.vocabulary import FindingKind

SECOND_SUBSCRIPTION: Final = "second-subscription:"


def record_surplus_finding(second: Subscription, *, beside: Subscription, event_id: int) -> None:
    """Create a finding for a surplus subscription and notify staff, once per event in which it became surplus.

    The finding contains our ids only: a store's reference may be a key to the purchase. Runs in the caller's
    transaction.
    """
    outcome = "A payment that has just arrived is refunded; an older one is not."
    if not can(second.provider, Can.END):
        outcome = "Only the store can end and refund it: write to the owner."
    found = Finding(
        provider=second.provider,
        day=timezone.now().date(),
        kind=FindingKind.WRONG_STATE,
        ref=f"{SECOND_SUBSCRIPTION}{second.pk}/{event_id}",
        detail=f"Subscription {second.pk} is live beside {beside.pk} ({beside.provider}, {beside.plan}). {outcome}",
    )
    Finding.objects.bulk_create([found], ignore_conflicts=True)
    if Finding.objects.filter(pk=found.pk).exists():
        tell_staff_of_second_subscription(found)
