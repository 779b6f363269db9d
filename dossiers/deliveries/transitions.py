"""The transition table of deliveries, and the only writer of their status.

A letter is paid for, submitted to its provider, and follows what the provider reports. A mail is submitted to the mail
server, and delivered once its link is opened. Each change is a compare-and-set: a repeated report changes nothing.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from dossiers.models import Delivery, Share
from dossiers.vocabulary import DeliveryChannel, DeliveryFailure, DeliveryStatus
from notifications.notify import notify
from notifications.vocabulary import KindName

TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    DeliveryStatus.CREATED: frozenset(
        {DeliveryStatus.PAID, DeliveryStatus.SUBMITTED, DeliveryStatus.FAILED, DeliveryStatus.EXPIRED}
    ),
    DeliveryStatus.PAID: frozenset({DeliveryStatus.SUBMITTED, DeliveryStatus.FAILED}),
    DeliveryStatus.SUBMITTED: frozenset(
        {DeliveryStatus.IN_TRANSIT, DeliveryStatus.DELIVERED, DeliveryStatus.RETURNED, DeliveryStatus.FAILED}
    ),
    DeliveryStatus.IN_TRANSIT: frozenset({DeliveryStatus.DELIVERED, DeliveryStatus.RETURNED, DeliveryStatus.FAILED}),
    DeliveryStatus.DELIVERED: frozenset(),
    DeliveryStatus.RETURNED: frozenset(),
    DeliveryStatus.FAILED: frozenset(),
    DeliveryStatus.EXPIRED: frozenset(),
}
ENDED: Final = tuple(status for status, following in TRANSITIONS.items() if not following)
# A letter in one of these is not printed yet, as far as we know.
STOPPABLE: Final = (DeliveryStatus.CREATED, DeliveryStatus.PAID, DeliveryStatus.SUBMITTED)
# How long a letter is left alone before its provider is asked where it is. Its webhook brings the news earlier.
FOLLOW_AFTER: Final = timedelta(days=1)
_NOTICES: Final[Mapping[str, KindName]] = {
    DeliveryStatus.DELIVERED: KindName.DOSSIER_DELIVERED,
    DeliveryStatus.RETURNED: KindName.DOSSIER_DELIVERY_FAILED,
    DeliveryStatus.FAILED: KindName.DOSSIER_DELIVERY_FAILED,
}


class TransitionRefused(Exception):
    """This transition is not allowed."""


def pay(letter: Delivery) -> bool:
    """created → paid."""
    now = timezone.now()
    return _move(letter, DeliveryStatus.PAID, paid_at=now, due_at=now, attempts=0)


def expire(letter: Delivery) -> bool:
    """created → expired: it was not paid in time, or is not wanted any more."""
    return _move(letter, DeliveryStatus.EXPIRED)


@transaction.atomic
def submit(delivery: Delivery, *, provider_ref: str = "") -> bool:
    """created (a mail) or paid (a letter) → submitted; → delivered at once if the link was opened already."""
    now = timezone.now()
    is_letter = delivery.channel == DeliveryChannel.POST
    next_look: dict[str, Any] = {"attempts": 0, "due_at": now + FOLLOW_AFTER} if is_letter else {}
    is_submitted = _move(delivery, DeliveryStatus.SUBMITTED, submitted_at=now, provider_ref=provider_ref, **next_look)
    if is_submitted and Share.objects.filter(delivery=delivery, views__gt=0).exists():
        deliver(delivery)
    if is_submitted and delivery.stop_reason:  # asked for before this row was locked
        Delivery.objects.filter(pk=delivery.pk).update(due_at=now)
    return is_submitted


def travel(letter: Delivery) -> bool:
    """submitted → in transit: the post has it."""
    return _move(letter, DeliveryStatus.IN_TRANSIT)


def deliver(delivery: Delivery) -> bool:
    """submitted or in transit → delivered. The owner is notified once."""
    return _move(delivery, DeliveryStatus.DELIVERED)


def return_to_sender(delivery: Delivery, reason: DeliveryFailure) -> bool:
    """submitted or in transit → returned. The owner is notified once."""
    return _move(delivery, DeliveryStatus.RETURNED, failure_reason=reason)


def fail(delivery: Delivery, reason: DeliveryFailure, *, error: str = "") -> bool:
    """any open status → failed. The owner is notified once."""
    return _move(delivery, DeliveryStatus.FAILED, failure_reason=reason, last_error=error)


@transaction.atomic
def _move(delivery: Delivery, to: DeliveryStatus, **changes: Any) -> bool:
    """Change the status, and notify. Returns False if the delivery has moved since it was read."""
    if to not in TRANSITIONS[delivery.status]:
        raise TransitionRefused(f"{delivery.status} → {to}")
    if to in ENDED:
        changes["ended_at"] = timezone.now()
        if delivery.channel == DeliveryChannel.POST:
            changes |= {"address": None, "stop_reason": ""}  # of no use any more
    if not Delivery.objects.filter(pk=delivery.pk, status=delivery.status).update(status=to, **changes):
        return False
    delivery.refresh_from_db()
    if to in _NOTICES:
        notify(
            kind=_NOTICES[to],
            recipient=delivery.dossier.owner_id,
            event_key=f"{_NOTICES[to]}:{delivery.pk}",
            data={"dossier_id": delivery.dossier_id},
        )
    return True
