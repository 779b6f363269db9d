"""The transition table of deliveries, and the only writer of their status.

A letter is paid for, submitted to its provider, and moved by the provider's webhook. A mail is submitted to the mail
server, and delivered once its link is opened. Each change is a compare-and-set: a repeated report changes nothing.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from dossiers.models import Delivery, Share
from dossiers.vocabulary import DeliveryFailure, DeliveryStatus
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
_NOTICES: Final[Mapping[str, KindName]] = {
    DeliveryStatus.DELIVERED: KindName.DOSSIER_DELIVERED,
    DeliveryStatus.RETURNED: KindName.DOSSIER_DELIVERY_FAILED,
    DeliveryStatus.FAILED: KindName.DOSSIER_DELIVERY_FAILED,
}


class TransitionRefused(Exception):
    """This transition is not allowed."""


@transaction.atomic
def submit(delivery: Delivery, *, provider_ref: str = "") -> bool:
    """created (a mail) or paid (a letter) → submitted; → delivered at once if the link was opened already."""
    is_submitted = _move(delivery, DeliveryStatus.SUBMITTED, submitted_at=timezone.now(), provider_ref=provider_ref)
    if is_submitted and Share.objects.filter(delivery=delivery, views__gt=0).exists():
        deliver(delivery)
    return is_submitted


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
