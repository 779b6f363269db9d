"""Stop a letter that must not be posted any more: its dossier is revoked, its money withdrawn, or staff say so."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from billing.services.selling import lock_service_order
from dossiers.deliveries import transitions
from dossiers.deliveries.endings import end_unpaid, end_without_letter
from dossiers.models import Delivery, Dossier
from dossiers.tasks import send_letter
from dossiers.vocabulary import DeliveryChannel, DeliveryFailure, DeliveryStatus


def stop_letters(dossier: Dossier, reason: DeliveryFailure) -> None:
    """Stop the letters of a dossier. The caller holds the owner's lock."""
    under_way = dossier.deliveries.filter(channel=DeliveryChannel.POST, status__in=transitions.STOPPABLE)
    for delivery_id in under_way.order_by("pk").values_list("pk", flat=True):
        stop_letter(delivery_id, reason)


@transaction.atomic
def stop_letter(delivery_id: UUID, reason: DeliveryFailure) -> None:
    """Stop a letter: at once if its service was not asked yet, else by a worker, unless it is printed by then.

    The caller holds the owner's lock, or none. What is printed or has ended does not change. Idempotent.
    """
    order_id = Delivery.objects.values_list("order_id", flat=True).get(pk=delivery_id)
    if order_id is not None:
        lock_service_order(order_id)
    letter = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery_id)
    if letter.status == DeliveryStatus.CREATED:
        end_unpaid(letter)
    elif letter.status == DeliveryStatus.PAID and letter.handed_over_at is None:
        end_without_letter(letter, reason)
    elif letter.status in transitions.STOPPABLE:
        # The first reason stays: money that comes back does not undo another one.
        changes = {} if letter.stop_reason else {"stop_reason": reason}
        Delivery.objects.filter(pk=letter.pk).update(due_at=timezone.now(), attempts=0, **changes)
        send_letter(letter.pk)
