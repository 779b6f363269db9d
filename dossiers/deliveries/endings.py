"""How a letter ends for its money: what is not posted is refunded, what is printed is earned.

The owner is locked first, then the order, then the letter, as in the hooks of billing.
"""

from typing import Final

import structlog
from django.db import transaction

from billing.services.selling import fulfil_service, lock_service_order, refund_service, release_service_order
from dossiers.deliveries import transitions
from dossiers.models import Delivery
from dossiers.vocabulary import DeliveryFailure

log = structlog.get_logger(__name__)

# The causes of the refund and of the revenue, once per order.
NOT_POSTED: Final = "letter not posted"
POSTED: Final = "letter posted"


@transaction.atomic
def end_unpaid(letter: Delivery) -> None:
    """created → expired. The page of its order is closed with the next poll; a payment until then is refunded."""
    if letter.order_id is not None:
        lock_service_order(letter.order_id)
    if transitions.expire(letter) and letter.order_id is not None:
        release_service_order(letter.order_id)


@transaction.atomic
def end_without_letter(letter: Delivery, reason: DeliveryFailure, *, error: str = "") -> bool:
    """paid, submitted or in transit → failed, and refunded. Call this only if no letter leaves, or none arrives.

    Returns False if the letter has moved since it was read.
    """
    if letter.order_id is not None:
        lock_service_order(letter.order_id)
    if not transitions.fail(letter, reason, error=error[:200]):
        return False
    log.warning("letter failed", delivery=str(letter.pk), reason=reason.value, error=error[:200])
    if letter.order_id is not None:
        refund_service(letter.order_id, cause=NOT_POSTED)
    return True


def earn(letter: Delivery) -> None:
    """Earn the money of a letter that was printed. Idempotent."""
    if letter.order_id is not None:
        fulfil_service(letter.order_id, cause=POSTED)
