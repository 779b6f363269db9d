"""Notify owners that their access to corrosion ends or has ended, and withdraw what is no longer true.

An owner may have several subscriptions and a grant by staff: only the last end among them ends the access.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from billing import notices
from billing.entitlements import entitlements
from billing.entitlements.entitlements import CorrosionEntitlement
from billing.models import Subscription
from billing.vocabulary import Provider, SubscriptionState
from notifications.notify import waiting_ids, withdraw
from notifications.vocabulary import KindName

_NOTIFIED_BEFORE: Final = timedelta(days=7)


def ending_subscriptions() -> list[UUID]:
    """Return the subscriptions that were cancelled and end within a week."""
    now = timezone.now()
    cancelled = Subscription.objects.filter(state=SubscriptionState.CANCELLED).exclude(provider=Provider.STAFF)
    soon = cancelled.filter(ends_at__gt=now, ends_at__lte=now + _NOTIFIED_BEFORE)
    return list(soon.values_list("pk", flat=True))


@transaction.atomic
def notify_of_end(subscription_id: UUID) -> None:
    """Notify that a cancelled subscription ends soon, once per end, unless the owner's access goes on without it."""
    owner_id = Subscription.objects.values_list("owner_id", flat=True).get(pk=subscription_id)
    entitlements.lock(owner_id)
    row = Subscription.objects.get(pk=subscription_id)
    if _ends_access(row, entitlements.corrosion_entitlement(row.owner_id)):
        notices.notify_of_end(row)


def notify_of_lapse(row: Subscription) -> None:
    """Notify that a subscription has ended, unless the owner has access without it. Runs under the owner's lock."""
    if not entitlements.corrosion_entitlement(row.owner_id).subscribed:
        notices.notify_of_lapse(row)


def withdraw_untrue(owner_id: UUID) -> None:
    """Send no more notices of an end that is none, or not the end of the access. Runs under the owner's lock."""
    waiting = {
        kind: waiting_ids(recipient=owner_id, kind=kind, name="subscription_id")
        for kind in (KindName.SUBSCRIPTION_ENDING, KindName.SUBSCRIPTION_LAPSED)
    }
    if not any(waiting.values()):
        return
    access = entitlements.corrosion_entitlement(owner_id)
    own = list(Subscription.objects.filter(owner_id=owner_id))
    ended = [] if access.subscribed else [row for row in own if row.state == SubscriptionState.LAPSED]
    true = {
        KindName.SUBSCRIPTION_ENDING: {str(row.pk) for row in own if _ends_access(row, access)},
        KindName.SUBSCRIPTION_LAPSED: {str(row.pk) for row in ended},
    }
    for kind, ids in waiting.items():
        for subscription_id in ids - true[kind]:
            withdraw(recipient=owner_id, kinds=(kind,), about={"subscription_id": subscription_id})


def _ends_access(row: Subscription, access: CorrosionEntitlement) -> bool:
    """Return whether the owner's access ends with this subscription, which was cancelled."""
    is_cancelled = row.state == SubscriptionState.CANCELLED
    return is_cancelled and access.ends_at is not None and access.ends_at <= row.ends_at
